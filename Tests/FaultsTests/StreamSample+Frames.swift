/// What the sample streams send.
extension StreamSample {
    static let chatFrames: [String] = [
        chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"Grüße"}"#),
        chunk(#"{"content":" an alle 😀"}"#), chunk(#"{"content":"!"}"#),
        chunk(
            #"{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":"#
                + #"{"name":"weather","arguments":""}}]}"#),
        chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": \"Pa"}}]}"#),
        chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"ris\", \"unit\": 1}"}}]}"#),
        #"data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":"#
            + #"[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"# + "\n\n",
        #"data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":"#
            + #"[],"usage":{"prompt_tokens":9,"completion_tokens":5}}"# + "\n\n",
        "data: [DONE]\n\n",
    ]

    private static func chunk(_ delta: String) -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":"#
            + #"[{"index":0,"delta":\#(delta),"finish_reason":null}]}"# + "\n\n"
    }

    /// Signed thinking, a text and a tool.
    static let anthropicData: [String] = [
        #"{"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","#
            + #""model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":9,"#
            + #""output_tokens":1}}}"#,
        block(0, #"{"type":"thinking","thinking":"","signature":""}"#),
        delta(0, #"{"type":"thinking_delta","thinking":"Hm."}"#),
        delta(0, #"{"type":"signature_delta","signature":"c2ln"}"#),
        #"{"type":"content_block_stop","index":0}"#,
        block(1, #"{"type":"text","text":""}"#), delta(1, #"{"type":"text_delta","text":"Ça"}"#),
        delta(1, #"{"type":"text_delta","text":" va"}"#),
        #"{"type":"content_block_stop","index":1}"#,
        block(2, #"{"type":"tool_use","id":"toolu_1","name":"get","input":{}}"#),
        delta(2, #"{"type":"input_json_delta","partial_json":"{\"a\":1"}"#),
        delta(2, #"{"type":"input_json_delta","partial_json":",\"b\":[2]}"}"#),
        #"{"type":"content_block_stop","index":2}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"#
            + #""usage":{"output_tokens":30}}"#, #"{"type":"message_stop"}"#,
    ]

    static let anthropicFrames: [String] = anthropicData.map { data in
        let type = data.dropFirst(#"{"type":""#.count).prefix { $0 != "\"" }
        return "event: \(type)\ndata: \(data)\n\n"
    }

    private static func block(_ index: Int, _ block: String) -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#
    }

    private static func delta(_ index: Int, _ delta: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#
    }

    static let responsesFrames: [String] = {
        let part = #"{"type":"output_text","text":"Hello you","annotations":[]}"#
        let message =
            #"{"id":"msg_1","type":"message","status":"completed","role":"assistant","#
            + #""content":[\#(part)]}"#
        let call =
            #"{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","#
            + #""name":"weather","arguments":"{\"city\":\"Paris\"}"}"#
        let place = #""item_id":"msg_1","output_index":0,"content_index":0"#
        let callPlace = #""item_id":"fc_1","output_index":1"#
        let head = #""id":"resp_1","object":"response","created_at":7,"model":"m""#
        let events: [(String, String)] = [
            ("created", #""response":{\#(head),"status":"in_progress","output":[],"usage":null}"#),
            (
                "output_item.added",
                #""output_index":0,"item":{"id":"msg_1","type":"message","#
                    + #""status":"in_progress","role":"assistant","content":[]}"#
            ),
            (
                "content_part.added",
                #"\#(place),"part":{"type":"output_text","text":"","annotations":[]}"#
            ),
            ("output_text.delta", #"\#(place),"delta":"Hello""#),
            ("output_text.delta", #"\#(place),"delta":" you""#),
            ("output_text.done", #"\#(place),"text":"Hello you""#),
            ("content_part.done", #"\#(place),"part":\#(part)"#),
            ("output_item.done", #""output_index":0,"item":\#(message)"#),
            (
                "output_item.added",
                #""output_index":1,"item":{"id":"fc_1","type":"function_call","#
                    + #""status":"in_progress","call_id":"call_1","name":"weather","#
                    + #""arguments":""}"#
            ),
            ("function_call_arguments.delta", #"\#(callPlace),"delta":"{\"city\":""#),
            ("function_call_arguments.delta", #"\#(callPlace),"delta":"\"Paris\"}""#),
            (
                "function_call_arguments.done",
                #"\#(callPlace),"arguments":"{\"city\":\"Paris\"}""#
            ), ("output_item.done", #""output_index":1,"item":\#(call)"#),
            (
                "completed",
                #""response":{\#(head),"status":"completed","output":[\#(message),\#(call)],"#
                    + #""usage":{"input_tokens":9,"output_tokens":4}}"#
            ),
        ]
        return events.enumerated().map { number, event in
            "event: response.\(event.0)\ndata: "
                + #"{"type":"response.\#(event.0)","sequence_number":\#(number),\#(event.1)}"#
                + "\n\n"
        }
    }()

    static let cohereFrames: [String] = [
        cohere(
            "message-start", nil,
            #"{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}"#),
        cohere("content-start", 0, #"{"content":{"type":"text","text":""}}"#),
        cohere("content-delta", 0, #"{"content":{"text":"It is"}}"#),
        cohere("content-delta", 0, #"{"content":{"text":" warm."}}"#),
        cohere("content-end", 0, nil),
        cohere(
            "tool-call-start", 0,
            #"{"tool_calls":{"id":"t1","type":"function","function":{"name":"weather","#
                + #""arguments":""}}}"#),
        cohere("tool-call-delta", 0, #"{"tool_calls":{"function":{"arguments":"{\"city\":"}}}"#),
        cohere("tool-call-delta", 0, #"{"tool_calls":{"function":{"arguments":"\"Paris\"}"}}}"#),
        cohere("tool-call-end", 0, nil),
        "event: message-end\ndata: "
            + #"{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"tokens":"#
            + #"{"input_tokens":9,"output_tokens":4}}}}"# + "\n\n",
    ]

    private static func cohere(_ type: String, _ index: Int?, _ message: String?) -> String {
        let id = index.map { #""index":\#($0)"# } ?? #""id":"c1""#
        let delta = message.map { #","delta":{"message":\#($0)}"# } ?? ""
        return "event: \(type)\ndata: " + #"{"type":"\#(type)",\#(id)\#(delta)}"# + "\n\n"
    }

    /// The last text is signed.
    static let geminiDocuments: [String] = [
        gemini(#"{"text":"Gern"}"#), gemini(#"{"text":" doch"}"#),
        gemini(#"{"text":".","thoughtSignature":"c2ln"}"#),
        gemini(#"{"functionCall":{"name":"get","args":{"a":1,"role":"x"}}}"#),
        #"{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","#
            + #""index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4}}"#,
    ]

    private static func gemini(_ part: String) -> String {
        #"{"candidates":[{"content":{"parts":[\#(part)],"role":"model"},"index":0}]}"#
    }

    static let ollamaLines: [String] = [
        #"{"model":"q","message":{"role":"assistant","content":"Oui"},"done":false}"#,
        #"{"model":"q","message":{"role":"assistant","content":" é"},"done":false}"#,
        #"{"model":"q","message":{"role":"assistant","content":"","tool_calls":[{"function":"#
            + #"{"name":"get","arguments":{"a":1,"b":2}}}]},"done":false}"#,
        #"{"model":"q","message":{"role":"assistant","content":""},"done_reason":"stop","#
            + #""done":true,"prompt_eval_count":9,"eval_count":4}"#,
    ]

    static let generateLines: [String] = [
        #"{"model":"q","response":"Oui","done":false}"#,
        #"{"model":"q","response":" é","done":false}"#,
        #"{"model":"q","response":"","done":true,"done_reason":"stop","prompt_eval_count":9,"#
            + #""eval_count":4}"#,
    ]

    static let converseEvents: [(String, String)] = [
        ("messageStart", #"{"role":"assistant"}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Sí"},"p":"ab"}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":" claro"},"p":"abc"}"#),
        ("contentBlockStop", #"{"contentBlockIndex":0}"#),
        (
            "contentBlockStart",
            #"{"contentBlockIndex":1,"start":{"toolUse":{"name":"f","toolUseId":"t"}}}"#
        ),
        (
            "contentBlockDelta",
            #"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\":1,\"b\":2}"}}}"#
        ), ("contentBlockStop", #"{"contentBlockIndex":1}"#),
        ("messageStop", #"{"stopReason":"tool_use"}"#),
        ("metadata", #"{"usage":{"inputTokens":9,"outputTokens":4},"metrics":{"latencyMs":3}}"#),
    ]
}
