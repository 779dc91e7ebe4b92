public import Determinism

extension BedrockInvoke {
    /// The stream cut after `contentEvents` content events, as `AnthropicMessages` cuts it.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard summary(of: events).terminated else { return nil }
        return inner.finishedForLength(events, contentEvents: contentEvents)
    }

    /// The JSON answer cut to `characters` Unicode scalars, as `AnthropicMessages` cuts it.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard Self.isMessage(answer) else { return nil }
        return inner.finishedForLength(answer, characters: characters)
    }

    /// The stream with no content, as `AnthropicMessages` empties it.
    ///
    /// The service counts the tokens of output once more, in the last event.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        guard summary(of: events).terminated else { return nil }
        return inner.emptied(events)?.map { event in
            guard AnthropicEvent(event)?.type == "message_stop", var json = event.json,
                let metrics = json["amazon-bedrock-invocationMetrics"],
                let count = metrics["outputTokenCount"], count != 2
            else { return event }
            json["amazon-bedrock-invocationMetrics"]?["outputTokenCount"] = 2
            return event.replacingJSON(json)
        }
    }

    /// The JSON answer with no content, as `AnthropicMessages` empties it.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        Self.isMessage(answer) ? inner.emptied(answer) : nil
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard summary(of: events).terminated else { return nil }
        return inner.toolArgumentsTruncated(events, members: members)
    }

    /// The JSON answer whose last tool call keeps the first `members` members of its input.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard Self.isMessage(answer) else { return nil }
        return inner.toolArgumentsTruncated(answer, members: members)
    }
}
