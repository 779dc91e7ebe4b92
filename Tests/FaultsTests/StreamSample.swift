import Cassette
import Determinism
import Faults
import WireProtocols

/// A whole stream of one protocol, with text, a tool call and usage where it has them.
struct StreamSample: Sendable {
    let name: String
    let wire: any WireProtocol
    let framing: StreamFraming
    let target: String
    let frames: [[UInt8]]

    /// The stream with one chunk for each event, sent at 10 ms, 20 ms and so on.
    var delivery: Delivery {
        let chunks = frames.enumerated().map { place, bytes in
            Chunk(at: .milliseconds(10 * (Int64(place) + 1)), bytes: bytes)
        }
        return Delivery(
            head: DeliveryHead(
                status: 200, headers: [HeaderField("content-type", contentType)],
                at: .milliseconds(5), framing: .chunked),
            body: chunks, endAt: .milliseconds(10 * Int64(frames.count) + 1))
    }

    /// The same stream in chunks that end anywhere, with an announced length.
    var jagged: Delivery {
        var delivery = delivery
        let bytes = delivery.bodyBytes
        delivery.head?.framing = .length(bytes.count)
        delivery.body = stride(from: 0, to: bytes.count, by: 37).map { start in
            Chunk(
                at: .milliseconds(6 + Int64(start)),
                bytes: Array(bytes[start..<min(start + 37, bytes.count)]))
        }
        delivery.endAt = .milliseconds(7 + Int64(bytes.count))
        return delivery
    }

    var context: FaultContext {
        FaultContext(
            interaction: Interaction(
                ordinal: 1, upstream: "llm", request: Sample.request(target: target),
                response: nil),
            upstream: Upstream(name: "llm", kind: .model, address: "https://llm.example"),
            wire: wire)
    }

    private var contentType: String {
        switch framing {
        case .sse: "text/event-stream; charset=utf-8"
        case .jsonLines: "application/x-ndjson"
        case .jsonArray: "application/json"
        case .awsEventStream: "application/vnd.amazon.eventstream"
        }
    }

    static let all: [StreamSample] = [
        chat("chat", OpenAIChat()), chat("azure", AzureOpenAI()), chat("mistral", Mistral()),
        chat("openrouter", OpenRouter()),
        sse("anthropic", AnthropicMessages(), "/v1/messages", anthropicFrames),
        sse("responses", OpenAIResponses(), "/v1/responses", responsesFrames),
        sse("cohere", CohereChat(), "/v2/chat", cohereFrames),
        sse(
            "gemini", Gemini(), "/v1beta/models/g:streamGenerateContent?alt=sse",
            geminiDocuments.map { "data: \($0)\r\n\r\n" }),
        StreamSample(
            name: "gemini array", wire: Gemini(), framing: .jsonArray,
            target: "/v1beta/models/g:streamGenerateContent",
            frames: geminiDocuments.enumerated().map { place, text in
                Array(((place == 0 ? "[" : ",\r\n") + text).utf8)
            } + [Array("\n]\n".utf8)]),
        lines("ollama chat", OllamaChat(), "/api/chat", ollamaLines),
        lines("ollama generate", OllamaGenerate(), "/api/generate", generateLines),
        StreamSample(
            name: "converse", wire: BedrockConverse(), framing: .awsEventStream,
            target: "/model/m/converse-stream",
            frames: converseEvents.map { message($0.0, $0.1) }),
        StreamSample(
            name: "invoke", wire: BedrockInvoke(), framing: .awsEventStream,
            target: "/model/anthropic.claude/invoke-with-response-stream",
            frames: anthropicData.map { message("chunk", wrapped($0)) }),
    ]

    /// The stream of one protocol.
    static func named(_ name: String) -> StreamSample? {
        all.first { $0.name == name }
    }

    private static func chat(_ name: String, _ wire: any WireProtocol) -> StreamSample {
        sse(name, wire, "/v1/chat/completions", chatFrames)
    }

    private static func sse(
        _ name: String, _ wire: any WireProtocol, _ target: String, _ frames: [String]
    ) -> StreamSample {
        StreamSample(
            name: name, wire: wire, framing: .sse, target: target,
            frames: frames.map { Array($0.utf8) })
    }

    private static func lines(
        _ name: String, _ wire: any WireProtocol, _ target: String, _ lines: [String]
    ) -> StreamSample {
        StreamSample(
            name: name, wire: wire, framing: .jsonLines, target: target,
            frames: lines.map { Array(($0 + "\n").utf8) })
    }

    private static func message(_ type: String, _ payload: String) -> [UInt8] {
        AWSEventMessage(
            headers: [
                .init(":event-type", type), .init(":content-type", "application/json"),
                .init(":message-type", "event"),
            ], payload: Array(payload.utf8)
        ).bytes
    }

    private static func wrapped(_ data: String) -> String {
        let encoded = Base64.encode(Array(data.utf8))
        return #"{"bytes":"\#(String(decoding: encoded, as: UTF8.self))"}"#
    }
}
