import Determinism

/// What one event of a message stream holds.
struct AnthropicEvent {
    /// The kinds of content blocks that are told apart.
    enum BlockKind {
        case text
        case toolUse
        case thinking
        case other
    }

    /// The type in the data, else the name of the event.
    let type: String
    /// The whole data.
    let json: JSONValue

    /// Reads an event; nil when it is not dispatched or its data is no object.
    init?(_ event: StreamEvent) {
        guard let typed = event.typed else { return nil }
        (type, json) = typed
    }

    /// The index of the block that it belongs to.
    var index: Int { json["index"]?.placeValue ?? 0 }

    /// Whether it opens, fills or closes a block.
    var isOfBlock: Bool { type.hasPrefix("content_block_") }

    /// The kind of block that it opens; nil when it opens none.
    var startedKind: BlockKind? {
        type == "content_block_start" ? Self.kind(of: json["content_block"]) : nil
    }

    /// The piece of visible text in it.
    var textDelta: String? { delta("text_delta")?["text"]?.stringValue }

    /// The piece of a tool's arguments in it.
    var argumentsDelta: String? { delta("input_json_delta")?["partial_json"]?.stringValue }

    /// Why the message ended.
    var stopReason: String? {
        type == "message_delta" ? json["delta"]?["stop_reason"]?.stringValue : nil
    }

    private func delta(_ kind: String) -> JSONValue? {
        guard type == "content_block_delta", let delta = json["delta"] else { return nil }
        return delta["type"]?.stringValue == kind ? delta : nil
    }

    /// The kind of a block, from its `type`.
    static func kind(of block: JSONValue?) -> BlockKind {
        switch block?["type"]?.stringValue {
        case "text": .text
        case "tool_use": .toolUse
        case "thinking", "redacted_thinking": .thinking
        default: .other
        }
    }
}
