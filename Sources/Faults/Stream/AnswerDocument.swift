import Determinism
import WireProtocols

/// The one JSON document that says what a whole stream says, as a provider sends it that was not
/// asked for a stream.
///
/// Every piece of a delta goes where the provider puts it, signatures among them; what a choice
/// has beside its delta, such as logprobs, is left out.
enum AnswerDocument {
    /// The document; nil where the stream lacks what it is made of.
    static func of(_ events: [StreamEvent], _ shape: DeltaShape) -> JSONValue? {
        let documents = events.compactMap { event in
            event.json.flatMap { $0.objectValue == nil ? nil : $0 }
        }
        switch shape {
        case .chat: return chat(documents)
        case .responses: return documents.last { $0["response"]?["output"] != nil }?["response"]
        case .anthropic: return anthropic(documents)
        case .ollamaChat, .ollamaGenerate: return ollama(documents)
        case .cohere: return cohere(documents)
        case .gemini, .converse: return nil
        }
    }

    private static func chat(_ chunks: [JSONValue]) -> JSONValue? {
        var answer: JSONValue = [:]
        var choices = JSONSlots()
        for chunk in chunks {
            for member in chunk.objectValue ?? [] where member.key != "choices" {
                // Azure's first chunk has an empty identifier and an empty model.
                let isSet = answer[member.key].map { !$0.isNull && $0.stringValue != "" }
                if isSet != true { answer[member.key] = .some(member.value) }
            }
            for choice in chunk["choices"]?.arrayValue ?? [] {
                choices.edit(choice["index"]) { addChatDelta(of: choice, to: &$0) }
            }
        }
        guard !choices.values.isEmpty else { return nil }
        answer.replace("object", by: "chat.completion")
        answer["choices"] = .array(
            choices.values.map { choice in
                var choice = choice
                choice["message"]?.editEach("tool_calls") { $0["index"] = nil }
                return choice
            })
        return answer
    }

    private static func addChatDelta(of choice: JSONValue, to result: inout JSONValue) {
        if result.objectValue == nil {
            result = ["index": 0, "message": ["role": "assistant", "content": .null]]
            if let index = choice["index"] { result["index"] = .some(index) }
        }
        var message = result["message"] ?? [:]
        var calls = JSONSlots(message["tool_calls"]?.arrayValue ?? [])
        for member in choice["delta"]?.objectValue ?? [] where member.key != "role" {
            guard member.key == "tool_calls" else {
                message.join(member.key, with: member.value)
                continue
            }
            for piece in member.value.arrayValue ?? [] {
                calls.edit(piece["index"]) { $0.joinCall(piece) }
            }
        }
        if !calls.values.isEmpty {
            message["tool_calls"] = .array(calls.values)
        }
        result["message"] = .some(message)
        if let reason = choice["finish_reason"], !reason.isNull {
            result["finish_reason"] = .some(reason)
        }
    }

    private static func anthropic(_ events: [JSONValue]) -> JSONValue? {
        guard var message = events.first(where: { $0["message"] != nil })?["message"] else {
            return nil
        }
        var blocks = JSONSlots()
        for event in events {
            switch event["type"]?.stringValue {
            case "content_block_start":
                blocks.edit(event["index"]) { $0 = event["content_block"] ?? [:] }
            case "content_block_delta":
                blocks.edit(event["index"]) { add(event["delta"], to: &$0) }
            case "message_delta":
                for member in event["delta"]?.objectValue ?? [] {
                    message[member.key] = .some(member.value)
                }
                for member in event["usage"]?.objectValue ?? [] {
                    message["usage"]?[member.key] = .some(member.value)
                }
            default: break
            }
        }
        message["content"] = .array(blocks.values.map(withReadInput))
        return message
    }

    /// Adds a piece to a block; the arguments of a tool stay text until all of them are there.
    private static func add(_ delta: JSONValue?, to block: inout JSONValue) {
        switch delta?["type"]?.stringValue {
        case "input_json_delta":
            if block["input"]?.stringValue == nil { block["input"] = "" }
            block.join("input", with: delta?["partial_json"] ?? "")
        case "citations_delta":
            block.join("citations", with: .array([delta?["citation"] ?? .null]))
        default:
            for member in delta?.objectValue ?? [] where member.key != "type" {
                block.join(member.key, with: member.value)
            }
        }
    }

