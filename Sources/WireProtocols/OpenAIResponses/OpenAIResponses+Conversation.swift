public import Cassette
import Determinism

extension OpenAIResponses {
    /// What a request says; where it continues an earlier response, only what it adds to that.
    ///
    /// The items that follow one another from the assistant, such as reasoning, a message and its
    /// calls, are one turn. Each output of a call is a turn of the tool.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        guard let body = request.json, Self.inputKeys.contains(where: { body[$0]?.nonNull != nil })
        else { return nil }
        var builder = ConversationBuilder()
        builder.instruct(body["instructions"]?.stringValue ?? "")
        switch body["input"] {
        case nil, .null: break
        case .string(let text): builder.add(.user, [.text(text)])
        case .array(let items): for item in items { Self.add(item, to: &builder) }
        default: return nil
        }
        ChatConversation.offerFunctions(of: body, to: &builder)
        return builder.conversation
    }

    private static func add(_ item: JSONValue, to builder: inout ConversationBuilder) {
        guard item.objectValue != nil else { return }
        let type = item["type"]?.stringValue ?? "message"
        switch type {
        case "message":
            let role = ConversationMessage.Role(word: item["role"]?.stringValue)
            let parts = item["content"]?.conversationParts ?? []
            if role == .assistant {
                builder.addToAssistant(parts)
            } else {
                builder.add(role, parts)
            }
        case "function_call", "custom_tool_call":
            builder.addToAssistant([.toolCall(ResponsesReader.call(of: item))])
        case "function_call_output", "custom_tool_call_output":
            builder.add(.tool, [.toolResult(result(of: item))])
        case "mcp_approval_response": builder.add(.user, [.other])
        default:
            // Shells and computers are tools of the provider, which the agent lends.
            if type.hasSuffix("_output") {
                builder.add(.tool, [.other])
            } else {
                builder.addToAssistant([.other])
            }
        }
    }

    private static func result(of item: JSONValue) -> ToolResultPart {
        ToolResultPart(
            callID: item["call_id"]?.stringValue, name: item["name"]?.stringValue,
            text: item["output"]?.resultText ?? "")
    }

    /// The tokens that the response counts, in a stream in the event that ends it: `input_tokens`
    /// and `output_tokens`.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(input: ["input_tokens"], output: ["output_tokens"])
            .reading(body, framing) { ($0["response"] ?? $0)["usage"] }
    }
}
