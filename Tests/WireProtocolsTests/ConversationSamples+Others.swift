import Determinism
import WireProtocols

extension ConversationSample {
    static let anthropic: [ConversationSample] = [
        ConversationSample(
            "two calls and their results, one of them a failure", AnthropicMessages(),
            #"{"model":"claude-sonnet-4-5","max_tokens":100,"# + messagesWithTools, messagesRead),
        ConversationSample(
            "instructions in blocks; documents, hits and images in results", AnthropicMessages(),
            #"""
            {"model":"claude-sonnet-4-5","max_tokens":100,"system":[
            {"type":"text","text":"One.","cache_control":{"type":"ephemeral"}},
            {"type":"text","text":"Two."}],"messages":[
            {"role":"user","content":[{"type":"text","text":"Find it."},{"type":"image","source":
            {"type":"base64","media_type":"image/png","data":"AA=="}}]},
            {"role":"assistant","content":[
            {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},
            {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},
            {"type":"tool_use","id":"toolu_1","name":"find","input":{}},
            {"type":"tool_use","id":"toolu_2","name":"open","input":{}}]},
            {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"toolu_1","content":[
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"doc "}},
            {"type":"document","source":{"type":"base64","media_type":"application/pdf",
            "data":"AA=="}},
            {"type":"search_result","source":"s","title":"t","content":[
            {"type":"text","text":"hit"}]},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]},
            {"type":"tool_result","tool_use_id":"toolu_2"}]}],
            "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3},
            {"type":"mcp_toolset","mcp_server_name":"docs"}]}
            """#,
            Conversation(
                system: "One.\nTwo.",
                messages: [
                    .user(.text("Find it."), .other),
                    .assistant(
                        .other, .other, .call("toolu_1", "find", "{}"),
                        .call("toolu_2", "open", "{}")),
                    .user(.result("toolu_1", "doc hit"), .result("toolu_2", "")),
                ], tools: [OfferedTool(name: "web_search", schema: nil)])),
    ]

    private static let messagesWithTools = #"""
        "system":"Be brief.","messages":[
        {"role":"user","content":"Weather in Paris and Rome?"},
        {"role":"assistant","content":[
        {"type":"thinking","thinking":"Two calls.","signature":"EqQB"},
        {"type":"text","text":"I look."},
        {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Paris"}},
        {"type":"tool_use","id":"toolu_2","name":"weather","input":{"city":"Rome"}}]},
        {"role":"user","content":[
        {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"cle"},
        {"type":"text","text":"ar"}]},
        {"type":"tool_result","tool_use_id":"toolu_2","is_error":true,"content":"timeout"},
        {"type":"text","text":"Go on."}]}],
        "tools":[{"name":"weather","description":"The weather.",
        "input_schema":\#(citySchemaText)}]}
        """#

    private static let messagesRead = Conversation(
        system: "Be brief.",
        messages: [
            .user(.text("Weather in Paris and Rome?")),
            .assistant(
                .other, .text("I look."), .call("toolu_1", "weather", #"{"city":"Paris"}"#),
                .call("toolu_2", "weather", #"{"city":"Rome"}"#)),
            .user(
                .result("toolu_1", "clear"), .result("toolu_2", "timeout", isError: true),
                .text("Go on.")),
        ], tools: [.weather])

    static let bedrock: [ConversationSample] = [
        ConversationSample(
            "of Claude", BedrockInvoke(),
            #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"# + messagesWithTools,
            messagesRead),
        ConversationSample(
            "two calls and their results, one of them a failure", BedrockConverse(),
            #"""
            {"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}},
            {"guardContent":{"text":{"text":"Use tools."}}}],"messages":[
            {"role":"user","content":[{"text":"Weather in Paris and Rome?"},
            {"image":{"format":"png","source":{"bytes":"AA=="}}}]},
            {"role":"assistant","content":[
            {"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"EqQB"}}},
            {"text":"I look."},
            {"toolUse":{"toolUseId":"tooluse_1","name":"weather","input":{"city":"Paris"}}},
            {"toolUse":{"toolUseId":"tooluse_2","name":"weather","input":{"city":"Rome"}}},
            {"toolUse":{"toolUseId":"srv_1","name":"nova_grounding","type":"server_tool_use",
            "input":{}}},
            {"toolResult":{"toolUseId":"srv_1","type":"nova_grounding_result","content":[]}}]},
            {"role":"user","content":[
            {"toolResult":{"toolUseId":"tooluse_1","status":"success","content":[
            {"json":{"sky":"clear","high":31}},{"image":{"format":"png"}},{"text":"!"}]}},
            {"toolResult":{"toolUseId":"tooluse_2","status":"error","content":[
            {"text":"timeout"}]}}]}],
            "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"The weather.",
            "inputSchema":{"json":\#(citySchemaText)}}},{"cachePoint":{"type":"default"}}]}}
            """#,
            Conversation(
                system: "Be brief.\nUse tools.",
                messages: [
                    .user(.text("Weather in Paris and Rome?"), .other),
                    .assistant(
                        .other, .text("I look."),
                        .call("tooluse_1", "weather", #"{"city":"Paris"}"#),
                        .call("tooluse_2", "weather", #"{"city":"Rome"}"#), .other, .other),
                    .user(
                        .result("tooluse_1", #"{"high":31,"sky":"clear"}!"#),
                        .result("tooluse_2", "timeout", isError: true)),
                ], tools: [.weather])),
    ]

    static let gemini: [ConversationSample] = [
        ConversationSample(
            "two calls and their results, without identifiers", Gemini(),
            #"""
            {"systemInstruction":{"role":"user","parts":[{"text":"Be brief."},
            {"text":"Use tools."}]},"contents":[
            {"role":"user","parts":[{"text":"Weather in Paris and Rome?"},
            {"inlineData":{"mimeType":"image/png","data":"AA=="}}]},
            {"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"I look."},
            {"functionCall":{"name":"weather","args":{"city":"Paris"}},"thoughtSignature":"CoAB"},
            {"functionCall":{"name":"now"}}]},
            {"role":"user","parts":[
            {"functionResponse":{"name":"weather","response":{"sky":"clear","high":31}}},
            {"functionResponse":{"name":"now","response":{"result":"noon"}}}]}],
            "tools":[{"functionDeclarations":[{"name":"weather","parameters":{"type":"OBJECT",
            "properties":{"city":{"type":"STRING"}},"required":["city"]}},{"name":"now"}]},
            {"googleSearch":{}}]}
            """#,
            Conversation(
                system: "Be brief.\nUse tools.",
                messages: [
                    .user(.text("Weather in Paris and Rome?"), .other),
                    .assistant(
                        .other, .text("I look."), .call("", "weather", #"{"city":"Paris"}"#),
                        .call("", "now", "{}")),
                    .user(
                        .result(nil, #"{"high":31,"sky":"clear"}"#, name: "weather"),
                        .result(nil, #"{"result":"noon"}"#, name: "now")),
                ], tools: [.weather, OfferedTool(name: "now", schema: nil)])),
        ConversationSample(
            "identifiers, the names of fields, schemas of both kinds", Gemini(),
            #"""
            {"system_instruction":{"parts":[{"text":"Be brief."}]},"contents":[
            {"parts":[{"text":"Weather?"}]},
            {"role":"model","parts":[{"function_call":{"id":"c1","name":"weather","args":{}}}]},
            {"role":"function","parts":[{"function_response":{"id":"c1","name":"weather",
            "response":{}}},{"function_response":{"id":"","name":"now","response":{}}}]}],
            "tools":[{"function_declarations":[
            {"name":"weather","parameters_json_schema":\#(citySchemaText)},
            {"name":"book","parameters":{"type":"OBJECT","properties":{
            "type":{"type":"STRING","nullable":true,"enum":["TYPE"]},
            "seats":{"type":"ARRAY","items":{"type":"INTEGER"}},
            "when":{"any_of":[{"type":"STRING"},{"type":"TYPE_UNSPECIFIED"}]},
            "fare":{"type":"OBJECT","nullable":true,"anyOf":[{"type":"NUMBER"},{"type":"STRING",
            "nullable":true,"enum":["free"]}]},
            "gate":{"type":"STRING","nullable":true,"any_of":[{"type":"STRING"},{"type":"NULL"}]}
            }}}]}]}
            """#,
            Conversation(
                system: "Be brief.",
                messages: [
                    .user(.text("Weather?")), .assistant(.call("c1", "weather", "{}")),
                    .tool(
                        .result("c1", "{}", name: "weather"), .result(nil, "{}", name: "now")),
                ],
                tools: [
                    .weather,
                    OfferedTool(
                        name: "book",
                        schema: [
                            "type": "object",
                            "properties": [
                                "type": ["type": ["string", "null"], "enum": ["TYPE", .null]],
                                "seats": ["type": "array", "items": ["type": "integer"]],
                                "when": ["anyOf": [["type": "string"], [:]]],
                                "fare": [
                                    "anyOf": [
                                        ["type": "number"],
                                        ["type": ["string", "null"], "enum": ["free", .null]],
                                        ["type": "null"],
                                    ]
                                ],
                                "gate": ["anyOf": [["type": "string"], ["type": "null"]]],
                            ],
                        ]),
                ])),
    ]

    static let ollama: [ConversationSample] = [
        ConversationSample(
            "two calls and their results", OllamaChat(),
            #"""
            {"model":"qwen3","messages":[{"role":"system","content":"Be brief."},
            {"role":"user","content":"Weather in Paris and Rome?","images":["AA=="]},
            {"role":"assistant","content":"","thinking":"Hm.","tool_calls":[
            {"function":{"name":"weather","arguments":{"city":"Paris"}}},
            {"id":"call_2","function":{"index":1,"name":"weather","arguments":{"city":"Rome"}}}]},
            {"role":"tool","tool_name":"weather","content":"clear"},
            {"role":"tool","tool_name":"weather","tool_call_id":"call_2","content":"rain"}],
            "tools":[{"type":"function","function":{"name":"weather",
            "parameters":\#(citySchemaText)}}]}
            """#,
            Conversation(
                system: "Be brief.",
                messages: [
                    .user(.other, .text("Weather in Paris and Rome?")),
                    .assistant(
                        .other, .text(""), .call("", "weather", #"{"city":"Paris"}"#),
                        .call("call_2", "weather", #"{"city":"Rome"}"#)),
                    .tool(.result(nil, "clear", name: "weather")),
                    .tool(.result("call_2", "rain", name: "weather")),
                ], tools: [.weather])),
        ConversationSample(
            "a prompt", OllamaGenerate(),
            #"{"model":"qwen3","system":"Be brief.","prompt":"Hello","images":["AA=="]}"#,
            Conversation(system: "Be brief.", messages: [.user(.other, .text("Hello"))])),
        ConversationSample(
            "the loading of a model", OllamaGenerate(), #"{"model":"qwen3","keep_alive":0}"#,
            Conversation()),
    ]

    static let cohere: [ConversationSample] = [
        ConversationSample(
            "two calls and their results", CohereChat(),
            #"""
            {"model":"command-a-03-2025","messages":[{"role":"system","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"Weather in Paris and Rome?"}]},
            {"role":"assistant","tool_plan":"I look.","tool_calls":[
            {"id":"weather_1","type":"function","function":{"name":"weather",
            "arguments":"{\"city\":\"Paris\"}"}},
            {"id":"weather_2","type":"function","function":{"name":"weather",
            "arguments":"{\"city\":\"Rome\"}"}}]},
            {"role":"tool","tool_call_id":"weather_1","content":[
            {"type":"document","document":{"id":"1","data":{"sky":"clear","high":31}}},
            {"type":"document","document":{"data":"!"}}]},
            {"role":"tool","tool_call_id":"weather_2","content":"timeout"}],
            "tools":[{"type":"function","function":{"name":"weather",
            "parameters":\#(citySchemaText)}}]}
            """#,
            Conversation(
                system: "Be brief.",
                messages: [
                    .user(.text("Weather in Paris and Rome?")),
                    .assistant(
                        .other, .call("weather_1", "weather", #"{"city":"Paris"}"#),
                        .call("weather_2", "weather", #"{"city":"Rome"}"#)),
                    .tool(.result("weather_1", #"{"high":31,"sky":"clear"}!"#)),
                    .tool(.result("weather_2", "timeout")),
                ], tools: [.weather]))
    ]
}
