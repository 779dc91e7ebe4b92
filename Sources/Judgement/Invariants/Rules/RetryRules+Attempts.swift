internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

/// When the requests of a run were asked and answered, on one line.
///
/// Built from the global log, whose order holds on every clock; the instants mean something on the
/// virtual one only.
struct WireTimeline {
    struct Entry {
        /// The place of the request in the log.
        var askedPlace: Int
        /// The place of the last step that was written; nil where none was.
        var stepPlace: Int?
        /// When the agent knew what became of it; nil where it waits to this day.
        var knownAt: SimInstant?
        /// The place of that in the log.
        var knownPlace: Int
    }

    let exchanges: [ExchangeRecord]
    /// One for each exchange.
    private(set) var entries: [Entry]

    init(_ conduct: Conduct) {
        exchanges = conduct.exchanges
        entries = exchanges.indices.map {
            Entry(askedPlace: $0, stepPlace: nil, knownAt: nil, knownPlace: $0)
        }
        var places: [ExchangeID: Int] = [:]
        for (place, exchange) in exchanges.enumerated() { places[exchange.id] = place }
        for (place, logged) in conduct.trace.log.enumerated() {
            switch logged.event {
            case .request(let id):
                guard let index = places[id] else { continue }
                entries[index].askedPlace = place
                entries[index].knownPlace = place
            case .step(let id, _):
                guard let index = places[id] else { continue }
                entries[index].stepPlace = place
                learn(index, at: logged.at, place)
            case .agentClosed(let id):
                guard let index = places[id], exchanges[index].cancelled else { continue }
                learn(index, at: logged.at, place)
            default: continue
            }
        }
        for (index, exchange) in exchanges.enumerated() { complete(index, exchange) }
    }

    private mutating func learn(_ index: Int, at instant: SimInstant, _ place: Int) {
        entries[index].knownAt = instant
        entries[index].knownPlace = place
    }

    /// What the log does not say: the delivery says when it ends, unless it never does.
    private mutating func complete(_ index: Int, _ exchange: ExchangeRecord) {
        if exchange.ending == .hang, !exchange.cancelled {
            entries[index].knownAt = nil
        } else if entries[index].knownAt == nil {
            entries[index].knownAt = exchange.arrivedAt.advanced(by: exchange.duration)
        }
    }

    /// Whether an answer was over before another request was asked, so that it can be a retry.
    func isOver(_ index: Int, before later: Int) -> Bool {
        (entries[index].stepPlace ?? -1) < entries[later].askedPlace
    }
}

/// The attempts at one logical call: the same request, asked until it got a whole answer.
struct AttemptChain {
    /// How many calls with the same request may wait at once before more are taken for new ones.
    private static let openMax = 64

    /// The places of the exchanges in the order of the requests.
    var places: [Int]

    /// The chains of a run in the order of their first requests.
    ///
    /// The same request is one with an equal fingerprint at the same upstream. One that is asked
    /// while the answer to the other is still being written is no retry of it.
    static func all(_ timeline: WireTimeline, upstream: String? = nil) -> [AttemptChain] {
        var chains: [AttemptChain] = []
        var open: [String: [Int]] = [:]
        for (place, exchange) in timeline.exchanges.enumerated()
        where upstream == nil || upstream == exchange.upstream {
            let key = "\(exchange.upstream) \(exchange.fingerprint.hex)"
            var waiting = open[key] ?? []
            waiting.removeAll { chain in
                guard let last = chains[chain].places.last else { return true }
                return timeline.exchanges[last].isAnsweredWhole
                    && timeline.isOver(last, before: place)
            }
            let retried = waiting.prefix(openMax).first { chain in
                guard let last = chains[chain].places.last else { return false }
                return timeline.isOver(last, before: place)
            }
            if let retried {
                chains[retried].places.append(place)
            } else {
                waiting.append(chains.count)
                chains.append(AttemptChain(places: [place]))
            }
            open[key] = waiting.suffix(openMax)
        }
        return chains
    }
}

extension ExchangeRecord {
    /// Whether the agent got all of an answer that is no error.
    ///
    /// All bytes count, and for a model that the answer says that it is over; an agent may close
    /// the connection behind them.
    var isAnsweredWhole: Bool {
        guard sentCount > 0, let status, status < 400, ending == .complete else { return false }
        guard sentBody.count == body.count else { return false }
        return answer?.isOver ?? true
    }

    /// Whether the upstream failed: no whole answer, a server's error, or no time (408, 429).
    var isUpstreamFailure: Bool {
        guard !isAnsweredWhole else { return false }
        guard sentCount > 0, let status, status >= 400 else { return true }
        return status >= 500 || status == 408 || status == 429
    }

    /// When the head was written, on the clock of the run.
    var headAt: SimInstant {
        arrivedAt.advanced(by: steps.first { $0.kind == "head" }?.at ?? steps.last?.at ?? .zero)
    }

    /// Route and number, for messages.
    var shown: String { "\(PlainText.clipped(Wording.route(self))) (exchange \(id.number))" }
}

extension AnswerSummary {
    /// Whether it says that it is over: some servers leave the terminator out, and the reason why
    /// it ended says as much.
    var isOver: Bool { terminated || finishReason != nil }
}

extension Conduct {
    /// What a rule on time says of a run whose clock was real; nil for a virtual one.
    var clockIsReal: Finding? {
        trace.clock == .real
            ? .unjudged("the agent's clock was real, so no time between requests is known")
            : nil
    }
}
