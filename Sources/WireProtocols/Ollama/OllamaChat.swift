/// Ollama, `POST /api/chat`.
///
/// Source: https://docs.ollama.com/api/chat. The text is in `message.content`.
public struct OllamaChat: OllamaAPI {
    /// The stable identifier.
    public static let id = "ollama-chat"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    var route: OllamaRoute { .chat }
}
