internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// What a run did, on one line of time in nanoseconds.
///
/// A run on the agent's real clock has no such line; its exchanges are laid end to end.
struct Timeline {
    let run: RunSummary
    var exchanges: [TimelineExchange]
    /// The agent's timed waits.
    var waits: [TimelineWait] = []
    /// What the agent did beside: output, foreign addresses, questions.
    var marks: [TimelineMark] = []
    /// Whether there is no global time.
    let isLaidOut: Bool

    /// When the last thing happened.
    var end: Int64 {
        let last = max(exchanges.map(\.end).max() ?? 0, marks.map(\.at).max() ?? 0)
        return isLaidOut ? last : max(last, run.virtualTime.nanoseconds)
    }

    /// From what a summary knows.
    init(_ run: RunSummary) {
        self.run = run
        isLaidOut = run.clock == .real
        var next: Int64 = 0
        exchanges = []
        for exchange in run.exchanges {
            let start = isLaidOut ? next : exchange.arrivedAt.nanoseconds
            let placed = TimelineExchange(exchange, start: start)
            next = placed.end
            exchanges.append(placed)
        }
    }

    /// Where an exchange is; nil when it is not known.
    func exchange(_ id: ExchangeID) -> TimelineExchange? {
        // They are numbered from 1 on without gaps.
        let place = id.number - 1
        guard exchanges.indices.contains(place), exchanges[place].summary.id == id else {
            return exchanges.first { $0.summary.id == id }
        }
        return exchanges[place]
    }

    /// Which exchange asks again for what which earlier one was asked for, by their places.
    var retries: [(first: Int, second: Int)] {
        var last: [String: Int] = [:]
        var pairs: [(first: Int, second: Int)] = []
        for (index, exchange) in exchanges.enumerated() where exchange.summary.take > 0 {
            if exchange.summary.attempt > 1, let first = last[exchange.key] {
                pairs.append((first, index))
            }
            last[exchange.key] = index
        }
        return pairs
    }
}

/// An exchange on the line of time.
struct TimelineExchange {
    struct Step: Hashable {
        let at: Int64
        let kind: String
        let byteCount: Int64
    }

    let summary: ExchangeSummary
    let start: Int64
    var end: Int64
    var steps: [Step] = []
    /// When the agent closed the connection, and whether a wait of it had just run out.
    var closedAt: Int64?
    var isTimeout = false
    /// What it asks for: equal for a request and its repetition.
    var key: String

    init(_ summary: ExchangeSummary, start: Int64) {
        self.summary = summary
        self.start = start
        end = start.addingSaturated(max(0, summary.duration.nanoseconds))
        key = "\(summary.upstream) \(summary.route) \(summary.take)"
    }
}

/// A timed wait of the agent.
struct TimelineWait: Hashable {
    let waiter: Int64
    let start: Int64
    let until: Int64
    /// Whether it ran out; else something came before.
    var ranOut = false
}

/// Something that the agent did.
struct TimelineMark: Hashable {
    let at: Int64
    let name: String
}

extension Int64 {
    /// The sum, or the end of the range.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }

    /// The difference, or the end of the range.
    func subtractingSaturated(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
