import Testing
import WireProtocols

/// A whole answer of one protocol that is one document.
struct AnswerDocument: CustomTestStringConvertible, Sendable {
    let name: String
    let wire: any WireProtocol
    let body: String

    init(_ wire: any WireProtocol, _ name: String, _ body: String) {
        (self.wire, self.name, self.body) = (wire, name, body)
    }

    var testDescription: String { "\(wire.id): \(name)" }

    static let all = openAI + blocks + lines

    private static let openAI = [
        AnswerDocument(OpenAIChat(), "text and a call", AnswerTests.openAI),
        AnswerDocument(AzureOpenAI(), "text and a call", AnswerTests.openAI),
        AnswerDocument(Mistral(), "text and a call", AnswerTests.openAI),
        AnswerDocument(OpenRouter(), "text and a call", AnswerTests.openAI),
        AnswerDocument(OpenAIChat(), "a refusal", chat(#""content":null,"refusal":"No.""#)),
        AnswerDocument(
            OpenAIChat(), "contents beside reasoning",
            chat(
                #""reasoning":"r","content":[{"type":"text","text":"a"},{"type":"image"},"#
                    + #"{"type":"text","text":"b"}]"#)),
        AnswerDocument(
            OpenAIChat(), "an odd content, and text",
            chat(#""content":{"a":"b"},"audio":{"data":"c"}"#)),
        AnswerDocument(OpenAIResponses(), "all kinds", OpenAIResponsesAnswerTests.whole),
    ]

    private static let blocks = [
        AnswerDocument(AnthropicMessages(), "all kinds", AnswerTests.anthropic),
        AnswerDocument(Gemini(), "all kinds", GeminiEditTests.answer),
        AnswerDocument(BedrockConverse(), "all kinds", BedrockAnswerTests.whole),
        AnswerDocument(BedrockInvoke(), "text and a call", BedrockInvokeTests.answer),
        AnswerDocument(CohereChat(), "all kinds", CohereAnswerTests.whole),
    ]

    private static let lines = [
        AnswerDocument(
            OllamaChat(), "thinking and a call",
            OllamaLines.chatEnd(
                "stop",
                #""content":"Grüße","thinking":"t","tool_calls":[{"id":"c","function":{"index":0,"#
                    + #""name":"f","arguments":{"a":1}}}]"#)),
        AnswerDocument(
            OllamaGenerate(), "text and thinking",
            OllamaLines.generateEnd("stop", #""response":"Grüße","thinking":"t""#)),
    ]

    private static func chat(_ members: String) -> String {
        #"{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant",\#(members)},"#
            + #""finish_reason":"stop"}]}"#
    }
}
