import Determinism
import WireProtocols

/// Where the events of a provider hold what faults of single fields change.
///
/// The members are those that the protocols of `WireProtocols` read; the sources stand there.
enum DeltaShape: Hashable {
    case chat
    case responses
    case anthropic
    case gemini
    case ollamaChat
    case ollamaGenerate
    case cohere
    case converse

    init(_ wire: any WireProtocol) throws(Inapplicable) {
        switch wire.id {
        case OpenAIChat.id, AzureOpenAI.id, Mistral.id, OpenRouter.id: self = .chat
        case OpenAIResponses.id: self = .responses
        case AnthropicMessages.id, BedrockInvoke.id: self = .anthropic
        case Gemini.id: self = .gemini
        case OllamaChat.id: self = .ollamaChat
        case OllamaGenerate.id: self = .ollamaGenerate
        case CohereChat.id: self = .cohere
        case BedrockConverse.id: self = .converse
        default: throw Inapplicable("the fields of \(wire.id) are not known")
        }
    }

    /// Whether one event holds the finish reason and is the terminator too.
    var saysItsEndItself: Bool {
        switch self {
        case .ollamaChat, .ollamaGenerate, .cohere, .converse: true
        case .chat, .responses, .anthropic, .gemini: false
        }
    }

    /// The event without its finish reason; nil when it has none that can be left out.
    func withoutFinish(_ event: StreamEvent) -> StreamEvent? {
        edited(event) { json in
            switch self {
            case .chat:
                json.editEach("choices") { choice in
                    choice.nullify("finish_reason")
                    choice.nullify("native_finish_reason")
                }
            case .anthropic:
                json["delta"]?.nullify("stop_reason")
            case .ollamaChat, .ollamaGenerate:
                if json["done"]?.boolValue == true { json["done_reason"] = nil }
            case .cohere:
                if json["type"]?.stringValue == "message-end" {
                    json["delta"]?["finish_reason"] = nil
                }
            case .converse:
                if event.name == "messageStop" { json["stopReason"] = nil }
            case .gemini, .responses: break
            }
        }
    }

    /// The event as one that does not finish the answer, where one event may do both.
    func unfinished(_ event: StreamEvent) -> StreamEvent {
        let changed = edited(event) { json in
            switch self {
            case .chat: json.editEach("choices") { $0.nullify("finish_reason") }
            case .gemini: json.editEach("candidates") { $0["finishReason"] = nil }
            case .ollamaChat, .ollamaGenerate:
                if json["done"]?.boolValue == true { json["done"] = false }
                json["done_reason"] = nil
            case .responses, .anthropic, .cohere, .converse: break
            }
        }
        return changed ?? event
    }

    /// The event with another delta; nil when it has no delta.
    func replacingDelta(of event: StreamEvent, by delta: JSONValue) -> StreamEvent? {
        edited(unfinished(event)) { json in
            switch self {
            case .chat: json.editFirst("choices") { $0.replace("delta", by: delta) }
            case .gemini: json.editFirst("candidates") { $0.replace("content", by: delta) }
            case .ollamaChat: json.replace("message", by: delta)
            case .ollamaGenerate: json.replace("response", by: delta)
            case .responses, .anthropic, .cohere, .converse: json.replace("delta", by: delta)
            }
        }
    }

    /// A delta of a type that no client knows; nil where a new type is a new event.
    func unknownDelta(_ name: String) -> JSONValue? {
        let content = JSONValue.object([JSONMember(name, "")])
        switch self {
        case .chat, .ollamaChat: return content
        case .anthropic: return ["type": .string(name), "value": ""]
        case .gemini: return ["parts": .array([.object([JSONMember(name, [:])])]), "role": "model"]
        case .cohere: return ["message": content]
        case .converse: return .object([JSONMember(name, [:])])
        case .responses, .ollamaGenerate: return nil
        }
    }

    /// The event without any choice; nil where answers have none.
    func withoutChoices(_ event: StreamEvent) -> StreamEvent? {
        edited(event) { json in
            switch self {
            case .chat: json.replace("choices", by: [])
            case .gemini: json.replace("candidates", by: [])
            default: break
            }
        }
    }

    /// The event without the role that it names; nil when it names none.
    func withoutRole(_ event: StreamEvent) -> StreamEvent? {
        edited(event) { json in
            switch self {
            case .chat: json.editEach("choices") { $0["delta"]?["role"] = nil }
            case .anthropic: json["message"]?["role"] = nil
            case .converse: if event.name == "messageStart" { json["role"] = nil }
            case .gemini: json.editEach("candidates") { $0["content"]?["role"] = nil }
            case .ollamaChat: json["message"]?["role"] = nil
            case .cohere: json["delta"]?["message"]?["role"] = nil
            case .responses:
                json["item"]?["role"] = nil
                json["response"]?.editEach("output") { $0["role"] = nil }
            case .ollamaGenerate: break
            }
        }
    }

    /// The event after a change of its JSON; nil when nothing is changed.
    func edited(_ event: StreamEvent, _ change: (inout JSONValue) -> Void) -> StreamEvent? {
        guard let json = event.json, json.objectValue != nil else { return nil }
        var changed = json
        change(&changed)
        return changed == json ? nil : event.replacingJSON(changed)
    }
}

extension JSONValue {
    /// Sets a member that is there and not null to null.
    mutating func nullify(_ name: String) {
        replace(name, by: .null)
    }

    /// Gives a member that is there another value.
    mutating func replace(_ name: String, by value: JSONValue) {
        if self[name] != nil { self[name] = .some(value) }
    }

    /// Changes each element of a member that is a list.
    mutating func editEach(_ name: String, _ change: (inout JSONValue) -> Void) {
        guard var elements = self[name]?.arrayValue else { return }
        for place in elements.indices { change(&elements[place]) }
        self[name] = .array(elements)
    }

    /// Changes the first element of a member that is a list.
    mutating func editFirst(_ name: String, _ change: (inout JSONValue) -> Void) {
        guard var elements = self[name]?.arrayValue, !elements.isEmpty else { return }
        change(&elements[0])
        self[name] = .array(elements)
    }
}
