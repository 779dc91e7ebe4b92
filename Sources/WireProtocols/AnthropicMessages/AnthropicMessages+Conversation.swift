public import Cassette
import Determinism

extension AnthropicMessages {
    /// What a request says; results stand in turns of the user.
    ///
    /// Thoughts, media, and the calls and results of the provider's own tools are `other`.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        request.json.flatMap { Self.conversation(of: $0) }
    }

    /// What the body of a request says; nil where it has no list of messages.
    static func conversation(of body: JSONValue) -> Conversation? {
        guard let messages = body["messages"]?.arrayValue else { return nil }
        var builder = ConversationBuilder()
        for case .text(let text) in body["system"]?.conversationParts ?? [] {
            builder.instruct(text)
        }
        for message in messages where message.objectValue != nil {
            let role = ConversationMessage.Role(word: message["role"]?.stringValue)
            builder.add(role, parts(of: message["content"]))
        }
        for tool in body["tools"]?.arrayValue ?? [] {
            builder.offer(name: tool["name"], schema: tool["input_schema"])
        }
        return builder.conversation
    }

    private static func parts(of content: JSONValue?) -> [ConversationPart] {
        guard let blocks = content?.arrayValue else { return content?.conversationParts ?? [] }
        return blocks.map { block in
            switch block["type"]?.stringValue {
            case "text": block["text"]?.stringValue.map { .text($0) } ?? .other
            case "tool_use": .toolCall(call(block))
            case "tool_result": .toolResult(result(block))
            default: .other
            }
        }
    }

    private static func call(_ block: JSONValue) -> ToolCall {
        ToolCall(
            id: block["id"]?.stringValue ?? "", name: block["name"]?.stringValue ?? "",
            arguments: block["input"]?.argumentsText ?? "")
    }

    private static func result(_ block: JSONValue) -> ToolResultPart {
        ToolResultPart(
            callID: block["tool_use_id"]?.stringValue, text: block["content"]?.resultText ?? "",
            isError: block["is_error"]?.boolValue == true)
    }

    /// The tokens that the message counts: input with what a cache gave and what it took, output.
    ///
    /// A stream counts at its start and again, from the start on, in each `message_delta`.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(
            input: ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"],
            output: ["output_tokens"]
        ).reading(body, framing) { $0["message"]?["usage"] ?? $0["usage"] }
    }
}
