import Determinism
import Testing
import WireProtocols

@Suite("The tokens of an answer")
struct UsageTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let wire: any WireProtocol
        let body: String
        let input: Int
        let output: Int

        init(_ wire: any WireProtocol, _ body: String, _ input: Int, _ output: Int) {
            self.wire = wire
            self.body = body
            self.input = input
            self.output = output
        }

        var testDescription: String { "\(wire.id): \(body.prefix(60))" }
        var usage: AnswerUsage { AnswerUsage(inputTokens: input, outputTokens: output) }
    }

    static let documents: [Row] = [
        Row(OpenAIChat(), #"{"usage":{"prompt_tokens":12,"completion_tokens":3}}"#, 12, 3),
        Row(AzureOpenAI(), #"{"usage":{"prompt_tokens":12,"completion_tokens":3}}"#, 12, 3),
        Row(Mistral(), #"{"usage":{"prompt_tokens":12,"completion_tokens":3}}"#, 12, 3),
        Row(OpenRouter(), #"{"usage":{"prompt_tokens":12,"completion_tokens":3}}"#, 12, 3),
        Row(
            OpenAIResponses(),
            #"{"object":"response","usage":{"input_tokens":5,"output_tokens":6}}"#,
            5, 6),
        Row(
            AnthropicMessages(),
            #"{"type":"message","usage":{"input_tokens":5,"cache_read_input_tokens":100,"#
                + #""cache_creation_input_tokens":20,"output_tokens":6}}"#, 125, 6),
        Row(
            BedrockInvoke(),
            #"{"type":"message","usage":{"input_tokens":5,"output_tokens":6}}"#, 5, 6),
        Row(
            BedrockConverse(),
            #"{"usage":{"inputTokens":5,"outputTokens":6,"cacheReadInputTokens":100,"#
                + #""cacheWriteInputTokens":20,"totalTokens":131}}"#, 125, 6),
        Row(
            Gemini(),
            #"{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"#
                + #""thoughtsTokenCount":30,"totalTokenCount":43}}"#, 9, 34),
        Row(OllamaChat(), #"{"done":true,"prompt_eval_count":8,"eval_count":2}"#, 8, 2),
        Row(OllamaGenerate(), #"{"done":true,"eval_count":2}"#, 0, 2),
        Row(
            CohereChat(),
            #"{"usage":{"billed_units":{"input_tokens":8.0,"output_tokens":5},"#
                + #""tokens":{"input_tokens":500,"output_tokens":8}}}"#, 8, 5),
        Row(
            CohereChat(), #"{"meta":{"tokens":{"input_tokens":500,"output_tokens":8}}}"#, 500, 8),
    ]

    @Test("are counted in a document", arguments: documents)
    func document(_ row: Row) {
        #expect(row.wire.usage(of: Array(row.body.utf8), framing: nil) == row.usage)
    }

    private static func stream(
        _ wire: any WireProtocol, _ data: [String], _ input: Int, _ output: Int
    ) -> Row {
        Row(wire, data.map { "data: \($0)\n\n" }.joined(), input, output)
    }

    static let streams: [Row] = [
        stream(
            OpenAIChat(),
            [
                #"{"choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":null}"#,
                #"{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3}}"#, "[DONE]",
            ], 12, 3),
        stream(
            OpenAIChat(),
            [
                #"{"choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":12,"#
                    + #""completion_tokens":3}}}"#, "[DONE]",
            ], 12, 3),
        stream(
            Mistral(),
            [
                #"{"usage":{"prompt_tokens":12,"completion_tokens":1}}"#,
                #"{"usage":{"prompt_tokens":12,"completion_tokens":2}}"#,
            ], 12, 2),
        stream(
            OpenAIResponses(),
            [
                #"{"type":"response.created","response":{"usage":null}}"#,
                #"{"type":"response.completed","response":{"usage":{"input_tokens":5,"#
                    + #""output_tokens":6}}}"#,
            ], 5, 6),
        stream(
            AnthropicMessages(),
            [
                #"{"type":"message_start","message":{"usage":{"input_tokens":5,"#
                    + #""cache_creation_input_tokens":20,"cache_read_input_tokens":100,"#
                    + #""output_tokens":1}}}"#,
                #"{"type":"message_delta","delta":{},"usage":{"output_tokens":40}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"#
                    + #""usage":{"input_tokens":7,"output_tokens":60}}"#,
            ], 127, 60),
        stream(
            Gemini(),
            [
                #"{"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":30}}"#,
                #"{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"#
                    + #""thoughtsTokenCount":31}}"#,
                #"{"usageMetadata":{"trafficType":"ON_DEMAND"}}"#,
            ], 9, 35),
        stream(
            CohereChat(),
            [
                #"{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"#
                    + #""billed_units":{"input_tokens":8,"output_tokens":5},"#
                    + #""tokens":{"input_tokens":500,"output_tokens":8}}}}"#
            ], 8, 5),
    ]

    @Test("of a stream that was cut are those that it counted so far")
    func cut() {
        let start =
            #"{"type":"message_start","message":{"usage":{"input_tokens":5,"#
            + #""output_tokens":1}}}"#
        let body = "data: \(start)\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens"
        #expect(
            AnthropicMessages().usage(of: Array(body.utf8), framing: .sse)
                == AnswerUsage(inputTokens: 5, outputTokens: 1))
    }

    @Test("are those of the last count in a stream", arguments: streams)
    func stream(_ row: Row) {
        #expect(row.wire.usage(of: Array(row.body.utf8), framing: .sse) == row.usage)
    }

    @Test("are read in every framing")
    func framings() {
        let lines =
            #"{"message":{"content":"Hi"},"done":false}"# + "\n"
            + #"{"done":true,"prompt_eval_count":8,"eval_count":2}"# + "\n"
        #expect(
            OllamaChat().usage(of: Array(lines.utf8), framing: .jsonLines)
                == AnswerUsage(inputTokens: 8, outputTokens: 2))
        let array =
            #"[{"usageMetadata":{"promptTokenCount":9}},"#
            + #"{"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4}}]"#
        #expect(
            Gemini().usage(of: Array(array.utf8), framing: .jsonArray)
                == AnswerUsage(inputTokens: 9, outputTokens: 4))
        let metadata = WireSample.converseMessage(
            "metadata", #"{"usage":{"inputTokens":5,"outputTokens":6},"metrics":{}}"#)
        #expect(
            BedrockConverse().usage(of: metadata.bytes, framing: .awsEventStream)
                == AnswerUsage(inputTokens: 5, outputTokens: 6))
        let wrapped = WireSample.bedrockChunk(
            data: #"{"type":"message_delta","usage":{"input_tokens":5,"output_tokens":6}}"#)
        #expect(
            BedrockInvoke().usage(of: wrapped.bytes, framing: .awsEventStream)
                == AnswerUsage(inputTokens: 5, outputTokens: 6))
    }

    @Test("are unknown where the answer does not say", arguments: WireProtocols.all)
    func unknown(_ wire: any WireProtocol) {
        let bodies = ["", "{", "[]", "{}", #"{"error":{"message":"no"}}"#, #"{"usage":null}"#]
        for body in bodies {
            #expect(wire.usage(of: Array(body.utf8), framing: nil) == nil, "\(body)")
            for framing in StreamFraming.allCases {
                #expect(wire.usage(of: Array(body.utf8), framing: framing) == nil, "\(body)")
            }
        }
    }

    @Test(
        "are unknown where the count is none",
        arguments: ["-3", "1.5", "1e3", "99999999999999999999", "\"7\"", "null", "true", "{}"])
    func noCount(_ count: String) {
        let body = #"{"usage":{"prompt_tokens":\#(count),"completion_tokens":3}}"#
        let usage = OpenAIChat().usage(of: Array(body.utf8), framing: nil)
        #expect(usage == AnswerUsage(inputTokens: 0, outputTokens: 3))
    }

    @Test("stay an integer however many they are")
    func huge() {
        let body =
            #"{"usage":{"input_tokens":9223372036854775807,"#
            + #""cache_read_input_tokens":9223372036854775807,"output_tokens":1}}"#
        let usage = AnthropicMessages().usage(of: Array(body.utf8), framing: nil)
        #expect(usage == AnswerUsage(inputTokens: .max, outputTokens: 1))
    }
}
