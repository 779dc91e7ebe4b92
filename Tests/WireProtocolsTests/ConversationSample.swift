import Cassette
import Determinism
import Testing
import WireProtocols

/// A request as an SDK sends it and what it must be read as.
struct ConversationSample: CustomTestStringConvertible, Sendable {
    let name: String
    let wire: any WireProtocol
    let body: String
    let expected: Conversation

    init(_ name: String, _ wire: any WireProtocol, _ body: String, _ expected: Conversation) {
        self.name = name
        self.wire = wire
        self.body = body
        self.expected = expected
    }

    var testDescription: String { "\(wire.id): \(name)" }

    static let all =
        openAI + dialects + responses + anthropic + bedrock + gemini + ollama + cohere

    static func request(_ body: String) -> RecordedRequest {
        RecordedRequest(method: "POST", target: "/", body: Array(body.utf8))
    }
}

extension ConversationMessage {
    static func system(_ parts: ConversationPart...) -> Self { Self(role: .system, parts: parts) }
    static func user(_ parts: ConversationPart...) -> Self { Self(role: .user, parts: parts) }
    static func assistant(_ parts: ConversationPart...) -> Self {
        Self(role: .assistant, parts: parts)
    }
    static func tool(_ parts: ConversationPart...) -> Self { Self(role: .tool, parts: parts) }
}

extension ConversationPart {
    static func call(_ id: String, _ name: String, _ arguments: String) -> Self {
        .toolCall(ToolCall(id: id, name: name, arguments: arguments))
    }

    static func result(
        _ id: String?, _ text: String, name: String? = nil, isError: Bool = false
    ) -> Self {
        .toolResult(ToolResultPart(callID: id, name: name, text: text, isError: isError))
    }
}

extension OfferedTool {
    /// The tool that most samples offer, with the schema that they give it.
    static let weather = OfferedTool(name: "weather", schema: citySchema)

    static let citySchema: JSONValue = [
        "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
    ]
}

/// The schema of `OfferedTool.weather` as requests hold it.
let citySchemaText =
    #"{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"#
