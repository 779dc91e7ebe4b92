package import Cassette
package import Determinism
package import Faults
package import Simulation
internal import WireProtocols

/// One exchange as a story tells it.
package struct ExchangeSummary: Hashable, Sendable {
    /// How many characters of an answer are told.
    static let saidMax = 80

    package var id: ExchangeID
    package var upstream: String
    /// Whether that is a model or a tool.
    package var kind: UpstreamKind
    /// Method and path.
    package var route: String
    package var source: AnswerSource
    package var status: Int?
    package var ending: DeliveryEnding
    package var take: Int
    package var attempt: Int
    /// The faults that fired on it, by identifier.
    package var fired: [String]
    package var cancelled: Bool
    /// How many body chunks were planned to be sent, and their bytes.
    package var chunkCount: Int
    package var byteCount: Int
    package var duration: SimDuration
    package var arrivedAt: SimInstant
    /// What a model's answer said, in short.
    package var said: String?
    /// The report of a miss, line by line.
    package var miss: [String]
}

extension ExchangeSummary {
    init(_ exchange: ExchangeRecord) {
        let body = exchange.steps.filter { $0.kind == "body" }
        self.init(
            id: exchange.id, upstream: exchange.upstream, kind: exchange.kind,
            route: BoundedText.head(
                "\(exchange.request.method) \(exchange.request.path)", RunSummary.messageMax),
            source: exchange.source, status: exchange.status, ending: exchange.ending,
            take: exchange.take, attempt: exchange.attempt, fired: exchange.fired.map(\.fault),
            cancelled: exchange.cancelled, chunkCount: body.count,
            byteCount: body.reduce(0) { $0 + $1.byteCount }, duration: exchange.duration,
            arrivedAt: exchange.arrivedAt, said: exchange.answer.flatMap(ExchangeSummary.said),
            miss: (exchange.miss?.lines ?? []).map { BoundedText.head($0, RunSummary.messageMax) })
    }

    private static func said(_ answer: AnswerSummary) -> String? {
        if !answer.toolCalls.isEmpty {
            let calls = answer.toolCalls.map { "\($0.name)(\($0.arguments))" }
            return "calls " + calls.joined(separator: ", ").shortened(to: saidMax)
        }
        guard !answer.text.isEmpty else { return nil }
        return "says \u{201C}" + answer.text.shortened(to: saidMax) + "\u{201D}"
    }
}

extension String {
    /// At most so many characters, the last an ellipsis when some are missing.
    func shortened(to count: Int) -> String {
        // A letter may have any number of accents: they are bounded before letters are counted.
        let text = BoundedText.head(self, count * 8)
        let head = text.prefix(count + 1)
        return head.count <= count ? text : head.prefix(max(0, count - 1)) + "…"
    }
}
