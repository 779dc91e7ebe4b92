import Determinism

/// What one event of a response stream holds.
struct ResponsesEvent {
    /// The type in the data, else the name of the event.
    let type: String
    /// The whole data.
    let json: JSONValue

    /// Reads an event; nil when it is not dispatched or its data is no object.
    init?(_ event: StreamEvent) {
        guard let typed = event.typed else { return nil }
        (type, json) = typed
    }

    /// The index of the output item that it belongs to.
    var outputIndex: Int { json["output_index"]?.placeValue ?? 0 }

    /// The index of the part of a message that it belongs to.
    var contentIndex: Int { json["content_index"]?.placeValue ?? 0 }

    /// Whether it belongs to an output item.
    var isOfItem: Bool { json["output_index"] != nil || json["item_id"] != nil }

    /// Whether it says something and does not tell of which output item.
    var isAstray: Bool {
        let says =
            openedItem != nil || closedItem != nil || partDelta != nil || wholeText != nil
            || argumentsDelta != nil || wholeArguments != nil
        return says && !isOfItem
    }

    /// The number that orders the events.
    var sequenceNumber: Int64? { json["sequence_number"]?.intValue }

    /// The item that it opens.
    var openedItem: JSONValue? { type == "response.output_item.added" ? json["item"] : nil }

    /// The item that it closes, whole.
    var closedItem: JSONValue? { type == "response.output_item.done" ? json["item"] : nil }

    /// The piece of visible text in it.
    var textDelta: String? {
        type == "response.output_text.delta" ? json["delta"]?.stringValue : nil
    }

    /// The piece of a message in it: of text or of a refusal.
    var partDelta: String? {
        type == "response.refusal.delta" ? json["delta"]?.stringValue : textDelta
    }

    /// The piece of the arguments of the agent's tool in it.
    var argumentsDelta: String? {
        switch type {
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
            json["delta"]?.stringValue
        default: nil
        }
    }

    /// The whole arguments of the agent's tool, which it repeats.
    var wholeArguments: String? {
        switch type {
        case "response.function_call_arguments.done": json["arguments"]?.stringValue
        case "response.custom_tool_call_input.done": json["input"]?.stringValue
        default: nil
        }
    }

    /// The whole text of a part, which it repeats.
    var wholeText: String? {
        type == "response.output_text.done" ? json["text"]?.stringValue : nil
    }

    /// Why the response ended, which only the event with the whole response says.
    var finishReason: String? {
        switch type {
        case "response.completed": "completed"
        case "response.incomplete": Self.incompleteReason(of: json["response"])
        default: nil
        }
    }

    /// Whether it reports an error; the SDK raises whatever has a member `error`.
    var isError: Bool {
        type == "error" || type == "response.failed" || json["error"]?.nonNull != nil
    }

    /// Why a response is incomplete.
    static func incompleteReason(of response: JSONValue?) -> String {
        response?["incomplete_details"]?["reason"]?.stringValue ?? "incomplete"
    }
}
