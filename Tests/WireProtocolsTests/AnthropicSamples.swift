import WireProtocols

extension WireSample {
    static let anthropic: [WireSample] = [
        anthropic(
            "text with a ping",
            [
                start, blockStart(0, #"{"type":"text","text":""}"#), ping,
                text(0, "Hello"), text(0, "! 🌍"), blockStop(0), messageDelta("end_turn"), stop,
            ],
            AnswerSummary(text: "Hello! 🌍", finishReason: "end_turn", terminated: true),
            contentEvents: 2),
        anthropic(
            "text, then parallel tools",
            [
                start, blockStart(0, #"{"type":"text","text":""}"#), text(0, "I look."),
                blockStop(0), tool(1, "toolu_1", "find"), arguments(1, ""),
                arguments(1, #"{\"q\": \"é\"}"#), blockStop(1), tool(2, "toolu_2", "refund"),
                arguments(2, #"{\"order\": \"A"#), arguments(2, #"1\", \"dry_run\""#),
                arguments(2, ": true}"), blockStop(2), messageDelta("tool_use"), stop,
            ],
            AnswerSummary(
                text: "I look.",
                toolCalls: [
                    ToolCall(id: "toolu_1", name: "find", arguments: #"{"q": "é"}"#),
                    ToolCall(
                        id: "toolu_2", name: "refund",
                        arguments: #"{"order": "A1", "dry_run": true}"#),
                ], finishReason: "tool_use", terminated: true),
            contentEvents: 7, members: 2),
        anthropic(
            "signed thinking, text, a tool",
            thinkingFrames,
            AnswerSummary(
                text: "Done.",
                toolCalls: [ToolCall(id: "toolu_3", name: "get", arguments: #"{"a":1,"b":[2,3]}"#)],
                finishReason: "tool_use", terminated: true),
            contentEvents: 3, members: 2),
        anthropic(
            "carriage returns and line feeds",
            [
                start, blockStart(0, #"{"type":"text","text":""}"#), text(0, "été"),
                blockStop(0), messageDelta("end_turn"), stop,
            ],
            AnswerSummary(text: "été", finishReason: "end_turn", terminated: true),
            contentEvents: 1, ending: .crlf),
        anthropic(
            "a tool without arguments",
            [
                start, tool(0, "toolu_4", "now"), arguments(0, ""), blockStop(0),
                messageDelta("tool_use"), stop,
            ],
            AnswerSummary(
                toolCalls: [ToolCall(id: "toolu_4", name: "now", arguments: "{}")],
                finishReason: "tool_use", terminated: true),
            contentEvents: 1),
        anthropic(
            "no content at all", [start, messageDelta("end_turn"), stop],
            AnswerSummary(finishReason: "end_turn", terminated: true), contentEvents: 0),
    ]

    static let thinkingFrames = [
        start, blockStart(0, #"{"type":"thinking","thinking":"","signature":""}"#),
        delta(0, #"{"type":"thinking_delta","thinking":"I need to…"}"#),
        delta(0, #"{"type":"signature_delta","signature":"EqQBCkYIAhgC=="}"#), blockStop(0),
        blockStart(1, #"{"type":"text","text":""}"#), text(1, "Done."), blockStop(1),
        tool(2, "toolu_3", "get"), arguments(2, #"{\"a\":1,\"b\":[2,3]}"#), blockStop(2),
        messageDelta("tool_use"), stop,
    ]

    static let start = frame(
        "message_start",
        #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","#
            + #""model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"#
            + #""usage":{"input_tokens":12,"output_tokens":1}}}"#)
    static let ping = frame("ping", #"{"type": "ping"}"#)
    static let stop = frame("message_stop", #"{"type":"message_stop"}"#)

    static func frame(_ event: String, _ data: String) -> String {
        "event: \(event)\ndata: \(data)"
    }

    static func blockStart(_ index: Int, _ block: String) -> String {
        frame(
            "content_block_start",
            #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#)
    }

    static func tool(_ index: Int, _ id: String, _ name: String) -> String {
        blockStart(index, #"{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":{}}"#)
    }

    static func delta(_ index: Int, _ delta: String) -> String {
        frame(
            "content_block_delta",
            #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#)
    }

    static func text(_ index: Int, _ text: String) -> String {
        delta(index, #"{"type":"text_delta","text":"\#(text)"}"#)
    }

    static func arguments(_ index: Int, _ escaped: String) -> String {
        delta(index, #"{"type":"input_json_delta","partial_json":"\#(escaped)"}"#)
    }

    static func blockStop(_ index: Int) -> String {
        frame("content_block_stop", #"{"type":"content_block_stop","index":\#(index)}"#)
    }

    static func messageDelta(_ reason: String) -> String {
        frame(
            "message_delta",
            #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"#
                + #""usage":{"output_tokens":30}}"#)
    }

    private static func anthropic(
        _ name: String, _ frames: [String], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0, ending: SSELineEnding = .lf
    ) -> WireSample {
        WireSample(
            name: name, wire: AnthropicMessages(), stream: streamBytes(frames, ending),
            expected: expected, contentEvents: contentEvents, members: members,
            words: .init(length: "max_tokens", normal: "end_turn"))
    }
}
