import Determinism

/// What one event of a chat stream holds, read leniently.
struct CohereEvent {
    /// A part of the message that has a start, pieces and an end; each kind counts its own.
    struct Block: Hashable {
        /// The kinds of parts.
        enum Kind: String, CaseIterable {
            case content = "content-"
            case toolCall = "tool-call-"
            case citation = "citation-"
        }

        var kind: Kind
        var index: Int
    }

    /// The type in the data, else the name of the event.
    let type: String
    /// The whole data.
    let json: JSONValue
    /// The part of the message that it belongs to.
    let block: Block?

    /// Reads an event; nil when it is not dispatched or its data is no object.
    init?(_ event: StreamEvent) {
        guard let typed = event.typed else { return nil }
        let (type, json) = typed
        (self.type, self.json) = typed
        let kind = Block.Kind.allCases.first { type.hasPrefix($0.rawValue) }
        block = kind.map { Block(kind: $0, index: json["index"]?.placeValue ?? 0) }
    }

    /// Whether the event is the `[DONE]` behind the end of the answer.
    static func isDone(_ event: StreamEvent) -> Bool {
        event.isTerminated && event.data?.hasPrefix("[DONE]") == true
    }

    /// The index of its block.
    var index: Int { block?.index ?? 0 }

    /// Whether it opens a block.
    var isStart: Bool { block != nil && type.hasSuffix("-start") }

    /// Whether it closes a block.
    var isStop: Bool { block != nil && type.hasSuffix("-end") }

    /// Whether it ends the message.
    var isEnd: Bool { type == "message-end" }

    /// Why the message ended.
    var finishReason: String? { isEnd ? json["delta"]?["finish_reason"]?.stringValue : nil }

    /// Whether the message ended by an error.
    var isError: Bool {
        isEnd && (finishReason == "ERROR" || json["delta"]?["error"]?.isBlank == false)
    }

    /// Whether it holds a part of what the model generated, its frames among it.
    var isGenerated: Bool { block != nil || type == "tool-plan-delta" }

    /// Whether it opens or is a part of text or of a tool call, not of thinking.
    var isOfAnswer: Bool {
        switch block?.kind {
        case .content: (isStart && content?["type"]?.stringValue != "thinking") || !text.isEmpty
        case .toolCall: !isStop
        case .citation, nil: false
        }
    }

    /// The piece of visible text in it.
    var text: String { content?["text"]?.stringValue ?? "" }

    /// The tool call that it opens.
    var startedCall: ToolCall? {
        guard isStart, block?.kind == .toolCall else { return nil }
        return Self.call(toolCall)
    }

    /// The piece of a tool's arguments in it, which may stand in a start too.
    var arguments: String { toolCall?["function"]?["arguments"]?.stringValue ?? "" }

    private var message: JSONValue? { json["delta"]?["message"] }

    private var content: JSONValue? { block?.kind == .content ? message?["content"] : nil }

    private var toolCall: JSONValue? { block?.kind == .toolCall ? message?["tool_calls"] : nil }

    /// A tool call, from its JSON.
    static func call(_ json: JSONValue?) -> ToolCall {
        let function = json?["function"]
        return ToolCall(
            id: json?["id"]?.stringValue ?? "", name: function?["name"]?.stringValue ?? "",
            arguments: function?["arguments"]?.stringValue ?? "")
    }
}
