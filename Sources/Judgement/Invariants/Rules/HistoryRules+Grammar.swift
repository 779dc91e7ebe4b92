internal import WireProtocols

/// What is wrong with a conversation.
struct HistoryProblem: Hashable {
    enum Kind: Hashable {
        /// Calls without results.
        case unanswered([String])
        /// A result without a call.
        case orphan(String)
        /// A second result of a call.
        case answeredTwice(String)
        /// Two calls with one identifier.
        case sameID(String)
        /// A turn that says nothing.
        case empty
        /// A text that is blank.
        case blank
        /// Blanks at the end of what the model is to continue.
        case trailingBlank
        /// The first turn is the assistant's.
        case startsWithAssistant
        /// Two turns of one role.
        case sameRole
        /// Instructions in the middle.
        case systemTurn
        /// Text before the results.
        case resultsNotFirst
        /// Calls behind another turn of the model.
        case callAfterModel
    }

    /// The place of the message, from 0.
    let message: Int
    let kind: Kind
}

/// Whose rules a conversation must follow.
enum HistoryGrammar: Hashable {
    case chat
    case mistral
    case cohere
    case responses
    case anthropic
    case bedrock
    case gemini

    static func of(_ wire: String) -> HistoryGrammar? {
        switch wire {
        case OpenAIChat.id, AzureOpenAI.id, OpenRouter.id: .chat
        case Mistral.id: .mistral
        case CohereChat.id: .cohere
        case OpenAIResponses.id: .responses
        case AnthropicMessages.id, BedrockInvoke.id: .anthropic
        case BedrockConverse.id: .bedrock
        case Gemini.id: .gemini
        default: nil
        }
    }

    /// Whether neighbouring turns of one role are one turn.
    var joinsTurns: Bool { self == .anthropic || self == .gemini }

    /// What the provider says, or what it means where no words of it are known.
    func words(for kind: HistoryProblem.Kind) -> String {
        switch self {
        case .chat: chat(kind)
        case .mistral: mistral(kind)
        case .responses: responses(kind)
        case .anthropic: anthropic(kind)
        case .bedrock: bedrock(kind)
        case .gemini: gemini(kind)
        case .cohere: common(kind)
        }
    }

    private func chat(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered(let ids):
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
                + "to each 'tool_call_id'. The following tool_call_ids did not have response "
                + "messages: \(Self.list(ids))"
        case .orphan:
            "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
        case .empty: "Invalid value for 'content': expected a string, got null."
        default: common(kind)
        }
    }

    private func mistral(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered, .orphan: "Not the same number of function calls and responses"
        default: common(kind)
        }
    }

    private func responses(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered(let ids): "No tool output found for function call \(Self.list(ids))."
        case .orphan(let id):
            "No tool call found for function call output with call_id \(Self.list([id]))."
        default: common(kind)
        }
    }

    private func anthropic(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered(let ids):
            "`tool_use` ids were found without `tool_result` blocks immediately after: "
                + "\(Self.list(ids)). Each `tool_use` block must have a corresponding "
                + "`tool_result` block in the next message."
        case .orphan(let id):
            "unexpected `tool_use_id` found in `tool_result` blocks: \(Self.list([id])). Each "
                + "`tool_result` block must have a corresponding `tool_use` block in the "
                + "previous message."
        case .answeredTwice(let id):
            "each tool_use must have a single result. Found multiple `tool_result` blocks with "
                + "id: \(Self.list([id]))"
        case .sameID: "`tool_use` ids must be unique"
        case .empty:
            "all messages must have non-empty content except for the optional final assistant "
                + "message"
        case .blank: "text content blocks must be non-empty"
        case .trailingBlank: "final assistant content cannot end with trailing whitespace"
        case .startsWithAssistant: "first message must use the \"user\" role"
        case .systemTurn: "Unexpected role \"system\"."
        default: common(kind)
        }
    }

    private func bedrock(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered(let ids):
            "Expected toolResult blocks in the next message for the following Ids: "
                + Self.list(ids)
        case .orphan, .answeredTwice:
            "The number of toolResult blocks exceeds the number of toolUse blocks of previous turn."
        case .empty: "The content field in the Message object is empty."
        case .blank: "The text field in the ContentBlock object is blank."
        case .startsWithAssistant: "A conversation must start with a user message."
        case .sameRole: "A conversation must alternate between user and assistant roles."
        default: common(kind)
        }
    }

    private func gemini(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered, .answeredTwice:
            "Please ensure that the number of function response parts is equal to the number of "
                + "function call parts of the function call turn."
        case .orphan:
            "Please ensure that function response turn comes immediately after a function call "
                + "turn."
        case .callAfterModel:
            "Please ensure that function call turn comes immediately after a user turn or after a "
                + "function response turn."
        case .empty: "contents.parts must not be empty."
        default: common(kind)
        }
    }

    private func common(_ kind: HistoryProblem.Kind) -> String {
        switch kind {
        case .unanswered(let ids): "the calls \(Self.list(ids)) have no result"
        case .orphan(let id): "the result \(Self.list([id])) answers no call of the turn before"
        case .answeredTwice(let id): "the call \(Self.list([id])) has two results"
        case .sameID(let id): "the identifier \(Self.list([id])) stands for two calls"
        case .empty: "the turn is empty"
        case .blank: "a text is blank"
        case .trailingBlank: "the last turn ends with blanks"
        case .startsWithAssistant: "the first turn is the assistant's"
        case .sameRole: "two turns of one role follow one another"
        case .systemTurn: "instructions stand between turns"
        case .resultsNotFirst: "the results of tools must stand before any text"
        case .callAfterModel: "a call follows another turn of the model"
        }
    }

    /// Identifiers are the agent's text: a few of them, cut.
    private static func list(_ ids: [String]) -> String {
        let shown = ids.prefix(3).map(OutputText.quoted).joined(separator: ", ")
        return ids.count > 3 ? "\(shown) and \(ids.count - 3) more" : shown
    }
}
