import Cassette
import Determinism

/// OpenRouter, chat completions of many providers.
///
/// Source: https://openrouter.ai/docs/api/reference/errors-and-debugging. While a provider is slow
/// it sends comments; an error that comes after the answer began has status 200.
public struct OpenRouter: OpenAIDialect {
    /// The stable identifier.
    public static let id = "openrouter"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    func serves(_ request: RecordedRequest, host: String) -> Bool {
        isHost(host, below: "openrouter.ai")
    }

    /// The status of an error: what a filter or a limit of a key refuses is forbidden.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .agreementPending, .previousResponseNotFound: nil
        case .billingLimit, .contentPolicy: 403
        default: error.status
        }
    }

    /// The answer of the provider for an error: the code is the status as a number.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        let failure = OpenRouterFailure(error, facts)
        let body: JSONValue = ["error": failure.body(status: status)]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: a choice that finishes with `error`, and
    /// the error beside it.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let code = status(of: error) ?? error.status
        let failure = OpenRouterFailure(error, ErrorFacts())
        let chunk: JSONValue = [
            "id": "gen-0000000000-00000000000000000000", "object": "chat.completion.chunk",
            "created": 0, "model": "unknown", "provider": "unknown",
            "error": failure.body(status: code),
            "choices": [
                [
                    "index": 0, "delta": ["role": "assistant", "content": ""],
                    "finish_reason": "error", "native_finish_reason": .null,
                ]
            ],
        ]
        return StreamEvent(data: chunk.encodedText())
    }

    /// The provider's own comment.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? {
        framing == .sse ? Array(": OPENROUTER PROCESSING\n\n".utf8) : nil
    }
}
