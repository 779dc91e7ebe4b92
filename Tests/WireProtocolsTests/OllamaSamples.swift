import WireProtocols

/// Lines as Ollama writes them.
enum OllamaLines {
    static func chat(_ message: String) -> String {
        head + #""message":{"role":"assistant",\#(message)},"done":false}"#
    }

    static func chatEnd(
        _ reason: String, _ message: String = #""content":"""#, tokens: Int = 7
    ) -> String {
        head + #""message":{"role":"assistant",\#(message)},"done":true,"#
            + #""done_reason":"\#(reason)",\#(counters(tokens))}"#
    }

    static func generate(_ members: String) -> String {
        head + #"\#(members),"done":false}"#
    }

    static func generateEnd(_ reason: String, _ members: String = #""response":"""#) -> String {
        head + #"\#(members),"done":true,"done_reason":"\#(reason)","#
            + #""context":[1,2,3,4],\#(counters(7))}"#
    }

    static func bytes(_ lines: [String]) -> [UInt8] {
        Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    static func events(_ lines: [String]) -> [StreamEvent] {
        StreamFraming.jsonLines.events(of: bytes(lines))
    }

    static let head = #"{"model":"m","created_at":"2026-01-02T03:04:05.678Z","#

    static func counters(_ tokens: Int) -> String {
        #""total_duration":9000,"load_duration":1000,"prompt_eval_count":12,"#
            + #""prompt_eval_duration":3000,"eval_count":\#(tokens),"eval_duration":5000"#
    }
}

extension WireSample {
    static let ollama: [WireSample] = ollamaChat + ollamaGenerate

    private static let ollamaChat: [WireSample] = [
        ollama(
            "text", OllamaChat(),
            [
                OllamaLines.chat(#""content":"Hello""#),
                OllamaLines.chat(#""content":", it is ""#),
                OllamaLines.chat(#""content":"21 °C 🌤️.""#), OllamaLines.chatEnd("stop"),
            ],
            AnswerSummary(
                text: "Hello, it is 21 °C 🌤️.", finishReason: "stop", terminated: true),
            contentEvents: 3),
        ollama(
            "thinking, then a tool call", OllamaChat(), ollamaThinkingLines,
            AnswerSummary(
                toolCalls: [
                    ToolCall(
                        id: "call_1", name: "refund",
                        arguments:
                            #"{"order":"A,1\"{🎁","notes":[1,{"a":2,"b":3}],"dry_run":true}"#)
                ], finishReason: "stop", terminated: true),
            contentEvents: 1, members: 3),
        ollama(
            "text, then parallel calls without identifiers", OllamaChat(),
            [
                OllamaLines.chat(#""content":"Looking.""#),
                OllamaLines.chat(
                    #""content":"","tool_calls":[{"function":{"index":0,"name":"find","#
                        + #""arguments":{"q":"é"}}},{"function":{"index":1,"name":"load","#
                        + #""arguments":{"x":1.50,"z":null}}}]"#),
                OllamaLines.chatEnd("stop"),
            ],
            AnswerSummary(
                text: "Looking.",
                toolCalls: [
                    ToolCall(id: "", name: "find", arguments: #"{"q":"é"}"#),
                    ToolCall(id: "", name: "load", arguments: #"{"x":1.50,"z":null}"#),
                ], finishReason: "stop", terminated: true),
            contentEvents: 2, members: 2),
        ollama(
            "calls in several lines, one in the last", OllamaChat(),
            [
                OllamaLines.chat(
                    #""content":"","tool_calls":[{"function":{"name":"a","arguments":{}}}]"#),
                OllamaLines.chatEnd(
                    "stop",
                    #""content":"","tool_calls":[{"function":{"name":"b","arguments":{"n":1}}}]"#),
            ],
            AnswerSummary(
                toolCalls: [
                    ToolCall(id: "", name: "a", arguments: "{}"),
                    ToolCall(id: "", name: "b", arguments: #"{"n":1}"#),
                ], finishReason: "stop", terminated: true),
            contentEvents: 2, members: 1),
        ollama(
            "text and a call in one line, a call without arguments", OllamaChat(),
            [
                OllamaLines.chat(
                    #""content":"Now.","tool_calls":[{"function":{"name":"now","arguments":{}}}]"#),
                OllamaLines.chatEnd("stop"),
            ],
            AnswerSummary(
                text: "Now.", toolCalls: [ToolCall(id: "", name: "now", arguments: "{}")],
                finishReason: "stop", terminated: true),
            contentEvents: 1),
        ollama(
            "blanks, text in the last line, cut for length by the provider", OllamaChat(),
            [
                "", " " + OllamaLines.chat(#""content": "Un""#) + "\t", "",
                OllamaLines.chatEnd("length", #""content":" été""#),
            ],
            AnswerSummary(text: "Un été", finishReason: "length", terminated: true),
            contentEvents: 2),
        ollama(
            "no content at all", OllamaChat(),
            [OllamaLines.chat(#""content":"""#), OllamaLines.chatEnd("stop")],
            AnswerSummary(finishReason: "stop", terminated: true), contentEvents: 0),
    ]

    private static let ollamaGenerate: [WireSample] = [
        ollama(
            "text with its context", OllamaGenerate(),
            [
                OllamaLines.generate(#""response":"Grüße""#),
                OllamaLines.generate(#""response":" 👋🏽""#), OllamaLines.generateEnd("stop"),
            ],
            AnswerSummary(text: "Grüße 👋🏽", finishReason: "stop", terminated: true),
            contentEvents: 2),
        ollama(
            "thinking, cut for length by the provider", OllamaGenerate(),
            [
                OllamaLines.generate(#""response":"","thinking":"Hm.""#),
                OllamaLines.generate(#""response":"a""#),
                OllamaLines.generateEnd("length", #""response":"b""#),
            ],
            AnswerSummary(text: "ab", finishReason: "length", terminated: true),
            contentEvents: 2),
    ]

    static let ollamaThinkingLines = [
        OllamaLines.chat(#""content":"","thinking":"I ""#),
        OllamaLines.chat(#""content":"","thinking":"refund…""#),
        OllamaLines.chat(
            #""content":"","tool_calls":[{"id":"call_1","function":{"index":0,"name":"refund","#
                + #""arguments":{"order":"A,1\"{🎁","notes":[1,{"a":2,"b":3}],"dry_run":true}}}]"#),
        OllamaLines.chatEnd("stop"),
    ]

    private static func ollama(
        _ name: String, _ wire: any WireProtocol, _ lines: [String], _ expected: AnswerSummary,
        contentEvents: Int, members: Int = 0
    ) -> WireSample {
        let endsBlank =
            lines.last?.contains(#"":""}"#) == true
            || lines.last?.contains(#""response":"","#) == true
        return WireSample(
            name: name, wire: wire, framing: .jsonLines, stream: OllamaLines.bytes(lines),
            expected: expected, contentEvents: contentEvents, members: members,
            words: .init(length: "length", normal: "stop"), terminators: endsBlank ? 1 : 0,
            argumentsAreObjects: true)
    }
}
