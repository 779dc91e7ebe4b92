import Determinism
import WireProtocols

extension WireSample {
    static let responses: [WireSample] =
        responsesTexts + responsesCalls + responsesVariants + responsesReasoning

    private static let responsesTexts = [
        responses(
            "text", script { $0.message(["Hello"]) },
            AnswerSummary(text: "Hello", finishReason: "completed", terminated: true),
            contentEvents: 1),
        responses(
            "several texts, carriage returns", script { $0.message(["Grü", "ße ", "👋🏽"]) },
            AnswerSummary(text: "Grüße 👋🏽", finishReason: "completed", terminated: true),
            contentEvents: 3, ending: .crlf),
        responses(
            "citations and probabilities",
            script { $0.message(["Ça ", "va."], hasDetails: true) },
            AnswerSummary(text: "Ça va.", finishReason: "completed", terminated: true),
            contentEvents: 2),
        responses(
            "a remark, a keep-alive, then the answer",
            script {
                $0.message(["I look."])
                $0.add("keepalive", [:])
                $0.message(["Found", " it."])
            },
            AnswerSummary(text: "I look.Found it.", finishReason: "completed", terminated: true),
            contentEvents: 3, edits: .init(length: 5, empty: 2, arguments: 4)),
        responses(
            "incomplete for length",
            script(endingFor: "max_output_tokens") { $0.message(["Once", " upon"], "incomplete") },
            AnswerSummary(text: "Once upon", finishReason: "max_output_tokens", terminated: true),
            contentEvents: 2),
        responses(
            "no output at all", script { _ in },
            AnswerSummary(finishReason: "completed", terminated: true), contentEvents: 0),
    ]

    private static let responsesCalls = [
        responses(
            "a call in pieces",
            script { $0.call("weather", [#"{"city": "Pa"#, #"ris", "unit""#, #": "C"}"#]) },
            AnswerSummary(
                toolCalls: [
                    ToolCall(
                        id: "call_0", name: "weather", arguments: #"{"city": "Paris", "unit": "C"}"#
                    )
                ], finishReason: "completed", terminated: true),
            contentEvents: 4, members: 2),
        responses(
            "parallel calls",
            script {
                $0.call("find", [#"{"q":"é"}"#])
                $0.call("refund", [#"{"#, #""order":"A1","#, #""tags":["x","y"],"n":1}"#])
            },
            AnswerSummary(
                toolCalls: [
                    ToolCall(id: "call_0", name: "find", arguments: #"{"q":"é"}"#),
                    ToolCall(
                        id: "call_1", name: "refund",
                        arguments: #"{"order":"A1","tags":["x","y"],"n":1}"#),
                ], finishReason: "completed", terminated: true),
            contentEvents: 6, members: 3),
        responses(
            "a call without arguments", script { $0.call("now", ["{}"]) },
            AnswerSummary(
                toolCalls: [ToolCall(id: "call_0", name: "now", arguments: "{}")],
                finishReason: "completed", terminated: true),
            contentEvents: 2),
        responses(
            "a call that a server sends in one piece",
            script { $0.call("weather", [], whole: #"{"city":"Rome"}"#) },
            AnswerSummary(
                toolCalls: [
                    ToolCall(id: "call_0", name: "weather", arguments: #"{"city":"Rome"}"#)
                ], finishReason: "completed", terminated: true),
            contentEvents: 1, members: 1),
        responses(
            "a custom tool with free text",
            script { $0.customCall("sql", ["SELECT 1", ", 2"]) },
            AnswerSummary(
                toolCalls: [ToolCall(id: "call_0", name: "sql", arguments: "SELECT 1, 2")],
                finishReason: "completed", terminated: true),
            contentEvents: 3),
    ]

    private static let responsesVariants = [
        responses(
            "a tool of the provider, then text",
            script {
                $0.webSearch()
                $0.message(["It is ", "sunny."])
            },
            AnswerSummary(text: "It is sunny.", finishReason: "completed", terminated: true),
            contentEvents: 2),
        responses(
            "events without names", namelessFrames,
            AnswerSummary(text: "Hi", finishReason: "completed", terminated: true),
            contentEvents: 1),
    ]

    private static let responsesReasoning = [
        responses(
            "encrypted reasoning, text, a call", reasoningFrames,
            AnswerSummary(
                text: "Done.",
                toolCalls: [ToolCall(id: "call_2", name: "get", arguments: #"{"a":1,"b":[2,3]}"#)],
                finishReason: "completed", terminated: true),
            contentEvents: 3, members: 2)
    ]

    /// Events 1 to 4 are reasoning.
    static let reasoningFrames = script {
        $0.reasoning()
        $0.message(["Done."])
        $0.call("get", [#"{"a":1,"b":[2,3]}"#])
    }

    private static let namelessFrames = script { $0.message(["Hi"]) }.map { frame in
        frame.split(separator: "\n").suffix(1).joined()
    }

    /// The frames of a response with these items.
    static func script(
        endingFor reason: String? = nil, _ items: (inout ResponsesScript) -> Void
    ) -> [String] {
        var script = ResponsesScript()
        items(&script)
        script.end(reason)
        return script.frames
    }

    private static func responses(
        _ name: String, _ frames: [String], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0, ending: SSELineEnding = .lf,
        edits: Edits = .init(length: 4, empty: 1, arguments: 4)
    ) -> WireSample {
        WireSample(
            name: name, wire: OpenAIResponses(), stream: streamBytes(frames, ending),
            expected: expected, contentEvents: contentEvents, members: members,
            words: .init(length: "max_output_tokens", normal: "completed"), edits: edits)
    }
}
