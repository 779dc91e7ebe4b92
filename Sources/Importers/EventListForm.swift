import Cassette
import Determinism
import WireProtocols

/// Whose events a list holds, told by their members.
enum EventListForm: String, CaseIterable {
    case anthropic
    case openAIChat = "openai-chat"
    case openAICompletion = "openai-completion"
    case openAIResponses = "openai-responses"
    case gemini
    case geminiInteractions = "gemini-interactions"
    case cohere
    case bedrock = "bedrock-converse"
    case openAIRealtime = "openai-realtime"
    case geminiLive = "gemini-live"

    /// How many of the first events are looked at.
    static let eventsMax = 8

    /// The form of the first event that has one.
    static func of(_ events: [JSONValue]) -> EventListForm? {
        for event in events.prefix(eventsMax) {
            if let form = allCases.first(where: { $0.matches(event) }) { return form }
        }
        return nil
    }

    private static let bedrockEvents = [
        "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop",
        "messageStop", "metadata",
    ]

    private func matches(_ event: JSONValue) -> Bool {
        let type = event["type"]?.stringValue ?? ""
        switch self {
        case .anthropic:
            return ["message_start", "content_block_start", "content_block_delta"].contains(type)
        case .openAIChat:
            return event["choices"] != nil && !isCompletion(event)
        case .openAICompletion: return isCompletion(event)
        case .openAIResponses: return type.hasPrefix("response.")
        case .gemini: return event["candidates"] != nil || event["promptFeedback"] != nil
        case .geminiInteractions: return event["event_type"] != nil
        case .cohere: return ["message-start", "content-start", "content-delta"].contains(type)
        case .bedrock:
            guard let members = event.objectValue, members.count == 1 else { return false }
            return Self.bedrockEvents.contains(members[0].key)
        case .openAIRealtime: return type.hasPrefix("session.")
        case .geminiLive: return event["setupComplete"] != nil || event["serverContent"] != nil
        }
    }

    private func isCompletion(_ event: JSONValue) -> Bool {
        event["object"]?.stringValue == "text_completion"
    }

    var contentType: String {
        self == .bedrock ? "application/vnd.amazon.eventstream" : "text/event-stream"
    }

    /// The address of the request, and the model; nil for what does not travel by HTTP.
    func route(of events: [JSONValue]) -> (url: String, model: String)? {
        let model = Self.model(events)
        switch self {
        case .anthropic:
            return ("https://api.anthropic.com/v1/messages", model ?? "claude")
        case .openAIChat:
            return ("https://api.openai.com/v1/chat/completions", model ?? "gpt")
        case .openAICompletion:
            return ("https://api.openai.com/v1/completions", model ?? "gpt")
        case .openAIResponses: return ("https://api.openai.com/v1/responses", model ?? "gpt")
        case .gemini:
            let name = model ?? "gemini"
            let host = "https://generativelanguage.googleapis.com"
            return ("\(host)/v1beta/models/\(name):streamGenerateContent?alt=sse", name)
        case .geminiInteractions:
            let host = "https://generativelanguage.googleapis.com"
            return ("\(host)/v1beta/interactions?alt=sse", model ?? "gemini")
        case .cohere: return ("https://api.cohere.com/v2/chat", model ?? "command")
        case .bedrock:
            let host = "https://bedrock-runtime.us-east-1.amazonaws.com"
            return ("\(host)/model/\(model ?? "bedrock")/converse-stream", model ?? "bedrock")
        case .openAIRealtime, .geminiLive: return nil
        }
    }

    private static func model(_ events: [JSONValue]) -> String? {
        for event in events.prefix(eventsMax) {
            let found =
                event["model"]?.stringValue ?? event["message"]?["model"]?.stringValue
                ?? event["response"]?["model"]?.stringValue
                ?? event["interaction"]?["model"]?.stringValue ?? event["modelVersion"]?.stringValue
            if let found, !found.isEmpty { return found }
        }
        return nil
    }

    /// The body of the request that stands in.
    func request(model: String, prompt: String) -> JSONValue {
        let text = JSONValue.string(prompt)
        switch self {
        case .gemini: return ["contents": [["role": "user", "parts": [["text": text]]]]]
        case .bedrock: return ["messages": [["role": "user", "content": [["text": text]]]]]
        case .openAIResponses, .geminiInteractions:
            return ["model": .string(model), "input": text, "stream": true]
        case .openAICompletion:
            return ["model": .string(model), "prompt": text, "stream": true]
        default:
            return [
                "model": .string(model), "messages": [["role": "user", "content": text]],
                "stream": true,
            ]
        }
    }

    /// The events as the provider frames them.
    func body(_ datas: [String]) -> [UInt8] {
        switch self {
        case .bedrock: return datas.flatMap(Self.message)
        case .anthropic, .openAIResponses, .cohere, .geminiInteractions:
            let name = self == .geminiInteractions ? "event_type" : "type"
            return StreamEvent.bytes(
                of: datas.map { data in
                    let type = (try? JSONValue.parse(text: data))?[name]?.stringValue
                    return StreamEvent(event: type, data: data)
                })
        case .openAIChat, .openAICompletion:
            let ended = datas.last == "[DONE]" ? datas : datas + ["[DONE]"]
            return StreamEvent.bytes(of: ended.map { StreamEvent(data: $0) })
        default:
            return StreamEvent.bytes(of: datas.map { StreamEvent(data: $0) })
        }
    }

    /// A binary message of Bedrock; its type is the only member of the line.
    private static func message(_ data: String) -> [UInt8] {
        let member = (try? JSONValue.parse(text: data))?.objectValue?.first
        let payload = member?.value.encoded() ?? Array(data.utf8)
        return AWSEventMessage(
            headers: [
                .init(":event-type", member?.key ?? "unknown"),
                .init(":content-type", "application/json"), .init(":message-type", "event"),
            ], payload: payload
        ).bytes
    }
}
