import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let semanticFaults: [FaultKind] = [
        .finishLength, .emptyContent, .toolArgsTruncatedValidPrefix,
    ]
}

extension FaultKind {
    static let finishLength = FaultKind(
        id: "finish-length",
        summary: "The answer is cut and says that it reached its length limit.",
        layer: .semantic, target: .model, signature: .quiet, weight: 4, replaces: false,
        parameters: [
            .place(
                "at", "How many content events of a stream, or characters of a text, are kept."
            ) { delivery, context in
                keptRange(of: contentSize(delivery, context), lowest: 1)
            }
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let kept = Int(parameters.integer("at"))
            try editAnswer(
                &delivery, context, reason: "the answer has no content to cut after \(kept)",
                stream: { $0.finishedForLength($1, contentEvents: kept) },
                document: { $0.finishedForLength($1, characters: kept) })
        })

    static let emptyContent = FaultKind(
        id: "empty-content",
        summary: "The answer finishes normally and says nothing.",
        layer: .semantic, target: .model, signature: .quiet, weight: 4, replaces: false,
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            try editAnswer(
                &delivery, context, reason: "the answer has no content to lose",
                stream: { $0.emptied($1) }, document: { $0.emptied($1) })
        })

    static let toolArgsTruncatedValidPrefix = FaultKind(
        id: "tool-args-truncated-valid-prefix",
        summary: "The arguments of a tool call stop after a whole member, as if that were all.",
        layer: .semantic, target: .model, signature: .quiet, weight: 5, replaces: false,
        parameters: [
            .place("members", "How many members of the arguments are kept.") { delivery, context in
                keptRange(of: argumentCount(delivery, context), lowest: 1, all: false)
            }
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let kept = Int(parameters.integer("members"))
            try editAnswer(
                &delivery, context,
                reason: "the answer has no tool call with more than \(kept) members",
                stream: { $0.toolArgumentsTruncated($1, members: kept) },
                document: { $0.toolArgumentsTruncated($1, members: kept) })
        })

    /// Edits a model's answer by its meaning, streamed or as one document.
    private static func editAnswer(
        _ delivery: inout Delivery, _ context: FaultContext, reason: String,
        stream: (any WireProtocol, [StreamEvent]) -> [StreamEvent]?,
        document: (any WireProtocol, JSONValue) -> JSONValue?
    ) throws(Inapplicable) {
        guard let wire = context.wire else {
            throw Inapplicable("the answer speaks no known protocol of a model")
        }
        if context.framing(of: delivery) != nil {
            var body = try EventStreamBody(delivery, context)
            guard let edited = stream(wire, body.events) else { throw Inapplicable(reason) }
            body.replace(by: edited)
            body.write(to: &delivery)
        } else {
            guard let edited = document(wire, try delivery.jsonAnswer()) else {
                throw Inapplicable(reason)
            }
            delivery.edit(bodyBytes: edited.encoded())
        }
    }

    private static func contentSize(_ delivery: Delivery, _ context: FaultContext) -> Int64? {
        if context.framing(of: delivery) != nil { return contentCount(delivery, context) }
        guard let summary = summary(delivery, context) else { return nil }
        return Int64(summary.text.unicodeScalars.count)
    }

    private static func argumentCount(_ delivery: Delivery, _ context: FaultContext) -> Int64? {
        guard let arguments = summary(delivery, context)?.toolCalls.last?.arguments,
            let members = (try? JSONValue.parse(text: arguments))?.objectValue
        else { return nil }
        return Int64(members.count)
    }

    private static func summary(_ delivery: Delivery, _ context: FaultContext) -> AnswerSummary? {
        guard delivery.head != nil, let wire = context.wire else { return nil }
        return wire.summary(of: delivery.bodyBytes, framing: context.framing(of: delivery))
    }

    /// How much to keep of `count`: some, but not all; of a single one all or none.
    private static func keptRange(
        of count: Int64?, lowest: Int64, all: Bool = true
    ) -> ClosedRange<Int64>? {
        guard let count, count > 0 else { return nil }
        if count == 1 { return all ? 1...1 : 0...0 }
        return lowest...(count - 1)
    }
}
