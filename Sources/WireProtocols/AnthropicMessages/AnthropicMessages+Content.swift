public import Determinism

extension AnthropicMessages {
    /// What a whole stream says: a part for each block, in the order of their index.
    ///
    /// Thinking, and the calls and results of the provider's own tools, are kept. Citations belong
    /// to the text in whose block they stand.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        Self.blocks(of: events)?.content
    }

    /// What a JSON answer says: a part for each block.
    public func content(of answer: JSONValue) -> AnswerContent? {
        guard answer["error"] == nil, let blocks = answer["content"]?.arrayValue else { return nil }
        let parts: [AnswerPart] = blocks.map { block in
            switch AnthropicEvent.kind(of: block) {
            case .text where block["text"]?.stringValue != nil:
                return .text(block["text"]?.stringValue ?? "")
            case .toolUse:
                var call = Self.call(block)
                call.arguments = block["input"]?.encodedText()
                return .call(call)
            case .text, .thinking, .other:
                return .kept(0)
            }
        }
        return AnswerContent(
            parts: parts, finish: Self.finishes.finish(of: answer["stop_reason"]?.stringValue),
            model: answer["model"]?.stringValue
        ).renumbered
    }

    /// The words for why an answer ended; `stop_sequence` has no other name.
    static let finishes = FinishWords([
        ("end_turn", .stop), ("max_tokens", .length), ("tool_use", .toolCalls),
        ("refusal", .refusal), ("pause_turn", .pause),
        ("model_context_window_exceeded", .contextFull),
    ])

    /// The blocks of a stream that is whole; nil for any other.
    static func blocks(of events: [StreamEvent]) -> AnswerBlocks? {
        var blocks = AnswerBlocks()
        var isStarted = false
        for (place, event) in events.enumerated() {
            guard event.isTerminated, let decoded = AnthropicEvent(event) else {
                guard event.isTerminated, event.data == nil else { return nil }
                blocks.pass(place)
                continue
            }
            switch decoded.type {
            case "message_start":
                let message = decoded.json["message"]
                guard !isStarted, message?["content"]?.isBlank != false else { return nil }
                isStarted = true
                blocks.model = message?["model"]?.stringValue
                blocks.pass(place)
            case "message_delta":
                if let reason = decoded.stopReason { blocks.finish = finishes.finish(of: reason) }
                blocks.end(at: place)
            case "message_stop":
                for rest in place..<events.count { blocks.end(at: rest) }
                blocks.finishCalls { block in
                    let start = block.members.first.flatMap { AnthropicEvent(events[$0.place]) }
                    return start?.json["content_block"]?["input"]?.encodedText()
                }
                return isStarted ? blocks : nil
            case "error": return nil
            default:
                if !isStarted, decoded.isOfBlock { return nil }
                take(decoded, at: place, &blocks)
            }
        }
        return nil
    }

    private static func take(
        _ event: AnthropicEvent, at place: Int, _ blocks: inout AnswerBlocks
    ) {
        let block = event.json["content_block"]
        switch event.startedKind {
        case .text:
            let text = block?["text"]?.stringValue ?? ""
            blocks.open(.text, index: event.index, at: place, piece: text)
        case .toolUse: blocks.open(.call, index: event.index, call: call(block), at: place)
        case .thinking, .other: blocks.open(.kept, index: event.index, at: place)
        case nil:
            guard event.isOfBlock else { return blocks.pass(place) }
            guard let number = blocks.openBlock(event.index) else { return blocks.spoil() }
            take(event, at: place, in: number, &blocks)
        }
    }

    private static func take(
        _ event: AnthropicEvent, at place: Int, in number: Int, _ blocks: inout AnswerBlocks
    ) {
        let kind = blocks.blocks[number].kind
        if event.type == "content_block_stop" {
            blocks.add(.stop, to: number, at: place)
        } else if let text = event.textDelta {
            // A text outside of one is read by clients, yet stands in no part.
            if kind == .text {
                blocks.add(.piece, to: number, at: place, piece: text)
            } else {
                blocks.spoil()
            }
        } else if kind == .call, let fragment = event.argumentsDelta {
            blocks.add(.piece, to: number, at: place, piece: fragment)
        } else {
            blocks.add(.note, to: number, at: place)
        }
    }

    private static func call(_ block: JSONValue?) -> AnswerCall {
        AnswerCall(
            id: block?["id"]?.stringValue, name: block?["name"]?.stringValue ?? "", arguments: nil)
    }
}
