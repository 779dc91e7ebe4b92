import WireProtocols

/// Frames as Cohere writes them.
enum CohereFrames {
    static let start = frame(
        "message-start",
        #"{"id":"c1","type":"message-start","delta":{"message":{"role":"assistant","content":[],"#
            + #""tool_plan":"","tool_calls":[],"citations":[]}}}"#)
    static let done = "data: [DONE]"

    static func frame(_ type: String, _ data: String) -> String {
        "event: \(type)\ndata: \(data)"
    }

    static func content(_ type: String, _ index: Int, _ content: String) -> String {
        frame(
            type,
            #"{"type":"\#(type)","index":\#(index),"delta":{"message":{"content":\#(content)}}}"#)
    }

    static func textStart(_ index: Int) -> String {
        content("content-start", index, #"{"type":"text","text":""}"#)
    }

    static func text(_ index: Int, _ text: String) -> String {
        content("content-delta", index, #"{"text":"\#(text)"}"#)
    }

    static func thinking(_ index: Int, _ text: String) -> String {
        content("content-delta", index, #"{"thinking":"\#(text)"}"#)
    }

    static func plan(_ text: String) -> String {
        frame(
            "tool-plan-delta",
            #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"\#(text)"}}}"#)
    }

    static func call(_ index: Int, _ id: String, _ name: String) -> String {
        calls(
            "tool-call-start", index,
            #"{"id":"\#(id)","type":"function","function":{"name":"\#(name)","arguments":""}}"#)
    }

    /// A piece of arguments, written as it stands inside a JSON string.
    static func piece(_ index: Int, _ escaped: String) -> String {
        calls("tool-call-delta", index, #"{"function":{"arguments":"\#(escaped)"}}"#)
    }

    private static func calls(_ type: String, _ index: Int, _ calls: String) -> String {
        frame(
            type,
            #"{"type":"\#(type)","index":\#(index),"delta":{"message":{"tool_calls":\#(calls)}}}"#)
    }

    static func citation(_ index: Int) -> String {
        frame(
            "citation-start",
            #"{"type":"citation-start","index":\#(index),"delta":{"message":{"citations":"#
                + #"{"start":0,"end":4,"text":"1993","sources":[{"type":"document","id":"doc:0"}],"#
                + #""type":"TEXT_CONTENT","content_index":1}}}}"#)
    }

    static func end(_ type: String, _ index: Int) -> String {
        frame(type, #"{"type":"\#(type)","index":\#(index)}"#)
    }

    static func messageEnd(
        _ reason: String, billed: Int = 7, tokens: String = #""output_tokens":10"#
    ) -> String {
        frame(
            "message-end",
            #"{"type":"message-end","delta":{"finish_reason":"\#(reason)","usage":{"#
                + #""billed_units":{"input_tokens":12,"output_tokens":\#(billed)},"#
                + #""tokens":{"input_tokens":507,\#(tokens)},"cached_tokens":448}}}"#)
    }
}

extension WireSample {
    static let cohere: [WireSample] = cohereTexts + cohereTools

    private static let cohereTexts: [WireSample] = [
        cohere(
            "text",
            [
                CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "Hello"),
                CohereFrames.text(0, ", it is "), CohereFrames.text(0, "21 °C 🌤️."),
                CohereFrames.end("content-end", 0), CohereFrames.messageEnd("COMPLETE"),
                CohereFrames.done,
            ],
            AnswerSummary(
                text: "Hello, it is 21 °C 🌤️.", finishReason: "COMPLETE", terminated: true),
            contentEvents: 3),
        cohere(
            "thinking, then text with citations", cohereCitedFrames,
            AnswerSummary(text: "1993 it was.", finishReason: "COMPLETE", terminated: true),
            contentEvents: 3),
        cohere(
            "carriage returns and line feeds, cut for length by the provider",
            [
                CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "Un"),
                CohereFrames.text(0, " été"), CohereFrames.end("content-end", 0),
                CohereFrames.messageEnd("MAX_TOKENS"),
            ],
            AnswerSummary(text: "Un été", finishReason: "MAX_TOKENS", terminated: true),
            contentEvents: 2, ending: .crlf),
        cohere(
            "comments, types only in the name or only in the data",
            [
                CohereFrames.start, ": keep-alive",
                #"data:{"type":"content-start","delta":{"message":{"content":{"text":"a"}}}}"#,
                CohereFrames.frame(
                    "content-delta", #"{"index":0,"delta":{"message":{"content":{"text":"b"}}}}"#),
                ": keep-alive", #"data:{"type":"content-end"}"#, #"data:{"type":"debug"}"#,
                CohereFrames.frame("message-end", #"{"delta":{"finish_reason":"COMPLETE"}}"#),
            ],
            AnswerSummary(text: "ab", finishReason: "COMPLETE", terminated: true),
            contentEvents: 2),
        cohere(
            "no content at all",
            [CohereFrames.start, CohereFrames.messageEnd("COMPLETE"), CohereFrames.done],
            AnswerSummary(finishReason: "COMPLETE", terminated: true), contentEvents: 0),
    ]

    private static let cohereTools: [WireSample] = [
        cohere(
            "a plan, then a tool call in pieces",
            [
                CohereFrames.start, CohereFrames.plan("I"), CohereFrames.plan(" will refund."),
                CohereFrames.call(0, "refund_1", "refund"),
                CohereFrames.piece(0, #"{\"order"#), CohereFrames.piece(0, #"\": \"A,1\\\"{🎁\","#),
                CohereFrames.piece(0, #" \"notes\": [1, {\"a\": 2, \"b\": 3}], \"dry_run\""#),
                CohereFrames.piece(0, ": true}"), CohereFrames.end("tool-call-end", 0),
                CohereFrames.messageEnd("TOOL_CALL"),
            ],
            AnswerSummary(
                toolCalls: [
                    ToolCall(
                        id: "refund_1", name: "refund",
                        arguments:
                            #"{"order": "A,1\"{🎁", "notes": [1, {"a": 2, "b": 3}], "dry_run": true}"#
                    )
                ], finishReason: "TOOL_CALL", terminated: true),
            contentEvents: 5, members: 3),
        cohere(
            "text, then parallel calls", cohereParallelFrames,
            AnswerSummary(
                text: "I look.",
                toolCalls: [
                    ToolCall(id: "find_1", name: "find", arguments: #"{"q": "é"}"#),
                    ToolCall(id: "load_2", name: "load", arguments: #"{"x":1,"z":2}"#),
                ], finishReason: "TOOL_CALL", terminated: true),
            contentEvents: 6, members: 2),
        cohere(
            "a tool without arguments",
            [
                CohereFrames.start, CohereFrames.call(0, "now_1", "now"),
                CohereFrames.end("tool-call-end", 0), CohereFrames.messageEnd("TOOL_CALL"),
                CohereFrames.done,
            ],
            AnswerSummary(
                toolCalls: [ToolCall(id: "now_1", name: "now", arguments: "{}")],
                finishReason: "TOOL_CALL", terminated: true),
            contentEvents: 1),
    ]

    static let cohereCitedFrames = [
        CohereFrames.start,
        CohereFrames.content("content-start", 0, #"{"type":"thinking","thinking":""}"#),
        CohereFrames.thinking(0, "The document…"), CohereFrames.end("content-end", 0),
        CohereFrames.textStart(1), CohereFrames.text(1, "1993"), CohereFrames.citation(0),
        CohereFrames.end("citation-end", 0), CohereFrames.text(1, " it"),
        CohereFrames.text(1, " was."), CohereFrames.citation(1),
        CohereFrames.end("citation-end", 1), CohereFrames.end("content-end", 1),
        CohereFrames.messageEnd(
            "COMPLETE", tokens: #""output_tokens":30,"reasoning_tokens":9"#), CohereFrames.done,
    ]

    static let cohereParallelFrames = [
        CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "I look."),
        CohereFrames.end("content-end", 0), CohereFrames.call(0, "find_1", "find"),
        CohereFrames.piece(0, #"{\"q\": \"é\"}"#), CohereFrames.end("tool-call-end", 0),
        CohereFrames.call(1, "load_2", "load"), CohereFrames.piece(1, #"{\"x\":1,"#),
        CohereFrames.piece(1, #"\"z\":2}"#), CohereFrames.end("tool-call-end", 1),
        CohereFrames.messageEnd("TOOL_CALL"), CohereFrames.done,
    ]

    private static func cohere(
        _ name: String, _ frames: [String], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0, ending: SSELineEnding = .lf
    ) -> WireSample {
        WireSample(
            name: name, wire: CohereChat(), stream: streamBytes(frames, ending),
            expected: expected, contentEvents: contentEvents, members: members,
            words: .init(length: "MAX_TOKENS", normal: "COMPLETE"),
            terminators: frames.contains(CohereFrames.done) ? 1 : 0)
    }
}
