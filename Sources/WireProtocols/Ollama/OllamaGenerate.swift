/// Ollama, `POST /api/generate`.
///
/// Source: https://docs.ollama.com/api/generate. The text is in `response`, beside the counters.
public struct OllamaGenerate: OllamaAPI {
    /// The stable identifier.
    public static let id = "ollama-generate"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    var route: OllamaRoute { .generate }
}
