import Determinism

/// What one event of a chat completion stream holds, read leniently.
struct OpenAIChatChunk {
    /// A piece of a tool call.
    struct ToolDelta {
        var index: Int?
        var id: String?
        var name: String?
        var arguments: String?

        init(_ json: JSONValue) {
            index = json["index"]?.placeValue
            id = json["id"]?.stringValue
            name = json["function"]?["name"]?.stringValue
            arguments = json["function"]?["arguments"]?.stringValue
        }

        /// Whether it names the call; later pieces of most servers carry arguments only.
        var opensCall: Bool {
            id?.isEmpty == false || name?.isEmpty == false
        }
    }

    /// The whole data; null for `[DONE]`.
    let json: JSONValue
    /// Whether it is the terminator.
    let isDone: Bool
    /// The place of the choice with index 0 in `choices`.
    let choicePlace: Int?
    /// The choice with index 0, or without an index.
    let choice: JSONValue?

    /// Reads an event; nil when it is not dispatched or its data is no object and no terminator.
    init?(_ event: StreamEvent) {
        if event.isTerminated, event.data?.hasPrefix("[DONE]") == true {
            (json, isDone, choicePlace, choice) = (.null, true, nil, nil)
            return
        }
        guard let json = event.json, json.objectValue != nil else { return nil }
        self.json = json
        self.isDone = false
        let choices = json["choices"]?.arrayValue ?? []
        choicePlace = choices.firstIndex { ($0["index"]?.placeValue ?? 0) == 0 }
        choice = choicePlace.map { choices[$0] }
    }

    private var delta: JSONValue? { choice?["delta"]?.nonNull }

    /// Whether it reports an error; the SDK raises it, whatever else the event says.
    var isError: Bool { json["error"]?.nonNull != nil }

    /// The visible text.
    var text: String { delta?["content"]?.contentText ?? "" }

    /// The pieces of tool calls, one for each element of `tool_calls`.
    var toolDeltas: [ToolDelta] {
        (delta?["tool_calls"]?.arrayValue ?? []).map(ToolDelta.init)
    }

    /// Why the answer ended.
    var finishReason: String? { choice?["finish_reason"]?.stringValue }

    /// Whether it reports usage.
    var hasUsage: Bool { json["usage"]?.nonNull != nil }

    /// Whether the delta names the role.
    var hasRole: Bool { delta?["role"]?.stringValue != nil }

    /// Whether another choice than the first is present.
    var hasOtherChoices: Bool {
        (json["choices"]?.arrayValue ?? []).contains { ($0["index"]?.placeValue ?? 0) != 0 }
    }

    /// Whether the delta says anything besides the role: text, tool calls, reasoning, a refusal.
    var carriesContent: Bool {
        (delta?.objectValue ?? []).contains { $0.key != "role" && !$0.value.isBlank }
    }

    /// The event with its choice changed.
    func editing(_ event: StreamEvent, _ change: (inout JSONValue) -> Void) -> StreamEvent {
        guard let choicePlace, var choice else { return event }
        change(&choice)
        var json = json
        var choices = json["choices"] ?? .array([])
        choices[choicePlace] = choice
        json["choices"] = choices
        return event.replacingJSON(json)
    }

    /// Takes everything out of a choice's delta but the role.
    static func blank(_ choice: inout JSONValue) {
        var delta: JSONValue = [:]
        if let role = choice["delta"]?["role"]?.nonNull {
            delta["role"] = role
            delta["content"] = ""
        }
        choice["delta"] = delta
        if choice["logprobs"]?.nonNull != nil { choice["logprobs"] = .some(.null) }
    }
}
