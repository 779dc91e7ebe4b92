public import Cassette
public import Determinism

/// Amazon Bedrock, `InvokeModel` and `InvokeModelWithResponseStream`, with a model of Anthropic.
///
/// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-invoke.html. Bodies are
/// the model's own, and in a stream each message wraps one event. Those of Anthropic are known by
/// themselves and read as `AnthropicMessages` are. Of the bodies of other vendors only failures are
/// read: every event is `other`, and every edit is nil.
public struct BedrockInvoke: BedrockProtocol {
    /// The stable identifier.
    public static let id = "bedrock-invoke"

    /// The protocol of the events inside.
    let inner = AnthropicMessages()

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to one of the two operations of a model.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        BedrockRoute.matches(request, operations: ["invoke", "invoke-with-response-stream"])
    }

    /// What one event means: that of the event inside, or a failure.
    public func role(of event: StreamEvent) -> StreamEventRole {
        event.isException ? .error : inner.role(of: event)
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        inner.summary(of: Array(events.prefix { $0.isReadable }))
    }

    /// What a JSON answer says; of another vendor's only that it is whole.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        Self.isMessage(answer) ? inner.summary(of: answer) : AnswerSummary(terminated: true)
    }

    /// Whether a document is a message of Anthropic's.
    static func isMessage(_ answer: JSONValue) -> Bool {
        answer["type"]?.stringValue == "message"
    }
}
