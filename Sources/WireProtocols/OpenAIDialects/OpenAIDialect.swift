import Cassette
import Determinism

/// A provider that speaks chat completions as OpenAI does, with errors in words of its own.
protocol OpenAIDialect: WireProtocol {
    /// Whether a request to a host goes to this provider.
    func serves(_ request: RecordedRequest, host: String) -> Bool

    /// Whether the arguments of a tool call come in pieces behind its name.
    var streamsArguments: Bool { get }
}

extension OpenAIDialect {
    private var chat: OpenAIChat { OpenAIChat() }

    /// As OpenAI does.
    var streamsArguments: Bool { true }

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

    /// As in chat completions, up to an error in the provider's own form.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        summary(of: events).terminated ? chat.content(of: events) : nil
    }

    /// As in chat completions.
    public func content(of answer: JSONValue) -> AnswerContent? { chat.content(of: answer) }

    /// As in chat completions.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard summary(of: events).terminated else { return nil }
        return chat.rewritten(events, saying: content, streamsArguments: streamsArguments)
    }

    /// As in chat completions.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        chat.rewritten(answer, saying: content)
    }
}

/// Whether a host is a domain or below it.
func isHost(_ host: String, below domain: String) -> Bool {
    host == domain || host.hasSuffix("." + domain)
}
