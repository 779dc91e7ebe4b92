public import Cassette
import Determinism

extension BedrockConverse {
    /// What a request says; results stand in turns of the user.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        guard let body = request.json, let messages = body["messages"]?.arrayValue else {
            return nil
        }
        var builder = ConversationBuilder()
        for block in body["system"]?.arrayValue ?? [] {
            builder.instruct(Self.text(of: block) ?? "")
        }
        for message in messages where message.objectValue != nil {
            let role = ConversationMessage.Role(word: message["role"]?.stringValue)
            builder.add(role, (message["content"]?.arrayValue ?? []).map(Self.part))
        }
        for tool in body["toolConfig"]?["tools"]?.arrayValue ?? [] {
            let specification = tool["toolSpec"]
            builder.offer(
                name: specification?["name"], schema: specification?["inputSchema"]?["json"])
        }
        return builder.conversation
    }

    private static func part(_ block: JSONValue) -> ConversationPart {
        if var call = BedrockConverseBlock.call(of: block) {
            call.arguments = block["toolUse"]?["input"]?.argumentsText ?? ""
            return .toolCall(call)
        }
        if let result = block["toolResult"], result.objectValue != nil {
            // The results of the service's own tools have a type, those of the agent's have none.
            return result["type"]?.nonNull == nil ? .toolResult(self.result(result)) : .other
        }
        return text(of: block).map { .text($0) } ?? .other
    }

    private static func result(_ json: JSONValue) -> ToolResultPart {
        let texts = (json["content"]?.arrayValue ?? []).map { block in
            block["text"]?.stringValue ?? block["json"]?.canonicalText() ?? ""
        }
        return ToolResultPart(
            callID: json["toolUseId"]?.stringValue, text: texts.joined(),
            isError: json["status"]?.stringValue == "error")
    }

    /// The words of a block, which a guard may wrap; nil for one of another kind.
    private static func text(of block: JSONValue) -> String? {
        if let guarded = block["guardContent"] { return guarded["text"]?["text"]?.stringValue }
        guard BedrockConverseBlock.kind(of: block) == .text else { return nil }
        return BedrockConverseBlock.text(of: block)
    }

    /// The tokens that the answer counts, in a stream in `metadata`: input with what a cache gave
    /// and what it took, output.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(
            input: ["inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"],
            output: ["outputTokens"]
        ).reading(body, framing) { $0["usage"] }
    }
}
