import Determinism

/// Reads requests in the form of chat completions, which other providers took over.
enum ChatConversation {
    /// What a request says; nil where it has no list of messages.
    static func read(_ body: JSONValue?) -> Conversation? {
        guard let body, let messages = body["messages"]?.arrayValue else { return nil }
        var builder = ConversationBuilder()
        for message in messages where message.objectValue != nil {
            let role = ConversationMessage.Role(word: message["role"]?.stringValue)
            builder.add(role, role == .tool ? [result(of: message)] : parts(of: message))
        }
        offerFunctions(of: body, to: &builder)
        return builder.conversation
    }

    /// Offers the functions of a request, which are wrapped or, as in Responses, are not.
    static func offerFunctions(of body: JSONValue, to builder: inout ConversationBuilder) {
        for tool in body["tools"]?.arrayValue ?? [] {
            let declaration = tool["function"] ?? tool["custom"] ?? tool
            builder.offer(name: declaration["name"], schema: declaration["parameters"])
        }
        // What chat completions had before tools.
        for function in body["functions"]?.arrayValue ?? [] {
            builder.offer(name: function["name"], schema: function["parameters"])
        }
    }

    /// The name is `tool_name` in Ollama.
    private static func result(of message: JSONValue) -> ConversationPart {
        .toolResult(
            ToolResultPart(
                callID: message["tool_call_id"]?.stringValue,
                name: message["tool_name"]?.stringValue ?? message["name"]?.stringValue,
                text: message["content"]?.resultText ?? ""))
    }

    private static func parts(of message: JSONValue) -> [ConversationPart] {
        let asides = asides.filter { message[$0].map { !$0.isBlank } ?? false }
        var parts = asides.map { _ in ConversationPart.other }
        parts += message["content"]?.conversationParts ?? []
        parts += (message["tool_calls"]?.arrayValue ?? []).map { .toolCall(call($0)) }
        if let function = message["function_call"], function.objectValue != nil {
            parts.append(.toolCall(call(["function": function])))
        }
        return parts
    }

    private static func call(_ json: JSONValue) -> ToolCall {
        let function = json["function"] ?? json["custom"]
        // A custom tool takes a text as its input.
        let arguments = function?["arguments"] ?? function?["input"]
        return ToolCall(
            id: json["id"]?.stringValue ?? "", name: function?["name"]?.stringValue ?? "",
            arguments: arguments?.argumentsText ?? "")
    }

    /// What providers put beside the content of a message: thoughts, plans, images, refusals.
    private static let asides = [
        "reasoning_content", "reasoning", "reasoning_details", "thinking", "tool_plan", "images",
        "audio", "refusal",
    ]
}
