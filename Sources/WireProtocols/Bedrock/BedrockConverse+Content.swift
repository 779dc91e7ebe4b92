public import Determinism

extension BedrockConverse {
    /// What a whole stream says: a part for each block, in the order of their index.
    ///
    /// Reasoning, and the calls and results of the service's own tools, are kept. Citations belong
    /// to the text in whose block they stand. No model is named.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        Self.blocks(of: events)?.content
    }

    /// What a JSON answer says: a part for each block.
    public func content(of answer: JSONValue) -> AnswerContent? {
        guard let blocks = Self.blocks(of: answer) else { return nil }
        let parts: [AnswerPart] = blocks.map { block in
            switch BedrockConverseBlock.kind(of: block) {
            case .text: return .text(BedrockConverseBlock.text(of: block))
            case .toolUse:
                var call = Self.call(block["toolUse"])
                call.arguments = block["toolUse"]?["input"]?.encodedText()
                return .call(call)
            case .reasoning, .other: return .kept(0)
            }
        }
        return AnswerContent(
            parts: parts, finish: Self.finishes.finish(of: answer["stopReason"]?.stringValue),
            model: nil
        ).renumbered
    }

    /// The words for why an answer ended.
    static let finishes = FinishWords([
        ("end_turn", .stop), ("max_tokens", .length), ("tool_use", .toolCalls),
        ("content_filtered", .contentFilter), ("malformed_tool_use", .malformedCall),
        ("model_context_window_exceeded", .contextFull),
    ])

    /// The blocks of a stream that is whole; nil for any other.
    static func blocks(of events: [StreamEvent]) -> AnswerBlocks? {
        guard events.allSatisfy({ $0.isReadable }) else { return nil }
        var reader = BedrockBlockReader(events)
        return reader.read()
    }

    /// A call, from the member that describes it.
    static func call(_ tool: JSONValue?) -> AnswerCall {
        AnswerCall(
            id: tool?["toolUseId"]?.stringValue, name: tool?["name"]?.stringValue ?? "",
            arguments: nil)
    }
}

/// Reads the blocks of a stream, of which only calls must have a start.
private struct BedrockBlockReader {
    private let events: [StreamEvent]
    private var blocks = AnswerBlocks()
    /// A start that does not tell the kind of its block; the next event of the block does.
    private var untold: (index: Int, place: Int)?

    init(_ events: [StreamEvent]) {
        self.events = events
    }

    mutating func read() -> AnswerBlocks? {
        var isStarted = false
        for (place, event) in events.enumerated() {
            guard let decoded = BedrockConverseEvent(event),
                isStarted || decoded.type == "messageStart"
            else { return nil }
            switch decoded.type {
            case "messageStart":
                if isStarted { return nil }
                isStarted = true
                blocks.pass(place)
            case "messageStop":
                guard untold == nil else { return nil }
                blocks.finish = BedrockConverse.finishes.finish(of: decoded.stopReason)
                for rest in place..<events.count { blocks.end(at: rest) }
                // Clients read a call without pieces as one with no arguments.
                blocks.finishCalls { _ in "{}" }
                return blocks
            case "contentBlockStart": start(decoded, at: place)
            case "contentBlockDelta", "contentBlockStop": take(decoded, at: place)
            default: blocks.pass(place)
            }
        }
        return nil
    }

    private mutating func start(_ event: BedrockConverseEvent, at place: Int) {
        if untold != nil { blocks.spoil() }
        if event.startedCall != nil {
            let call = BedrockConverse.call(event.start?["toolUse"])
            blocks.open(.call, index: event.index, call: call, at: place)
        } else if event.start?.isBlank != false {
            untold = (event.index, place)
        } else {
            blocks.open(.kept, index: event.index, at: place)
        }
    }

    private mutating func take(_ event: BedrockConverseEvent, at place: Int) {
        let isStop = event.type == "contentBlockStop"
        let isText = event.textDelta != nil || event.json["delta"]?["citation"] != nil
        if let untold {
            self.untold = nil
            if untold.index != event.index || isStop { blocks.spoil() }
            blocks.open(isText ? .text : .kept, index: untold.index, at: untold.place)
        }
        guard let number = blocks.openBlock(event.index) else {
            guard !isStop else { return blocks.spoil() }
            blocks.open(
                isText ? .text : .kept, index: event.index, at: place,
                as: event.textDelta == nil ? .note : .piece, piece: event.textDelta ?? "")
            return
        }
        let kind = blocks.blocks[number].kind
        if isStop {
            blocks.add(.stop, to: number, at: place)
        } else if let text = event.textDelta {
            if kind != .text { blocks.spoil() }
            blocks.add(.piece, to: number, at: place, piece: text)
        } else if kind == .call, let fragment = event.inputDelta {
            blocks.add(.piece, to: number, at: place, piece: fragment)
        } else {
            if kind == .text, event.isReasoning { blocks.spoil() }
            blocks.add(.note, to: number, at: place)
        }
    }
}
