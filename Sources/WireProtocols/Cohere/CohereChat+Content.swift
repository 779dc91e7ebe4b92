public import Determinism

extension CohereChat {
    /// What a whole stream says: its plan, its blocks, its tool calls.
    ///
    /// Thinking and the plan are kept. Citations belong to the text or plan behind which they
    /// stand. No model is named.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        guard let content = Self.blocks(of: events)?.content, Self.isOrdered(content.parts) else {
            return nil
        }
        return content
    }

    /// What a JSON answer says, in the same order.
    public func content(of answer: JSONValue) -> AnswerContent? {
        guard let message = answer["message"], message.objectValue != nil,
            let lists = Self.lists(of: message)
        else { return nil }
        var parts: [AnswerPart] = lists.hasPlan ? [.kept(0)] : []
        for block in lists.content {
            if block["type"]?.stringValue == "text", let text = block["text"]?.stringValue {
                parts.append(.text(text))
            } else {
                parts.append(.kept(0))
            }
        }
        parts += lists.calls.map { .call(Self.call($0)) }
        let finish = Self.finishes.finish(of: answer["finish_reason"]?.stringValue)
        return finish == .other("ERROR")
            ? nil : AnswerContent(parts: parts, finish: finish, model: nil).renumbered
    }

    /// The words for why an answer ended.
    static let finishes = FinishWords([
        ("COMPLETE", .stop), ("MAX_TOKENS", .length), ("TOOL_CALL", .toolCalls),
    ])

    /// The parts of a message in a document; nil where its content is no list.
    static func lists(
        of message: JSONValue
    ) -> (hasPlan: Bool, content: [JSONValue], calls: [JSONValue])? {
        let content = message["content"]?.nonNull
        let calls = message["tool_calls"]?.nonNull
        guard content == nil || content?.arrayValue != nil,
            calls == nil || calls?.arrayValue != nil
        else { return nil }
        let hasPlan = message["tool_plan"]?.isBlank == false
        return (hasPlan, content?.arrayValue ?? [], calls?.arrayValue ?? [])
    }

    /// Whether calls follow all else, as clients put them.
    private static func isOrdered(_ parts: [AnswerPart]) -> Bool {
        let calls = parts.drop { if case .call = $0 { false } else { true } }
        return calls.allSatisfy { if case .call = $0 { true } else { false } }
    }

    /// A call, from its JSON.
    static func call(_ json: JSONValue?) -> AnswerCall {
        let function = json?["function"]
        return AnswerCall(
            id: json?["id"]?.stringValue, name: function?["name"]?.stringValue ?? "",
            arguments: function?["arguments"]?.stringValue)
    }

    /// The blocks of a stream that is whole; nil for any other.
    static func blocks(of events: [StreamEvent]) -> AnswerBlocks? {
        var blocks = AnswerBlocks(areCallsCountedApart: true)
        var isStarted = false
        for (place, event) in events.enumerated() {
            guard event.isTerminated, let decoded = CohereEvent(event) else {
                guard event.isTerminated, event.data == nil else { return nil }
                blocks.pass(place)
                continue
            }
            if decoded.isEnd {
                guard isStarted, !decoded.isError else { return nil }
                blocks.finish = finishes.finish(of: decoded.finishReason)
                for rest in place..<events.count { blocks.end(at: rest) }
                // A tool without parameters gets no pieces; a whole answer says {} for the same.
                blocks.finishCalls { _ in "{}" }
                return blocks
            }
            if decoded.type == "message-start" {
                guard !isStarted else { return nil }
                isStarted = true
                blocks.pass(place)
            } else {
                if !isStarted, decoded.isGenerated { return nil }
                take(decoded, at: place, &blocks)
            }
        }
        return nil
    }

    private static func take(_ event: CohereEvent, at place: Int, _ blocks: inout AnswerBlocks) {
        guard let block = event.block else {
            if event.type == "tool-plan-delta" {
                blocks.keep(at: place)
            } else {
                blocks.pass(place)
            }
            return
        }
        switch block.kind {
        case .citation: blocks.pass(place, as: .quote)
        case .content where event.isStart:
            let content = event.json["delta"]?["message"]?["content"]
            let isText = content?["type"].map { $0.stringValue == "text" }
            blocks.open(
                isText ?? (content?["text"] != nil) ? .text : .kept, index: block.index, at: place,
                piece: event.text)
            if isText == false, !event.text.isEmpty { blocks.spoil() }
        case .toolCall where event.isStart:
            let call = call(event.json["delta"]?["message"]?["tool_calls"])
            blocks.open(
                .call, index: block.index, call: call, at: place, piece: event.arguments)
        case .content, .toolCall: take(event, block, at: place, &blocks)
        }
    }

    private static func take(
        _ event: CohereEvent, _ block: CohereEvent.Block, at place: Int,
        _ blocks: inout AnswerBlocks
    ) {
        let isCall = block.kind == .toolCall
        guard let number = blocks.openBlock(block.index, isCall: isCall) else {
            return blocks.spoil()
        }
        let isText = blocks.blocks[number].kind == .text
        if !isCall, !isText, !event.text.isEmpty { blocks.spoil() }
        if event.isStop {
            // Clients read a piece in an end as they read any other, yet an end is no piece.
            if !event.text.isEmpty || !event.arguments.isEmpty { blocks.spoil() }
            blocks.add(.stop, to: number, at: place)
        } else if isCall || isText {
            let piece = isCall ? event.arguments : event.text
            blocks.add(.piece, to: number, at: place, piece: piece)
        } else {
            blocks.add(.note, to: number, at: place)
        }
    }
}