    private static func withReadInput(_ block: JSONValue) -> JSONValue {
        guard let text = block["input"]?.stringValue else { return block }
        var block = block
        block["input"] = .some((try? JSONValue.parse(text: text)) ?? [:])
        return block
    }

    private static func ollama(_ lines: [JSONValue]) -> JSONValue? {
        guard var answer = lines.first, lines.last?["done"]?.boolValue == true else { return nil }
        for line in lines.dropFirst() {
            for member in line.objectValue ?? [] {
                switch member.key {
                case "message":
                    var message = answer["message"] ?? [:]
                    for part in member.value.objectValue ?? [] where part.key != "role" {
                        message.join(part.key, with: part.value)
                    }
                    answer["message"] = .some(message)
                case "response", "thinking": answer.join(member.key, with: member.value)
                default: answer[member.key] = .some(member.value)
                }
            }
        }
        return answer
    }

    private static func cohere(_ events: [JSONValue]) -> JSONValue? {
        guard let start = events.first(where: { $0["type"]?.stringValue == "message-start" }) else {
            return nil
        }
        var (plan, end): (JSONValue, JSONValue) = ([:], [:])
        var (content, calls) = (JSONSlots(), JSONSlots())
        var citations: [JSONValue] = []
        for event in events {
            let delta = event["delta"]
            let message = delta?["message"]
            switch event["type"]?.stringValue {
            case "tool-plan-delta": plan.join("tool_plan", with: message?["tool_plan"] ?? "")
            case "content-start", "content-delta":
                content.edit(event["index"]) { $0.join(message?["content"] ?? [:]) }
            case "tool-call-start", "tool-call-delta":
                calls.edit(event["index"]) { $0.joinCall(message?["tool_calls"] ?? [:]) }
            case "citation-start": citations += message?["citations"].map { [$0] } ?? []
            case "message-end": end = delta ?? [:]
            default: break
            }
        }
        var message: JSONValue = ["role": "assistant"]
        message["tool_plan"] = plan["tool_plan"]
        if !calls.values.isEmpty { message["tool_calls"] = .array(calls.values) }
        if !content.values.isEmpty { message["content"] = .array(content.values) }
        if !citations.isEmpty { message["citations"] = .array(citations) }
        var answer: JSONValue = [:]
        answer["id"] = start["id"]
        answer["message"] = .some(message)
        answer["finish_reason"] = end["finish_reason"]
        answer["usage"] = end["usage"]
        return answer
    }
}

/// Values that are told apart by an index, in the order in which the indices come up.
private struct JSONSlots {
    private var keys: [String]
    private(set) var values: [JSONValue]

    /// Values that have had their index; it is their place.
    init(_ values: [JSONValue] = []) {
        keys = values.indices.map { values[$0]["index"]?.numberText ?? String($0) }
        self.values = values
    }

    /// Changes the value of an index; a new one starts as null, no index counts as 0.
    mutating func edit(_ index: JSONValue?, _ change: (inout JSONValue) -> Void) {
        let key = index?.numberText ?? "0"
        if let place = keys.firstIndex(of: key) {
            change(&values[place])
        } else {
            var value = JSONValue.null
            change(&value)
            keys.append(key)
            values.append(value)
        }
    }
}

extension JSONValue {
    /// The object without a member.
    fileprivate func without(_ name: String) -> JSONValue {
        var object = self
        object[name] = nil
        return object
    }

    /// Adds a piece to a member: texts and lists grow, anything else is taken over.
    fileprivate mutating func join(_ name: String, with piece: JSONValue) {
        switch (self[name], piece) {
        case (.string(let text)?, .string(let more)): self[name] = .string(text + more)
        case (.array(let elements)?, .array(let more)): self[name] = .array(elements + more)
        case (nil, _), (.null?, _): self[name] = .some(piece)
        case (_, .null): break
        default: self[name] = .some(piece)
        }
    }

    /// Adds each member of a piece; what names a kind is taken over once.
    fileprivate mutating func join(_ piece: JSONValue) {
        if objectValue == nil { self = [:] }
        for member in piece.objectValue ?? [] {
            let isName = ["id", "type", "index", "name"].contains(member.key)
            if isName, self[member.key]?.isNull == false { continue }
            join(member.key, with: member.value)
        }
    }

    /// Adds a piece of a tool call.
    fileprivate mutating func joinCall(_ piece: JSONValue) {
        var function = self["function"] ?? [:]
        function.join(piece["function"] ?? [:])
        join(piece.without("function"))
        self["function"] = .some(function)
    }
}
