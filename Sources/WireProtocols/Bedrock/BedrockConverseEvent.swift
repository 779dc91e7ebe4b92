import Determinism

/// What one event of a converse stream holds; its type stands in the headers of the message.
struct BedrockConverseEvent {
    /// The type.
    let type: String
    /// The whole payload; a member `p` only hides how long it is.
    let json: JSONValue

    /// Reads an event; nil when a client does not see it or its payload is no object.
    init?(_ event: StreamEvent) {
        guard event.isReadable, let json = event.json, json.objectValue != nil else { return nil }
        self.json = json
        self.type = event.name ?? ""
    }

    /// The index of the block that it belongs to.
    var index: Int { json["contentBlockIndex"]?.placeValue ?? 0 }

    /// Whether it fills or closes a block; the first of a text or of reasoning opens it too.
    var continuesBlock: Bool { type == "contentBlockDelta" || type == "contentBlockStop" }

    /// What opens a block, under the name of its kind; nil when the event opens none.
    var start: JSONValue? { type == "contentBlockStart" ? json["start"] : nil }

    /// The call of one of the agent's tools that it opens.
    var startedCall: ToolCall? { start.flatMap { BedrockConverseBlock.call(of: $0) } }

    /// The piece of visible text in it.
    var textDelta: String? { delta?["text"]?.stringValue }

    /// The piece of a tool's arguments in it.
    var inputDelta: String? { delta?["toolUse"]?["input"]?.stringValue }

    /// Whether it adds to reasoning, or signs it.
    var isReasoning: Bool { delta?["reasoningContent"]?.nonNull != nil }

    /// Whether it ends the answer; only numbers follow.
    var isStop: Bool { type == "messageStop" }

    /// Why the answer ended.
    var stopReason: String? { isStop ? json["stopReason"]?.stringValue : nil }

    private var delta: JSONValue? { type == "contentBlockDelta" ? json["delta"] : nil }
}
