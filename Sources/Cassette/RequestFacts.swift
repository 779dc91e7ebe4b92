import Determinism

/// What selectors ask of a request, whatever protocol it speaks.
///
/// The body names the model and asks for a stream in most protocols; in some the route does.
public struct RequestFacts: Sendable {
    /// The model that is asked; nil when none is named.
    public let model: String?
    /// Whether the answer is asked for as a stream.
    public let isStreaming: Bool

    /// Reads a request.
    public init(_ request: RecordedRequest) {
        let body = try? JSONValue.parse(request.body)
        let path = request.path
        model =
            Self.model(in: path) ?? body?["model"]?.stringValue ?? Self.deployment(in: path)
        let streamsUnlessTold = Self.streamingByDefault.contains { path.hasSuffix($0) }
        isStreaming =
            Self.streamingRoutes.contains { path.hasSuffix($0) }
            || body?["stream"]?.boolValue ?? (streamsUnlessTold && body?["model"] != nil)
    }

    /// Routes of Gemini and Bedrock, each the twin of one for a whole document.
    private static let streamingRoutes = [
        ":streamGenerateContent", "/converse-stream", "/invoke-with-response-stream",
    ]
    /// Routes of Ollama, which streams unless it is told not to.
    private static let streamingByDefault = ["/api/chat", "/api/generate"]
    /// What Bedrock does with a model.
    private static let bedrockOperations = [
        "converse", "converse-stream", "invoke", "invoke-with-response-stream",
    ]
    /// Where Gemini and Vertex AI keep what answers.
    private static let geminiCollections = ["models", "tunedModels", "endpoints"]

    /// The model that a path names: `…/models/NAME:method` or `/model/NAME/operation`.
    private static func model(in path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 1, let last = parts.last else { return nil }
        if geminiCollections.contains(parts[parts.count - 2]), let colon = last.lastIndex(of: ":") {
            return decoded(String(last[..<colon]))
        }
        if bedrockOperations.contains(last), let place = parts.firstIndex(of: "model") {
            // Some clients leave the slash in the name of a resource as it is.
            return decoded(parts[(place + 1)...].dropLast().joined(separator: "/"))
        }
        return nil
    }

    /// The deployment that stands for a model where the body names none: `…/deployments/NAME/…`.
    private static func deployment(in path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        guard let place = parts.firstIndex(of: "deployments"), place + 1 < parts.count else {
            return nil
        }
        return decoded(parts[place + 1])
    }

    /// A text without percent encoding, or as it is where that would not be UTF-8; nil when empty.
    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                digits.allSatisfy({ UInt8(String(UnicodeScalar($0)), radix: 16) != nil }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        let decoded = String(validating: bytes, as: UTF8.self) ?? text
        return decoded.isEmpty ? nil : decoded
    }
}
