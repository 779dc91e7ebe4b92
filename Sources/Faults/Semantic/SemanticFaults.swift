import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let semanticFaults: [FaultKind] = [
        .finishLength, .finishLengthMislabelled, .reasoningEatsBudget, .contentFilterMid, .refusal,
        .safetyBlockPrompt, .recitationBlock, .malformedFunctionCall, .emptyChoices,
        .emptyContent, .toolStopWithoutTools, .pauseTurn, .contentAndToolCalls, .toolCallAsText,
        .modelSubstituted, .responseDrift, .wrongLanguage, .staleCachedResponse, .changedAnswer,
        .hugeOutput,
        .structuredOutputInvalid, .hallucinatedCitationID, .systemPromptEcho, .logprobNull,
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
        documentation: FaultDocumentation(
            wireForm: "OpenAI: finish_reason length; Anthropic: max_tokens; Gemini: MAX_TOKENS; "
                + "Responses: status incomplete with max_output_tokens; the text ends early.",
            clients: "Often kept as if it were complete; none raises but openai's parse helper.",
            robustAgent: "Goes on or reports it; never parses it as final JSON.",
            evidence: ["chat-ui#2385", "flink-agents#1040", "litellm#37710"]),
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
        documentation: FaultDocumentation(
            wireForm:
                "No text and no tool call, and the answer finishes normally: for Anthropic an "
                + "end_turn without a content block, which is documented behaviour.",
            clients: "The final answer is an empty text, or the loop goes round once more.",
            robustAgent: "Nudges the model once, then reports that there is no answer.",
            evidence: ["rig#1642", "claude-code#33757", "oh-my-claudecode#2871", "tale#3401"]),
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
        documentation: FaultDocumentation(
            wireForm: "The arguments stop after a whole member; where they are text the brace is "
                + "missing. The finish reason says that the call is whole.",
            clients: "Partial parsers repair it into an object that looks valid: the tool runs "
                + "without its last arguments, often the safety flags.",
            robustAgent:
                "Runs a call only when the stream was complete, by a strict parse and schema.",
            evidence: ["langchain#39275", "langchainjs#11469", "vercel/ai#13137", "hermes#6847"]),
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
            try body.writeChange(to: &delivery)
        } else {
            let answer = try delivery.jsonAnswer()
            guard let edited = document(wire, answer) else { throw Inapplicable(reason) }
            if edited != answer { delivery.edit(bodyBytes: edited.encoded()) }
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
