import Determinism

/// The kinds of output items that are told apart.
enum ResponsesItemKind: Hashable {
    /// Text, or a refusal.
    case message
    /// A call of a function of the agent.
    case functionCall
    /// A call of a tool of the agent whose input is free text.
    case customToolCall
    /// Reasoning, which may be encrypted.
    case reasoning
    /// Anything else, such as the calls of the provider's own tools.
    case other

    /// The kind of an item, from its `type`.
    init(_ item: JSONValue?) {
        switch item?["type"]?.stringValue {
        case "message": self = .message
        case "function_call": self = .functionCall
        case "custom_tool_call": self = .customToolCall
        case "reasoning": self = .reasoning
        default: self = .other
        }
    }

    /// The member with the arguments of a call of the agent's tools; nil for other kinds.
    var argumentsKey: String? {
        switch self {
        case .functionCall: "arguments"
        case .customToolCall: "input"
        case .message, .reasoning, .other: nil
        }
    }
}
