import WireProtocols

extension WireSample {
    static let bedrock = bedrockConverse + bedrockInvoke

    static let bedrockConverse: [WireSample] = [
        converse(
            "text in pieces, the last of them empty",
            [
                converseStart, converseText(0, "Hello"), converseText(0, " — été 🌍"),
                converseText(0, ""), converseBlockStop(0), converseStop("end_turn"),
                converseMetadata,
            ],
            AnswerSummary(text: "Hello — été 🌍", finishReason: "end_turn", terminated: true),
            contentEvents: 2),
        converse(
            "a tool call in pieces",
            [
                converseStart, converseTool(0, "tooluse_1", "find"),
                converseInput(0, #"{\"q\": \"é"#), converseInput(0, #"\", \"n\": 2"#),
                converseInput(0, "}"), converseBlockStop(0), converseStop("tool_use"),
                converseMetadata,
            ],
            AnswerSummary(
                toolCalls: [
                    ToolCall(id: "tooluse_1", name: "find", arguments: #"{"q": "é", "n": 2}"#)
                ], finishReason: "tool_use", terminated: true),
            contentEvents: 4, members: 2),
        converse(
            "text, then parallel tools", parallelTools, parallelToolsSummary,
            contentEvents: 6, members: 2),
        converse(
            "signed reasoning, text, a tool", converseReasoning,
            AnswerSummary(
                text: "Done.",
                toolCalls: [ToolCall(id: "tooluse_4", name: "get", arguments: #"{"a":1}"#)],
                finishReason: "tool_use", terminated: true),
            contentEvents: 3, members: 1),
        converse(
            "text that ran out of tokens",
            [
                converseStart, converseText(0, "One,"), converseText(0, " two"),
                converseBlockStop(0), converseStop("max_tokens"), converseMetadata,
            ],
            AnswerSummary(text: "One, two", finishReason: "max_tokens", terminated: true),
            contentEvents: 2),
        converse(
            "a tool without input",
            [
                converseStart, converseTool(0, "tooluse_5", "now"), converseInput(0, ""),
                converseBlockStop(0), converseStop("tool_use"), converseMetadata,
            ],
            AnswerSummary(
                toolCalls: [ToolCall(id: "tooluse_5", name: "now", arguments: "{}")],
                finishReason: "tool_use", terminated: true),
            contentEvents: 1),
        converse(
            "a tool of the service, text with its source", serverTool,
            AnswerSummary(text: "It is 4.0.", finishReason: "end_turn", terminated: true),
            contentEvents: 3),
        converse(
            "a start of text, no end of it, numbers before the stop",
            [
                converseMessage("contentBlockStart", #"{"contentBlockIndex":0,"start":{}}"#),
                converseText(0, "Hi"), converseMetadata, converseStop("end_turn"),
            ],
            AnswerSummary(text: "Hi", finishReason: "end_turn", terminated: true),
            contentEvents: 1),
        converse(
            "no content at all", [converseStart, converseStop("end_turn"), converseMetadata],
            AnswerSummary(finishReason: "end_turn", terminated: true), contentEvents: 0),
    ]

    private static let parallelTools = [
        converseStart, converseText(0, "I look."), converseBlockStop(0),
        converseTool(1, "tooluse_2", "find"), converseInput(1, #"{\"q\":\"a\"}"#),
        converseBlockStop(1), converseTool(2, "tooluse_3", "refund"),
        converseInput(2, #"{\"order\":\"A"#), converseInput(2, #"1\",\"dry\":[1,2]}"#),
        converseBlockStop(2), converseStop("tool_use"), converseMetadata,
    ]

    private static let parallelToolsSummary = AnswerSummary(
        text: "I look.",
        toolCalls: [
            ToolCall(id: "tooluse_2", name: "find", arguments: #"{"q":"a"}"#),
            ToolCall(id: "tooluse_3", name: "refund", arguments: #"{"order":"A1","dry":[1,2]}"#),
        ], finishReason: "tool_use", terminated: true)

    static let converseReasoning = [
        converseStart, converseDelta(0, #"{"reasoningContent":{"text":"I need to…"}}"#),
        converseDelta(0, #"{"reasoningContent":{"signature":"EqQBCkYIAhgC=="}}"#),
        converseBlockStop(0), converseText(1, "Done."), converseBlockStop(1),
        converseTool(2, "tooluse_4", "get"), converseInput(2, #"{\"a\":1}"#),
        converseBlockStop(2), converseStop("tool_use"), converseMetadata,
    ]

    private static let serverTool = [
        converseStart,
        converseMessage(
            "contentBlockStart",
            #"{"contentBlockIndex":0,"start":{"toolUse":{"name":"grounding","#
                + #""toolUseId":"tooluse_6","type":"server_tool_use"}}}"#),
        converseInput(0, #"{\"query\":\"x\"}"#), converseBlockStop(0),
        converseMessage(
            "contentBlockStart",
            #"{"contentBlockIndex":1,"start":{"toolResult":{"toolUseId":"tooluse_6"}}}"#),
        converseDelta(1, #"{"toolResult":[{"text":"hidden"}]}"#), converseBlockStop(1),
        converseText(2, "It is"), converseDelta(2, #"{"citation":{"title":"News"}}"#),
        converseText(2, " 4.0."), converseBlockStop(2), converseStop("end_turn"), converseMetadata,
    ]

    static let converseStart = converseMessage(
        "messageStart", #"{"p":"abcdefgh","role":"assistant"}"#)
    static let converseMetadata = converseMessage(
        "metadata",
        #"{"metrics":{"latencyMs":40},"p":"ab","usage":{"inputTokens":12,"outputTokens":30,"#
            + #""totalTokens":42}}"#)

    static func converseMessage(_ type: String, _ payload: String) -> StreamEvent {
        let headers: [AWSEventMessage.Header] = [
            .init(":event-type", type), .init(":content-type", "application/json"),
            .init(":message-type", "event"),
        ]
        return .message(AWSEventMessage(headers: headers, payload: Array(payload.utf8)))
    }

    static func converseDelta(_ index: Int, _ delta: String) -> StreamEvent {
        converseMessage(
            "contentBlockDelta", #"{"contentBlockIndex":\#(index),"delta":\#(delta),"p":"abcd"}"#)
    }

    static func converseText(_ index: Int, _ text: String) -> StreamEvent {
        converseDelta(index, #"{"text":"\#(text)"}"#)
    }

    static func converseInput(_ index: Int, _ escaped: String) -> StreamEvent {
        converseDelta(index, #"{"toolUse":{"input":"\#(escaped)"}}"#)
    }

    static func converseTool(_ index: Int, _ id: String, _ name: String) -> StreamEvent {
        converseMessage(
            "contentBlockStart",
            #"{"contentBlockIndex":\#(index),"p":"abc","start":{"toolUse":{"name":"\#(name)","#
                + #""toolUseId":"\#(id)"}}}"#)
    }

    static func converseBlockStop(_ index: Int) -> StreamEvent {
        converseMessage("contentBlockStop", #"{"contentBlockIndex":\#(index),"p":"abcde"}"#)
    }

    static func converseStop(_ reason: String) -> StreamEvent {
        converseMessage("messageStop", #"{"p":"a","stopReason":"\#(reason)"}"#)
    }

    private static func converse(
        _ name: String, _ events: [StreamEvent], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0
    ) -> WireSample {
        WireSample(
            name: name, wire: BedrockConverse(), framing: .awsEventStream,
            stream: StreamEvent.bytes(of: events), expected: expected,
            contentEvents: contentEvents, members: members,
            words: .init(length: "max_tokens", normal: "end_turn"), terminators: 0)
    }
}
