public import Cassette
public import Determinism

/// Amazon Bedrock, `Converse` and `ConverseStream`.
///
/// Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html.
/// `messageStop` ends the answer; `metadata`, which follows, only counts. Reasoning is signed: an
/// edit keeps it whole, drops it whole, or gives nil.
public struct BedrockConverse: BedrockProtocol {
    /// The stable identifier.
    public static let id = "bedrock-converse"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to one of the two operations of a model.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        BedrockRoute.matches(request, operations: ["converse", "converse-stream"])
    }

    /// What one event means.
    ///
    /// Reasoning, citations and the frames of blocks are `other`; so are pieces that are empty. The
    /// arguments of the service's own tools cannot be told from those of the agent's.
    public func role(of event: StreamEvent) -> StreamEventRole {
        if event.isException { return .error }
        guard let decoded = BedrockConverseEvent(event) else { return .other }
        switch decoded.type {
        case "messageStart": return .start
        case "contentBlockStart":
            guard let call = decoded.startedCall else { return .other }
            return .toolStart(index: decoded.index, id: call.id, name: call.name)
        case "contentBlockDelta": return Self.role(ofDelta: decoded)
        case "messageStop": return decoded.stopReason.map { .finish(reason: $0) } ?? .terminator
        case "metadata": return .usage
        default: return .other
        }
    }

    private static func role(ofDelta event: BedrockConverseEvent) -> StreamEventRole {
        if let text = event.textDelta, !text.isEmpty { return .text(text) }
        if let fragment = event.inputDelta, !fragment.isEmpty {
            return .toolArguments(index: event.index, fragment: fragment)
        }
        return .other
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        BedrockConverseStream(events).summary
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        var summary = AnswerSummary(
            finishReason: answer["stopReason"]?.stringValue, terminated: true)
        for block in Self.blocks(of: answer) ?? [] {
            switch BedrockConverseBlock.kind(of: block) {
            case .text: summary.text += BedrockConverseBlock.text(of: block)
            case .toolUse:
                guard var call = BedrockConverseBlock.call(of: block) else { continue }
                call.arguments = block["toolUse"]?["input"]?.encodedText() ?? ""
                summary.toolCalls.append(call)
            case .reasoning, .other: break
            }
        }
        return summary
    }

    /// The blocks of a JSON answer.
    static func blocks(of answer: JSONValue) -> [JSONValue]? {
        answer["output"]?["message"]?["content"]?.arrayValue
    }
}
