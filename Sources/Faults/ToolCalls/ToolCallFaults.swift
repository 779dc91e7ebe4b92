import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let toolCallFaults: [FaultKind] = [
        .toolArgsInvalidJSON, .toolArgsTruncatedValidPrefix, .toolArgsEmpty, .toolArgsNonObject,
        .toolArgsWrongType, .toolArgsMissingRequired, .toolArgsWrongEntity,
        .toolNameHallucinated, .toolNameEmpty, .toolNotOffered, .toolIDMissing, .toolIDDuplicate,
        .toolIDFormat, .parallelToolsReordered, .parallelToolsBurst, .toolCallRepeat,
        .prematureFinal,
    ]
}

extension FaultKind {
    static let toolNameHallucinated = FaultKind(
        says: "tool-name-hallucinated", "The model calls a tool that does not exist.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "variant", .choice(["case", "near-miss", "prefix", "unknown"]),
                default: .fixed("near-miss"),
                "Another case; an s more or less; a namespace before it; a name out of the blue.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The name of the last tool call is another; all else is as recorded.",
            clients: "openai-agents raises ModelBehaviorError and ends the run by default; "
                + "langgraph's ToolNode answers with an error for the model; mastra crashes.",
            robustAgent: "Answers the call with an error that lists the tools.",
            evidence: [
                "openai-agents#3459", "openai-agents#2204", "openai-agents#325", "mastra#12895",
                "llama_index#7170", "cai#405",
            ])
    ) { (content, parameters, context) throws(Inapplicable) in
        guard let call = content.calls.last else { throw Inapplicable("the answer calls no tool") }
        let name = call.name
        let other: String
        switch parameters.text("variant") {
        case "case":
            let lower = name.lowercased()
            other = lower == name ? name.uppercased() : lower
        case "prefix": other = "functions." + name
        case "unknown": other = "perform_requested_action"
        default: other = name.hasSuffix("s") ? String(name.dropLast()) : name + "s"
        }
        guard context.modelRequest.tool(other) == nil else {
            throw Inapplicable("the request offers a tool called \(other)")
        }
        return [content.mappingLastCall { $0.name = other }]
    }

    static let toolNameEmpty = FaultKind(
        says: "tool-name-empty", "The last tool call has no name.",
        signature: .loud, weight: 2,
        documentation: FaultDocumentation(
            wireForm: "name is an empty text.",
            clients: "Look-ups fail; some programs crash.",
            robustAgent: "Answers the call with an error.",
            evidence: ["cai#270"])
    ) { (content, _, _) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        return [content.mappingLastCall { $0.name = "" }]
    }

    static let toolNotOffered = FaultKind(
        says: "tool-not-offered",
        "The model calls a tool that exists and was not offered in this turn.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "tool", .text, default: .fixed(""),
                "Its name; empty for the latest tool of the history that the request does not "
                    + "offer.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The name of the last tool call is that of the other tool.",
            clients: "Registries that know the tool run it.",
            robustAgent: "Rejects calls of tools that it did not offer.",
            evidence: ["OmniRoute#12734"])
    ) { (content, parameters, context) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let request = context.modelRequest
        let given = parameters.text("tool")
        let known = request.calls.last { request.tool($0.name) == nil }?.name
        guard let name = given.isEmpty ? known : given else {
            throw Inapplicable("the history names no tool that is not offered; give `tool`")
        }
        guard request.tool(name) == nil else {
            throw Inapplicable("the request offers \(name)")
        }
        return [content.mappingLastCall { $0.name = name }]
    }

    static let toolIDMissing = FaultKind(
        says: "tool-id-missing", "The last tool call has no identifier.",
        signature: .loud, weight: 3,
        parameters: [
            .variant(
                ["absent", "empty"],
                "No identifier, or an empty one.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The member with the identifier is absent, or an empty text.",
            clients: "Vercel AI throws \"Expected 'id' to be a string\"; LangChain merges calls.",
            robustAgent: "Gives the call an identifier of its own.",
            evidence: ["langchain#40608", "OpenRouter-ai-sdk#471"])
    ) { (content, parameters, _) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let id: String? = parameters.text("variant") == "empty" ? "" : nil
        return [content.mappingLastCall { $0.id = id }]
    }

    static let toolIDDuplicate = FaultKind(
        says: "tool-id-duplicate", "Two tool calls have the same identifier.",
        signature: .quiet, weight: 5,
        parameters: [
            ParameterSpec(
                "variant", .choice(["across-turns", "same-turn"]), default: .fixed("same-turn"),
                "same-turn: another call of this answer (its last call again, where it has one "
                    + "only); across-turns: the latest call of the history.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The last tool call has the identifier of another one.",
            clients: "Registries keyed by identifier overwrite one: a call is skipped in silence; "
                + "or the provider refuses the history with a 400.",
            robustAgent: "Keys calls by their place.",
            evidence: [
                "smolagents#2683", "smolagents#2684", "smolagents#2768", "oh-my-pi#2055",
                "qwen-code#8382", "vercel/ai#4936",
            ])
    ) { (content, parameters, context) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let calls = content.calls
        if parameters.text("variant") == "across-turns" {
            guard let id = context.modelRequest.calls.last?.id else {
                throw Inapplicable("the history of the request holds no tool call")
            }
            return [content.mappingLastCall { $0.id = id }]
        }
        guard let first = calls.first, first.id != nil else {
            throw Inapplicable("the tool calls have no identifiers")
        }
        guard calls.count > 1 else { return [content.mappingCalls { [$1, $1] }] }
        return [content.mappingLastCall { $0.id = first.id }]
    }

    static let toolIDFormat = FaultKind(
        says: "tool-id-format",
        "The identifier of the last tool call is none that another provider would take.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "variant", .choice(["illegal-characters", "too-long"]),
                default: .fixed("too-long"), "What is wrong with it.")
        ],
        documentation: FaultDocumentation(
            wireForm: "120 letters, or characters beyond [a-zA-Z0-9_-].",
            clients: "It comes back in the next request: Mistral wants 9 letters or digits, "
                + "Anthropic ^[a-zA-Z0-9_-]+$; another provider answers 400.",
            robustAgent: "Maps identifiers when it changes the provider.",
            evidence: ["Mistral's and Anthropic's documentation"])
    ) { (content, parameters, _) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let isLong = parameters.text("variant") == "too-long"
        let id = isLong ? "call_" + String(repeating: "a1", count: 60) : "call:0/é#1"
        return [content.mappingLastCall { $0.id = id }]
    }

    /// Says so where an answer does not have so many tool calls.
    static func demandCalls(of content: AnswerContent, _ count: Int) throws(Inapplicable) {
        let calls = content.calls.count
        guard calls >= count else {
            throw Inapplicable(
                calls == 0 ? "the answer calls no tool" : "the answer calls one tool only")
        }
    }
}
