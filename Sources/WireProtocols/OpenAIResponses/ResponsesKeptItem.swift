import Determinism

/// What an output item keeps of a stream that was cut.
struct ResponsesKeptItem {
    private var kind = ResponsesItemKind.message
    private var arguments = ""
    private var losesArguments = false
    private var parts: [Int: ResponsesKeptPart] = [:]
    /// Whether it was whole before the cut.
    private(set) var isClosed = false

    /// Whether it can end before it is whole; reasoning, which may be encrypted, cannot.
    var canBeCut: Bool { kind == .message || kind.argumentsKey != nil }

    /// Takes an event before the cut.
    mutating func keep(_ event: ResponsesEvent) {
        if let item = event.openedItem ?? event.closedItem { kind = ResponsesItemKind(item) }
        if event.closedItem != nil { isClosed = true }
        if let delta = event.argumentsDelta { arguments += delta }
        if let delta = event.partDelta {
            parts[event.contentIndex, default: ResponsesKeptPart()].text += delta
        }
        switch event.type {
        case "response.content_part.added":
            parts[event.contentIndex, default: ResponsesKeptPart()].text += ""
        case "response.output_text.annotation.added":
            parts[event.contentIndex, default: ResponsesKeptPart()].annotations += 1
        default: break
        }
    }

    /// Takes an event behind the cut.
    mutating func lose(_ event: ResponsesEvent) {
        if event.argumentsDelta?.isEmpty == false { losesArguments = true }
        if event.partDelta?.isEmpty == false { parts[event.contentIndex]?.losesText = true }
        if event.type == "response.output_text.annotation.added" {
            parts[event.contentIndex]?.losesAnnotations = true
        }
    }

    /// The data of an event that closes the item or a part; nil for an event that is dropped.
    func closing(_ event: ResponsesEvent) -> JSONValue? {
        var json = event.json
        switch event.type {
        case "response.output_text.done", "response.refusal.done":
            return parts[event.contentIndex]?.cut(json)
        case "response.content_part.done":
            guard let part = parts[event.contentIndex] else { return nil }
            json["part"] = json["part"].map(part.cut)
            return json
        case "response.function_call_arguments.done", "response.custom_tool_call_input.done":
            cutArguments(&json)
            return json
        case "response.output_item.done":
            json["item"] = json["item"].map(cut)
            return json
        default: return nil
        }
    }

    /// The whole item as the cut leaves it.
    func cut(_ item: JSONValue) -> JSONValue {
        var item = item
        if item["status"]?.stringValue != nil { item["status"] = "incomplete" }
        cutArguments(&item)
        if kind == .message, let content = item["content"]?.arrayValue {
            let left = content.enumerated().compactMap { index, part in parts[index]?.cut(part) }
            item["content"] = .array(left)
        }
        return item
    }

    private func cutArguments(_ json: inout JSONValue) {
        guard losesArguments, let key = kind.argumentsKey, json[key] != nil else { return }
        json[key] = .string(arguments)
    }
}
