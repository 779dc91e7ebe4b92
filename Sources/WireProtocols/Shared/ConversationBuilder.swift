import Determinism

/// Collects what a request says, in the order in which it says it.
struct ConversationBuilder {
    private var instructions: [String] = []
    private var messages: [ConversationMessage] = []
    private var tools: [OfferedTool] = []

    /// What was collected.
    var conversation: Conversation {
        Conversation(
            system: instructions.joined(separator: "\n"), messages: messages, tools: tools)
    }

    /// Takes instructions that stand above all turns; several of them are lines.
    mutating func instruct(_ text: String) {
        if !text.isEmpty { instructions.append(text) }
    }

    /// Takes a turn; what instructs before the first of all others stands above them.
    mutating func add(_ role: ConversationMessage.Role, _ parts: [ConversationPart]) {
        let message = ConversationMessage(role: role, parts: parts)
        if role == .system, messages.isEmpty {
            instruct(message.text)
        } else {
            messages.append(message)
        }
    }

    /// Takes a piece of what the assistant said in one turn, where a request lists the pieces.
    mutating func addToAssistant(_ parts: [ConversationPart]) {
        if let last = messages.indices.last, messages[last].role == .assistant {
            messages[last].parts += parts
        } else {
            add(.assistant, parts)
        }
    }

    /// Takes a tool; one without a name is none of the agent's.
    mutating func offer(name: JSONValue?, schema: JSONValue?) {
        guard let name = name?.stringValue else { return }
        tools.append(OfferedTool(name: name, schema: schema?.nonNull))
    }
}
