import Cassette
import Determinism

extension OllamaAPI {
    /// The answer of the provider for an error: `{"error":"…"}`.
    ///
    /// Ollama sends no header that names a delay, and its SDKs never retry, so none is sent.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        let type = HeaderField("content-type", "application/json; charset=utf-8")
        return ErrorAnswer(status: status, headers: [type], body: errorBody(error).encoded())
    }

    /// The line that reports an error inside a stream: the same object.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .jsonLines else { return nil }
        return .line(JSONLine(data: errorBody(error).encoded()))
    }

    private func errorBody(_ error: ProviderError) -> JSONValue {
        switch error {
        case .rateLimit: ["error": "too many concurrent requests"]
        case .server:
            ["error": "an error was encountered while running the model: unexpected EOF"]
        case .badGateway:
            // What a local server says of the cloud that it passes requests on to.
            ["error": .string("Post \"https://ollama.com:443\(route.rawValue)\": EOF")]
        case .unavailable:
            ["error": "server busy, please try again.  maximum pending requests exceeded"]
        case .overloaded:
            [
                "error": """
                Server overloaded, please retry shortly (ref: 00000000-0000-0000-0000-000000000000)
                """
            ]
        }
    }
}
