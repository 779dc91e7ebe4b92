internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

/// A request to a model and what it got.
struct ModelTurn {
    let exchange: ExchangeRecord
    /// What the request says; nil where it cannot be read.
    let conversation: Conversation?
    /// What the delivered answer says; nil for an error.
    let answer: AnswerSummary?
    /// What the delivered answer says it cost; nil where it says nothing.
    let usage: AnswerUsage?

    init?(_ exchange: ExchangeRecord) {
        guard exchange.kind == .model else { return nil }
        self.exchange = exchange
        answer = exchange.answer
        guard let wire = exchange.wire.flatMap({ WireProtocols.named($0) }) else {
            conversation = nil
            usage = nil
            return
        }
        conversation = wire.conversation(of: exchange.request)
        let isAnswer = (exchange.status ?? 599) < 400
        usage =
            isAnswer
            ? wire.usage(
                of: Array(exchange.sentBody),
                framing: WireProtocols.framing(
                    of: exchange.request, headers: exchange.headers, wire: wire)) : nil
    }

    var id: ExchangeID { exchange.id }

    /// Whether the agent got all of an answer that says that it is over.
    var isWhole: Bool { answer != nil && exchange.isAnsweredWhole }

    /// Whether the answer ended at a limit of length.
    var isCutForLength: Bool {
        answer?.finishReason.map { FinishWords.length.contains($0.lowercased()) } ?? false
    }

    /// What the user said first, by which conversations are told apart.
    var firstUserText: String? {
        conversation?.messages.first { $0.role == .user }?.text
    }
}

extension ExchangeRecord {
    /// The model that a request names; nil for anything else.
    var model: String? {
        wire.flatMap { WireProtocols.named($0) }?.model(of: request)
    }
}
