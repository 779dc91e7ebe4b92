import WireProtocols

extension WireSample {
    static let openAI: [WireSample] = [
        openAI(
            "text with usage",
            [
                chunk(#"{"role":"assistant","content":"","refusal":null}"#),
                chunk(#"{"content":"Hello"}"#), chunk(#"{"content":", it is "}"#),
                chunk(#"{"content":"21 °C 🌤️."}"#), chunk("{}", finish: "stop"),
                usage, "data: [DONE]",
            ],
            AnswerSummary(
                text: "Hello, it is 21 °C 🌤️.", finishReason: "stop", terminated: true),
            contentEvents: 3),
        openAI(
            "tool call in pieces",
            [
                chunk(
                    #"{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","#
                        + #""type":"function","function":{"name":"refund","arguments":""}}]}"#),
                piece(0, #"{\"order"#), piece(0, #"\": \"A,1\\\"{🎁\", \"notes"#),
                piece(0, #"\": [1, {\"a\": 2, \"b\": 3}], \"dry_run\": true"#), piece(0, "}"),
                chunk("{}", finish: "tool_calls"), "data: [DONE]",
            ],
            AnswerSummary(
                toolCalls: [
                    ToolCall(
                        id: "call_1", name: "refund",
                        arguments:
                            #"{"order": "A,1\"{🎁", "notes": [1, {"a": 2, "b": 3}], "dry_run": true}"#
                    )
                ], finishReason: "tool_calls", terminated: true),
            contentEvents: 5, members: 3),
        openAI(
            "parallel tool calls after text, pieces interleaved",
            [
                chunk(#"{"role":"assistant","content":"Looking."}"#),
                opening(0, "call_a", "find"), opening(1, "call_b", "load"),
                piece(1, #"{\"x\":1,"#), piece(0, #"{\"q\":\"y\"}"#), piece(1, #"\"z\":2}"#),
                chunk("{}", finish: "tool_calls"), "data: [DONE]",
            ],
            AnswerSummary(
                text: "Looking.",
                toolCalls: [
                    ToolCall(id: "call_a", name: "find", arguments: #"{"q":"y"}"#),
                    ToolCall(id: "call_b", name: "load", arguments: #"{"x":1,"z":2}"#),
                ], finishReason: "tool_calls", terminated: true),
            contentEvents: 6, members: 2),
        openAI(
            "llama.cpp, a call at once", llamaFrames, llamaSummary, contentEvents: 1, members: 2),
        openAI(
            "Azure", azureFrames,
            AnswerSummary(text: "Capital of", finishReason: "stop", terminated: true),
            contentEvents: 2),
        openAI(
            "carriage returns and line feeds, comments, content beside the finish",
            [
                ": OPENROUTER PROCESSING", chunk(#"{"role":"assistant","content":"Un"}"#),
                ": OPENROUTER PROCESSING", #"data:{"choices":[{"delta":null}]}"#,
                chunk(#"{"content":" été"}"#, finish: "stop"), "data: [DONE]",
            ],
            AnswerSummary(text: "Un été", finishReason: "stop", terminated: true),
            contentEvents: 2, ending: .crlf),
        openAI(
            "carriage returns, cut for length by the provider",
            [
                chunk(#"{"role":"assistant","content":"a"}"#),
                chunk(#"{"role":"assistant","content":"b"}"#),
                chunk("{}", finish: "length"), "data: [DONE]",
            ],
            AnswerSummary(text: "ab", finishReason: "length", terminated: true),
            contentEvents: 2, ending: .cr),
        openAI(
            "no content at all",
            [
                chunk(#"{"role":"assistant","content":""}"#), chunk("{}", finish: "stop"),
                "data: [DONE]",
            ],
            AnswerSummary(finishReason: "stop", terminated: true), contentEvents: 0),
    ]

    private static let usage =
        #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","#
        + #""choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}"#

    private static let llamaFrames = [
        #"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","#
            + #""content":null}}],"#
            + #""created":1,"id":"chatcmpl-x","model":"smollm2","system_fingerprint":"b1","#
            + #""object":"chat.completion.chunk"}"#,
        #"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"tool_calls":[{"index":0,"#
            + #""id":"c1","type":"function","function":{"name":"get","#
            + #""arguments":"{\"a\":1,\"b\":2}"}}]}}],"#
            + #""created":1,"id":"chatcmpl-x","model":"smollm2","object":"chat.completion.chunk"}"#,
        #"data: {"choices":[{"finish_reason":"tool_calls","index":0,"delta":{}}],"created":1,"#
            + #""id":"chatcmpl-x","model":"smollm2","object":"chat.completion.chunk","#
            + #""usage":{"completion_tokens":9,"prompt_tokens":4,"total_tokens":13},"#
            + #""timings":{"prompt_n":4,"prompt_ms":12.5,"predicted_n":9,"predicted_ms":80.25}}"#,
        "data: [DONE]",
    ]

    private static let llamaSummary = AnswerSummary(
        toolCalls: [ToolCall(id: "c1", name: "get", arguments: #"{"a":1,"b":2}"#)],
        finishReason: "tool_calls", terminated: true)

    private static let azureFrames = [
        #"data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":"#
            + #"[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"#
            + #""severity":"safe"}}}]}"#,
        #"data: {"choices":[{"content_filter_results":{},"delta":{"content":"","#
            + #""refusal":null,"role":"#
            + #""assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1,"#
            + #""usage":null}"#,
        #"data: {"choices":[{"content_filter_results":{"hate":{"filtered":false}},"#
            + #""delta":{"content":"#
            + #""Capital"},"finish_reason":null,"index":0,"logprobs":null}],"created":1,"#
            + #""usage":null}"#,
        #"data: {"choices":[{"delta":{"content":" of"},"finish_reason":null}],"usage":null}"#,
        #"data: {"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","#
            + #""index":0}]}"#,
        "data: [DONE]",
    ]

    static func chunk(_ delta: String, finish: String? = nil) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","#
            + #""choices":[{"index":0,"delta":\#(delta),"logprobs":null,"#
            + #""finish_reason":\#(reason)}]}"#
    }

    static func opening(_ index: Int, _ id: String, _ name: String) -> String {
        chunk(
            #"{"tool_calls":[{"index":\#(index),"id":"\#(id)","type":"function","function":"#
                + #"{"name":"\#(name)","arguments":""}}]}"#)
    }

    /// A piece of arguments, written as it stands inside a JSON string.
    static func piece(_ index: Int, _ escaped: String) -> String {
        chunk(#"{"tool_calls":[{"index":\#(index),"function":{"arguments":"\#(escaped)"}}]}"#)
    }

    private static func openAI(
        _ name: String, _ frames: [String], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0, ending: SSELineEnding = .lf
    ) -> WireSample {
        WireSample(
            name: name, wire: OpenAIChat(), stream: streamBytes(frames, ending),
            expected: expected, contentEvents: contentEvents, members: members,
            words: .init(length: "length", normal: "stop"))
    }
}
