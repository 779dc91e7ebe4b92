import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let parallelToolsReordered = FaultKind(
        says: "parallel-tools-reordered",
        "The tool calls of one answer come in the opposite order.",
        signature: .quiet, weight: 4,
        documentation: FaultDocumentation(
            wireForm: "The calls with their identifiers, the last one first.",
            clients: "Programs that pair results by place mix them up; Gemini pairs by name and "
                + "order.",
            robustAgent: "Pairs by identifier; does not lean on the order of parallel calls.",
            evidence: ["vercel/ai#4936", "brainlid#620"])
    ) { (content, _, _) throws(Inapplicable) in
        try demandCalls(of: content, 2)
        let calls = content.calls
        return [content.mappingCalls { number, _ in [calls[calls.count - 1 - number]] }]
    }

    static let parallelToolsBurst = FaultKind(
        says: "parallel-tools-burst", "The model asks for very many tool calls in one answer.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "calls", .integer(2...1_000), default: .fixed(50), "How many calls there are.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The last call again and again, each with an identifier of its own.",
            clients: "All are started at once.",
            robustAgent: "Bounds how many run at once, and how many it takes from one answer.")
    ) { (content, parameters, context) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let more = Int(min(1_000, max(0, parameters.integer("calls")))) - content.calls.count
        guard more > 0 else { throw Inapplicable("the answer has as many calls already") }
        let last = content.calls.count - 1
        var identifiers = FreshIdentifiers(beside: context.modelRequest.calls + content.calls)
        return [
            content.mappingCalls { number, call in
                guard number == last else { return [call] }
                return [call]
                    + (1...more).map { _ in
                        var again = call
                        again.id = call.id.map { identifiers.next(like: $0) }
                        return again
                    }
            }
        ]
    }

    static let toolCallRepeat = FaultKind(
        says: "tool-call-repeat",
        "The model calls the tool again that it called before, with the same arguments.",
        signature: .quiet, weight: 4,
        documentation: FaultDocumentation(
            wireForm: "In place of what it said, the latest tool call of the request's history "
                + "under a new identifier. Hit several calls of the upstream for a loop.",
            clients: "Loops run to their cap: 10,007 steps with langgraph, 10 turns with "
                + "openai-agents.",
            robustAgent: "Stops after three equal calls.",
            evidence: [
                "opencode#45442", "pi#9637", "deer-flow#1055", "claude-code#30150",
                "langgraph#6731",
            ])
    ) { (content, _, context) throws(Inapplicable) in
        let history = context.modelRequest.calls
        guard var call = history.last else {
            throw Inapplicable("the history of the request holds no tool call")
        }
        var identifiers = FreshIdentifiers(beside: history + content.calls)
        call.id = call.id.map { identifiers.next(like: $0) }
        var changed = content.withoutCalls.saying("")
        changed.parts.append(.call(call))
        // Some providers have no word of their own for an end that wants tools.
        return [changed.finished(.toolCalls), changed]
    }

    static let toolCallAsText = FaultKind(
        says: "tool-call-as-text", "The model writes its tool call into the text.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(["fence", "tag"]), default: .fixed("tag"),
                "As <tool_call>{…}</tool_call>, or as JSON in a code fence.")
        ],
        documentation: FaultDocumentation(
            wireForm: "No tool call; the text holds it; the answer finishes normally.",
            clients: "It is taken for the answer.",
            robustAgent: "Recognises it and asks once more.",
            evidence: ["claudius#106", "vLLM's tool parsers"])
    ) { (content, parameters, _) throws(Inapplicable) in
        try demandCalls(of: content, 1)
        let isTag = parameters.text("variant") == "tag"
        let written = content.calls.map { call in
            let arguments = call.arguments ?? "{}"
            let json: JSONValue = [
                "name": .string(call.name),
                "arguments": (try? JSONValue.parse(text: arguments)) ?? .string(arguments),
            ]
            return isTag
                ? "<tool_call>\n\(json.encodedText())\n</tool_call>"
                : "```json\n\(json.encodedText())\n```"
        }
        let text = content.text.isEmpty ? written : [content.text] + written
        return [content.withoutCalls.saying(text.joined(separator: "\n")).finished(.stop)]
    }
}

/// Identifiers for tool calls that nobody has used yet.
private struct FreshIdentifiers {
    private var used: Set<String>
    private var number = 0

    init(beside calls: [AnswerCall]) {
        used = Set(calls.compactMap(\.id))
    }

    /// An identifier of the same length, where that is long enough, with another end.
    mutating func next(like id: String) -> String {
        // Each number gives another identifier, and only so many are used.
        while true {
            number += 1
            let other = FreshIdentifiers.numbered(id, number)
            if used.insert(other).inserted { return other }
        }
    }

    private static func numbered(_ id: String, _ number: Int) -> String {
        let end = String(number, radix: 36)
        let padded = String(repeating: "0", count: max(0, 3 - end.count)) + end
        guard id.unicodeScalars.count > padded.count else { return id + padded }
        return String(String.UnicodeScalarView(id.unicodeScalars.dropLast(padded.count))) + padded
    }
}
