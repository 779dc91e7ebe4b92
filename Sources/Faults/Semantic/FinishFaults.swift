import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let finishLengthMislabelled = FaultKind(
        says: "finish-length-mislabelled",
        "The answer is cut, and says that it finished normally.",
        signature: .quiet, weight: 5,
        parameters: [
            counted("at", "How many characters are kept of what the answer says last.") { content in
                guard let last = lastText(of: content) else { return nil }
                let count = Int64(last.unicodeScalars.count)
                return count > 1 ? 1...(count - 1) : nil
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "The text, or the arguments of the last tool call, stop in the middle; the "
                + "finish reason stays stop, tool_calls, end_turn, tool_use, as recorded.",
            clients: "No SDK sees anything. Frameworks execute the partial call, or repair its "
                + "arguments into an object that looks whole.",
            robustAgent: "Checks arguments against the tool's schema whatever the finish reason "
                + "says, and parses strictly.",
            evidence: [
                "hermes#7693", "pi#8501",
                "vllm#46303",
            ])
    ) { (content, parameters, _) throws(Inapplicable) in
        let kept = Int(parameters.integer("at"))
        guard let last = lastText(of: content), kept >= 0, kept < last.unicodeScalars.count else {
            throw Inapplicable("the answer does not go on after \(kept) characters")
        }
        let cut = String(String.UnicodeScalarView(last.unicodeScalars.prefix(kept)))
        guard content.calls.isEmpty else {
            return [content.mappingLastCall { $0.arguments = cut }]
        }
        var changed = content
        guard let place = lastTextPlace(of: content) else { return [] }
        changed.parts[place] = .text(cut)
        return [changed]
    }

    static let reasoningEatsBudget = FaultKind(
        says: "reasoning-eats-budget",
        "The model reasoned until its length limit and said nothing.",
        signature: .ambiguous, weight: 3,
        documentation: FaultDocumentation(
            wireForm: "Only reasoning, if any was recorded; content empty; the finish reason is "
                + "length, max_tokens, MAX_TOKENS or incomplete.",
            clients: "No SDK raises. Chat programs show an empty reply; agents take it for a final "
                + "answer.",
            robustAgent: "Raises the limit once, then reports that there is no answer.",
            evidence: ["chat-ui#2385"])
    ) { (content, _, _) throws(Inapplicable) in
        var changed = content.finished(.length)
        changed.parts.removeAll { part in
            if case .kept = part { false } else { true }
        }
        return [changed]
    }

    static let contentFilterMid = FaultKind(
        says: "content-filter-mid",
        "A content filter stops the answer after some text; its tool calls are gone.",
        signature: .ambiguous, weight: 3,
        parameters: [
            counted("at", "How many characters of the text are kept.") { content in
                0...Int64(max(0, content.text.unicodeScalars.count - 1))
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "finish_reason content_filter, SAFETY, content_filtered or ERROR after "
                + "partial text; no tool calls.",
            clients: "openai's parse helper raises ContentFilterFinishReasonError; the rest hand "
                + "out the partial text. Semantic Kernel stops without a word.",
            robustAgent: "Treats it as a failure, runs no side effect of this turn, and tells the "
                + "user.")
    ) { (content, parameters, _) throws(Inapplicable) in
        let kept = Int(parameters.integer("at"))
        let text = content.text.unicodeScalars
        guard kept >= 0, kept <= text.count else {
            throw Inapplicable("the text has \(text.count) characters, not \(kept)")
        }
        let cut = String(String.UnicodeScalarView(text.prefix(kept)))
        return [content.withoutCalls.saying(cut).finished(.contentFilter)]
    }

    static let refusal = FaultKind(
        says: "refusal", "The model refuses to answer.",
        signature: .loud, weight: 2,
        parameters: [
            .variant(
                ["native", "text"],
                "native: in the provider's own place for a refusal; text: as plain text that "
                    + "finishes normally."),
            ParameterSpec(
                "text", .text, default: .fixed("I'm sorry, but I can't help with that."),
                "What the refusal says."),
        ],
        documentation: FaultDocumentation(
            wireForm: "OpenAI: message.refusal with content null; Responses: a refusal part; "
                + "Anthropic: stop_reason refusal; with text everywhere an ordinary answer.",
            clients: "content is null, so programs that read it crash; openai-agents raises "
                + "ModelRefusalError; loops ask again.",
            robustAgent: "Shows the refusal, does not repeat the request unchanged.")
    ) { (content, parameters, _) throws(Inapplicable) in
        let text = parameters.text("text")
        let spoken = content.withoutCalls.saying(text).finished(.stop)
        guard parameters.text("variant") == "native" else { return [spoken] }
        let silent = content.withoutCalls.saying("")
        var refused = silent.finished(.stop)
        refused.parts.append(.refusal(text))
        return [refused, silent.finished(.refusal)]
    }

    static let recitationBlock = FaultKind(
        says: "recitation-block",
        "The answer is withheld because it would recite its training material.",
        signature: .loud, weight: 2,
        documentation: FaultDocumentation(
            wireForm: "Gemini: finishReason RECITATION and no content.",
            clients: "google-genai returns a response whose text is None.",
            robustAgent: "Reports it; asks once in other words at most.",
            evidence: ["google-genai 3.4.0, read"])
    ) { (content, _, _) throws(Inapplicable) in
        [content.withoutCalls.saying("").finished(.recitation)]
    }

    static let malformedFunctionCall = FaultKind(
        says: "malformed-function-call",
        "The model wrote a tool call that the provider could not read: there is no content.",
        signature: .quiet, weight: 4,
        parameters: [
            .variant(
                ["malformed", "unexpected"],
                "malformed: the call could not be read; unexpected: it was not allowed here.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Gemini: finishReason MALFORMED_FUNCTION_CALL or UNEXPECTED_TOOL_CALL with "
                + "an empty content; Bedrock: stopReason malformed_tool_use.",
            clients: "Adapters map it to stop, so that an empty success is saved.",
            robustAgent: "Tries once more with a hint, then fails the turn.",
            evidence: [
                "pydantic-ai#631", "hermes#83882",
                "hermes#83886",
            ])
    ) { (content, parameters, _) throws(Inapplicable) in
        let empty = content.withoutCalls.saying("")
        let isMalformed = parameters.text("variant") == "malformed"
        return [empty.finished(isMalformed ? .malformedCall : .other("UNEXPECTED_TOOL_CALL"))]
    }

    static let toolStopWithoutTools = FaultKind(
        says: "tool-stop-without-tools",
        "The answer says that it wants tools to be called, and calls none.",
        signature: .ambiguous, weight: 3,
        documentation: FaultDocumentation(
            wireForm: "finish_reason tool_calls, stop_reason tool_use, and no call in the answer.",
            clients: "Loops spin, or send an empty list of results, which is a 400.",
            robustAgent: "Ends the turn, or asks once more.",
            evidence: ["claudius#106"])
    ) { (content, _, _) throws(Inapplicable) in
        [content.withoutCalls.finished(.toolCalls)]
    }

    static let pauseTurn = FaultKind(
        says: "pause-turn",
        "The provider pauses a long turn; it goes on when the answer is sent back.",
        signature: .quiet, weight: 3,
        documentation: FaultDocumentation(
            wireForm: "Anthropic: stop_reason pause_turn.",
            clients: "The Vercel AI SDK maps it to stop: the turn ends early.",
            robustAgent: "Sends the answer back unchanged so that the model continues.",
            evidence: ["vercel/ai ed857f5, read"])
    ) { (content, _, _) throws(Inapplicable) in [content.finished(.pause)] }

    static let prematureFinal = FaultKind(
        says: "premature-final",
        "The model gives a final answer where it should have called a tool.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "text", .text, default: .fixed("Done. Everything has been taken care of."),
                "What the answer says.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The recorded tool calls are gone; a confident text finishes normally.",
            clients: "Every framework ends the run.",
            robustAgent: "Verifies that what it reports was done before it reports it.",
            evidence: ["MAST 3.1, premature termination (arXiv 2503.13657)"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard !content.calls.isEmpty else {
            throw Inapplicable("the answer calls no tool; it is final already")
        }
        return [content.withoutCalls.saying(parameters.text("text")).finished(.stop)]
    }

    /// What the answer says last: the arguments of its last call, else its last text.
    private static func lastText(of content: AnswerContent) -> String? {
        if let call = content.calls.last { return call.arguments }
        guard let place = lastTextPlace(of: content), case .text(let text) = content.parts[place]
        else { return nil }
        return text
    }

    private static func lastTextPlace(of content: AnswerContent) -> Int? {
        content.parts.lastIndex { part in
            if case .text = part { true } else { false }
        }
    }
}
