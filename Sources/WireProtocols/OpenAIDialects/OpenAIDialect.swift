import Cassette
import Determinism

/// A provider that speaks chat completions as OpenAI does, with errors in words of its own.
protocol OpenAIDialect: WireProtocol {
    /// Whether a request to a host goes to this provider.
    func serves(_ request: RecordedRequest, host: String) -> Bool
}

extension OpenAIDialect {
    private var chat: OpenAIChat { OpenAIChat() }

    /// Whether the request is one for chat completions and goes to this provider.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        serves(request, host: host) && chat.matches(request, host: host)
    }

    /// As in chat completions.
    public func role(of event: StreamEvent) -> StreamEventRole { chat.role(of: event) }

    /// As in chat completions.
    public func summary(of events: [StreamEvent]) -> AnswerSummary { chat.summary(of: events) }

    /// As in chat completions.
    public func summary(of answer: JSONValue) -> AnswerSummary { chat.summary(of: answer) }

    /// As in chat completions.
    public func finishedForLength(
        _ events: [StreamEvent], contentEvents: Int
    ) -> [StreamEvent]? {
        chat.finishedForLength(events, contentEvents: contentEvents)
    }

    /// As in chat completions.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        chat.finishedForLength(answer, characters: characters)
    }

    /// As in chat completions.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? { chat.emptied(events) }

    /// As in chat completions.
    public func emptied(_ answer: JSONValue) -> JSONValue? { chat.emptied(answer) }

    /// As in chat completions.
    public func toolArgumentsTruncated(
        _ events: [StreamEvent], members: Int
    ) -> [StreamEvent]? {
        chat.toolArgumentsTruncated(events, members: members)
    }

    /// As in chat completions.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        chat.toolArgumentsTruncated(answer, members: members)
    }
}

/// Whether a host is a domain or below it.
func isHost(_ host: String, below domain: String) -> Bool {
    host == domain || host.hasSuffix("." + domain)
}
