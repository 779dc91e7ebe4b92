import Determinism
import WireProtocols

extension ConversationSample {
    static let openAI: [ConversationSample] = [
        ConversationSample("two calls and their results", OpenAIChat(), chatWithTools, chatRead),
        ConversationSample(
            "content in parts, a thought, a custom tool, instructions in the middle", OpenAIChat(),
            #"""
            {"model":"gpt-5","messages":[
            {"role":"developer","content":[{"type":"text","text":"One."}]},
            {"role":"system","content":"Two."},
            {"role":"user","name":"ann","content":[{"type":"text","text":"What"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
            {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[
            {"id":"call_1","type":"custom","custom":{"name":"shell","input":"ls -l"}}]},
            {"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"a"},
            {"type":"text","text":"b"}]},
            {"role":"system","content":"Three."},
            {"role":"assistant","content":"","refusal":"No."}],
            "tools":[{"type":"custom","custom":{"name":"shell","format":{"type":"text"}}},
            {"type":"web_search"}]}
            """#,
            Conversation(
                system: "One.\nTwo.",
                messages: [
                    .user(.text("What"), .other),
                    .assistant(.other, .call("call_1", "shell", "ls -l")),
                    .tool(.result("call_1", "ab")), .system(.text("Three.")),
                    .assistant(.other, .text("")),
                ], tools: [OfferedTool(name: "shell", schema: nil)])),
        ConversationSample(
            "functions, as before there were tools", OpenAIChat(),
            #"""
            {"model":"gpt-4","messages":[{"role":"user","content":"Weather?"},
            {"role":"assistant","content":null,
            "function_call":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
            {"role":"function","name":"weather","content":"Rain"}],
            "functions":[{"name":"weather","parameters":\#(citySchemaText)}]}
            """#,
            Conversation(
                messages: [
                    .user(.text("Weather?")), .assistant(.call("", "weather", #"{"city":"Rome"}"#)),
                    .tool(.result(nil, "Rain", name: "weather")),
                ], tools: [.weather])),
    ]

    static let chatWithTools = #"""
        {"model":"gpt-4.1","stream":true,"messages":[
        {"role":"system","content":"Be brief."},
        {"role":"user","content":"Weather in Paris and Rome?"},
        {"role":"assistant","content":"I look.","tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"weather",
        "arguments":"{\"city\":\"Paris\"}"}},
        {"id":"call_2","type":"function","function":{"name":"weather",
        "arguments":"{\"city\": \"Rome\"}"}}]},
        {"role":"tool","tool_call_id":"call_1","content":"{\"sky\":\"clear\"}"},
        {"role":"tool","tool_call_id":"call_2","content":"Error: timeout"}],
        "tools":[{"type":"function","function":{"name":"weather","description":"The weather.",
        "parameters":\#(citySchemaText),"strict":true}},
        {"type":"function","function":{"name":"now"}}]}
        """#

    static let chatRead = Conversation(
        system: "Be brief.",
        messages: [
            .user(.text("Weather in Paris and Rome?")),
            .assistant(
                .text("I look."), .call("call_1", "weather", #"{"city":"Paris"}"#),
                .call("call_2", "weather", #"{"city": "Rome"}"#)),
            .tool(.result("call_1", #"{"sky":"clear"}"#)),
            .tool(.result("call_2", "Error: timeout")),
        ], tools: [.weather, OfferedTool(name: "now", schema: nil)])

    static let dialects: [ConversationSample] =
        [AzureOpenAI() as any WireProtocol, Mistral(), OpenRouter()].map {
            ConversationSample("as OpenAI", $0, chatWithTools, chatRead)
        } + [
            ConversationSample(
                "results with a name, thoughts in the content", Mistral(),
                #"""
                {"model":"magistral","messages":[{"role":"user","content":"Weather?"},
                {"role":"assistant","content":[{"type":"thinking","thinking":[
                {"type":"text","text":"Hm."}]},{"type":"text","text":"So:"}],"prefix":false,
                "tool_calls":[{"id":"D681PevKs","index":0,
                "function":{"name":"weather","arguments":{"city":"Rome"}}}]},
                {"role":"tool","name":"weather","tool_call_id":"D681PevKs","content":"Rain"}]}
                """#,
                Conversation(
                    messages: [
                        .user(.text("Weather?")),
                        .assistant(
                            .other, .text("So:"),
                            .call("D681PevKs", "weather", #"{"city":"Rome"}"#)),
                        .tool(.result("D681PevKs", "Rain", name: "weather")),
                    ]))
        ]

    static let responses: [ConversationSample] = [
        ConversationSample(
            "a text as its input", OpenAIResponses(),
            #"{"model":"gpt-5","input":"Hello","instructions":"Be brief."}"#,
            Conversation(system: "Be brief.", messages: [.user(.text("Hello"))])),
        ConversationSample(
            "two calls and their results", OpenAIResponses(), responsesWithTools,
            Conversation(
                system: "Be brief.\nUse tools.",
                messages: [
                    .user(.text("Weather in Paris and Rome?"), .other),
                    .assistant(
                        .other, .text("I look."), .other,
                        .call("call_1", "weather", #"{"city":"Paris"}"#),
                        .call("call_2", "shell", "date")),
                    .tool(.result("call_1", "clear")), .tool(.result("call_2", "ab")),
                    .assistant(.other), .tool(.other), .user(.other, .text("Go on.")),
                ], tools: [.weather, OfferedTool(name: "shell", schema: nil)])),
        ConversationSample(
            "only what it adds to an earlier response", OpenAIResponses(),
            #"""
            {"model":"gpt-5","previous_response_id":"resp_1","input":[
            {"type":"function_call_output","call_id":"call_1","output":"clear"}]}
            """#, Conversation(messages: [.tool(.result("call_1", "clear"))])),
        ConversationSample(
            "a stored prompt and nothing else", OpenAIResponses(),
            #"{"model":"gpt-5","prompt":{"id":"pmpt_1"},"input":null}"#, Conversation()),
    ]

    private static let responsesWithTools = #"""
        {"model":"gpt-5","instructions":"Be brief.","store":false,"input":[
        {"role":"developer","content":"Use tools."},
        {"role":"user","content":[{"type":"input_text","text":"Weather in Paris and Rome?"},
        {"type":"input_image","image_url":"data:image/png;base64,AA=="}]},
        {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},
        {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[
        {"type":"output_text","text":"I look.","annotations":[]},
        {"type":"refusal","refusal":"No."}]},
        {"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather",
        "arguments":"{\"city\":\"Paris\"}","status":"completed"},
        {"type":"custom_tool_call","id":"ctc_1","call_id":"call_2","name":"shell","input":"date"},
        {"type":"function_call_output","call_id":"call_1","output":"clear"},
        {"type":"custom_tool_call_output","call_id":"call_2","output":[
        {"type":"input_text","text":"a"},
        {"type":"input_image","image_url":"data:image/png;base64,AA=="},
        {"type":"input_text","text":"b"}]},
        {"type":"computer_call","id":"cu_1","call_id":"call_3","action":{"type":"screenshot"}},
        {"type":"computer_call_output","call_id":"call_3","output":{"type":"input_image"}},
        {"type":"message","role":"user","content":[{"type":"input_file","file_id":"file-1"},
        {"type":"input_text","text":"Go on."}]}],
        "tools":[{"type":"function","name":"weather","parameters":\#(citySchemaText),
        "strict":true},{"type":"custom","name":"shell"},{"type":"web_search"},
        {"type":"mcp","server_label":"docs","server_url":"https://docs.test/mcp"}]}
        """#
}
