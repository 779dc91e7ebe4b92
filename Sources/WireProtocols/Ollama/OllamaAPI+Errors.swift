import Cassette
import Determinism

extension OllamaAPI {
    /// The status of an error; a local server knows little of accounts, filters and history.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .billingLimit, .payment, .regionBlocked, .agreementPending, .tooLarge, .conflict,
            .timeout, .contentPolicy, .historyInvalid, .signatureInvalid,
            .previousResponseNotFound:
            nil
        default: error.status
        }
    }

    /// The answer of the provider for an error: `{"error":"…"}`.
    ///
    /// Ollama sends no header that names a delay, and its SDKs never retry, so none is sent.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        let type = HeaderField("content-type", "application/json; charset=utf-8")
        return ErrorAnswer(
            status: status, headers: [type], body: errorBody(error, facts).encoded())
    }

    /// The line that reports an error inside a stream: the same object.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .jsonLines else { return nil }
        return .line(JSONLine(data: errorBody(error, ErrorFacts()).encoded()))
    }

    /// The field of the route's request that a Go server cannot read, in its words.
    private var unreadableField: String {
        switch route {
        case .chat: "string into Go struct field ChatRequest.messages of type []api.Message"
        case .generate: "array into Go struct field GenerateRequest.prompt of type string"
        }
    }

    private func errorBody(_ error: ProviderError, _ facts: ErrorFacts) -> JSONValue {
        ["error": .string(message(error, facts))]
    }

    private func message(_ error: ProviderError, _ facts: ErrorFacts) -> String {
        switch error {
        case .rateLimit: "too many concurrent requests"
        case .server, .conflict, .timeout:
            "an error was encountered while running the model: unexpected EOF"
        // What a local server says of the cloud that it passes requests on to.
        case .badGateway: "Post \"https://ollama.com:443\(route.rawValue)\": EOF"
        case .unavailable: "server busy, please try again.  maximum pending requests exceeded"
        case .overloaded:
            "Server overloaded, please retry shortly (ref: 00000000-0000-0000-0000-000000000000)"
        case .quota, .billingLimit, .payment:
            "you have reached your weekly usage limit, upgrade for higher limits: "
                + "https://ollama.com/upgrade"
        case .authentication: "unauthorized"
        case .permission, .regionBlocked, .agreementPending:
            "this model requires a subscription, upgrade for access: https://ollama.com/upgrade"
        case .modelNotFound: "model '\(facts.model)' not found"
        case .contextLength: "the input length exceeds the context length"
        case .unsupportedParameter:
            "registry.ollama.ai/library/\(facts.model) does not support \(facts.parameter)"
        case .invalidRequest, .tooLarge, .contentPolicy, .historyInvalid, .signatureInvalid,
            .previousResponseNotFound:
            "json: cannot unmarshal \(unreadableField)"
        }
    }
}
