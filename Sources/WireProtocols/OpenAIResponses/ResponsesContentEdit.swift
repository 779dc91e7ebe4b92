import Determinism

/// What a content of a message says instead, wherever it is repeated whole.
struct ResponsesContentEdit {
    let said: AnswerPart
    /// Whether it says what it said before.
    let isSame: Bool
    /// How many of the citations stand in the part of the text that stays.
    var annotations = 0
    /// The probabilities of the tokens that stay.
    var tokens: [JSONValue] = []

    /// The text or the refusal.
    var text: String {
        switch said {
        case .text(let text), .refusal(let text): text
        case .call, .kept: ""
        }
    }

    /// The content, or an event that repeats it, as it is now.
    func applied(to json: JSONValue) -> JSONValue {
        guard !isSame else { return json }
        var json = json
        if case .refusal = said {
            json["refusal"] = .string(text)
        } else {
            json["text"] = .string(text)
        }
        if json["logprobs"]?.arrayValue != nil { json["logprobs"] = .array(tokens) }
        if let all = json["annotations"]?.arrayValue {
            json["annotations"] = .array(Array(all.prefix(annotations)))
        }
        return json
    }

    /// A message with these contents in place of its own.
    static func message(
        _ item: JSONValue, _ contents: [ResponsesPlan.Content], _ edits: [ResponsesContentEdit]
    ) -> JSONValue {
        guard let old = item["content"]?.arrayValue else { return item }
        let changed = zip(contents, edits).compactMap { content, edit -> JSONValue? in
            guard let place = content.old, old.indices.contains(place) else { return nil }
            return edit.applied(to: old[place])
        }
        guard changed != old else { return item }
        var item = item
        item["content"] = .array(changed)
        return item
    }
}

/// How a call is changed, wherever it is repeated.
enum ResponsesCallEdit {
    /// The item that says this; one that is only opened has no arguments yet.
    static func item(
        _ item: JSONValue, _ key: String, from old: AnswerCall, to new: AnswerCall,
        isOpening: Bool = false
    ) -> JSONValue {
        var item = item
        if item["call_id"]?.stringValue != new.id {
            item["call_id"] = new.id.map { .string($0) }
        }
        if item["name"] != .string(new.name), item["name"] != nil || !new.name.isEmpty {
            item["name"] = .string(new.name)
        }
        let isChanged =
            old.arguments.map { JSONValue.string($0) } != new.arguments.map { .string($0) }
        guard isChanged else { return item }
        if isOpening, new.arguments != nil, item[key]?.stringValue?.isEmpty != false {
            item[key] = ""
        } else {
            item[key] = new.arguments.map { .string($0) }
        }
        return item
    }
}
