public import Determinism

/// What a request to a model says: the turns so far and the tools that it offers.
public struct Conversation: Hashable, Sendable {
    /// The instructions that stand above all turns; empty where there are none.
    public var system: String
    /// The turns in the order of the request.
    public var messages: [ConversationMessage]
    /// The tools that the model may call.
    public var tools: [OfferedTool]

    /// Creates a conversation.
    public init(
        system: String = "", messages: [ConversationMessage] = [], tools: [OfferedTool] = []
    ) {
        self.system = system
        self.messages = messages
        self.tools = tools
    }
}

/// One turn of a conversation.
public struct ConversationMessage: Hashable, Sendable {
    /// Who speaks.
    public enum Role: String, Hashable, Sendable {
        case system
        case user
        case assistant
        /// The results of tools, where the protocol has a turn of its own for them.
        case tool
    }

    /// Who speaks.
    public var role: Role
    /// What is said, in order.
    public var parts: [ConversationPart]

    /// Creates a turn.
    public init(role: Role, parts: [ConversationPart]) {
        self.role = role
        self.parts = parts
    }

    /// All texts of the turn, one after the other.
    public var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
    }
}

/// A part of a turn.
public enum ConversationPart: Hashable, Sendable {
    /// Words.
    case text(String)
    /// The assistant asks for a tool.
    case toolCall(ToolCall)
    /// What a tool answered.
    case toolResult(ToolResultPart)
    /// Anything else, such as an image or a signed thought.
    case other
}

/// What a tool answered, as the request hands it to the model.
public struct ToolResultPart: Hashable, Sendable {
    /// The identifier of the call that it answers; nil where the protocol has none.
    public var callID: String?
    /// The name of the tool; nil where the result does not say it.
    public var name: String?
    /// The result as text; structured results are canonical JSON.
    public var text: String
    /// Whether the agent says that the tool failed.
    public var isError: Bool

    /// Creates a result.
    public init(callID: String?, name: String? = nil, text: String, isError: Bool = false) {
        self.callID = callID
        self.name = name
        self.text = text
        self.isError = isError
    }
}

/// A tool that a request offers to the model.
public struct OfferedTool: Hashable, Sendable {
    /// The name by which the model calls it.
    public var name: String
    /// The schema of its arguments; nil where none is given.
    public var schema: JSONValue?

    /// Creates a tool.
    public init(name: String, schema: JSONValue?) {
        self.name = name
        self.schema = schema
    }
}

/// The tokens that an answer says it cost.
public struct AnswerUsage: Hashable, Sendable {
    /// Tokens of the request, those from a cache among them.
    public var inputTokens: Int
    /// Tokens of the answer, hidden reasoning among them.
    public var outputTokens: Int

    /// Creates a count.
    public init(inputTokens: Int, outputTokens: Int) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}
