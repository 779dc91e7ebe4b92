import Determinism

extension ConversationMessage.Role {
    /// The role that a word means; whoever is unknown is no assistant, so a user.
    init(word: String?) {
        switch word {
        case "system", "developer": self = .system
        case "assistant", "model": self = .assistant
        case "tool", "function": self = .tool
        default: self = .user
        }
    }
}

extension JSONValue {
    /// The words of a content part; nil for one of another kind.
    var partText: String? {
        switch self["type"]?.stringValue {
        case nil, "text", "input_text", "output_text": self["text"]?.stringValue
        default: nil
        }
    }

    /// What a content says: a text, or parts of which all but texts are `other`.
    var conversationParts: [ConversationPart] {
        switch self {
        case .null: []
        case .string(let text): [.text(text)]
        case .array(let parts):
            parts.map { part in
                (part.stringValue ?? part.partText).map { .text($0) } ?? .other
            }
        case .bool, .number, .object: [.other]
        }
    }

    /// What the content of a tool's result says: the texts of its parts, joined.
    ///
    /// What is structured is canonical JSON; images and other media say nothing.
    var resultText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .array(let parts): parts.map(\.resultPartText).joined()
        case .bool, .number, .object: canonicalText()
        }
    }

    private var resultPartText: String {
        if let text = stringValue ?? partText { return text }
        switch self["type"]?.stringValue {
        case nil: return canonicalText()
        case "document": return documentText
        case "search_result": return self["content"]?.contentText ?? ""
        default: return ""
        }
    }

    /// The words of a document: Anthropic's has a source, Cohere's has data.
    private var documentText: String {
        if let source = self["source"] {
            return source["type"]?.stringValue == "text" ? source["data"]?.stringValue ?? "" : ""
        }
        return self["document"]?["data"]?.resultText ?? ""
    }

    /// The arguments of a call as text; empty where they are absent.
    var argumentsText: String {
        isNull ? "" : stringValue ?? encodedText()
    }
}
