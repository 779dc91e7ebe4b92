import Determinism

extension BedrockConverse {
    /// The stream cut after `contentEvents` content events, with `stopReason` `max_tokens`.
    ///
    /// The block that is open at the cut keeps its end; later blocks are dropped whole. Nil when
    /// the stream is not whole, has fewer content events, or the cut would fall into reasoning.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        let stream = BedrockConverseStream(events)
        let content = events.indices.filter {
            stream.blockOf[$0] != nil && role(of: events[$0]).isContent
        }
        let changesNothing =
            contentEvents == content.count && stream.summary.finishReason == "max_tokens"
        guard stream.isEditable, (0...content.count).contains(contentEvents), !changesNothing else {
            return nil
        }
        // Nothing is kept of blocks with content, not even their start.
        let cut =
            contentEvents > 0
            ? content[contentEvents - 1] + 1 : stream.unsignedBlocks.first?.first ?? events.count
        let splitsReasoning = stream.blocks.contains { $0.kind == .reasoning && $0.isOpen(at: cut) }
        guard !splitsReasoning else { return nil }
        return events.indices.compactMap { place in
            if let stop = stream.events[place], stop.isStop {
                return BedrockConverseStop.event(events[place], stop, reason: "max_tokens")
            }
            guard place >= cut, let number = stream.blockOf[place] else { return events[place] }
            let block = stream.blocks[number]
            return block.stop == place && block.first < cut ? events[place] : nil
        }
    }

    /// The stream with `stopReason` `end_turn`, two tokens of output and no content blocks.
    ///
    /// Signed reasoning before the first other block stays. Nil when the stream is not whole, has
    /// no content, or has reasoning that follows a block which would go.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        let stream = BedrockConverseStream(events)
        let hasContent = !stream.summary.text.isEmpty || !stream.summary.toolCalls.isEmpty
        let hasLateReasoning = stream.unsignedBlocks.contains { $0.kind == .reasoning }
        guard stream.isEditable, hasContent, !hasLateReasoning else { return nil }
        return events.indices.compactMap { place in
            let event = events[place]
            if let stop = stream.events[place], stop.isStop {
                return BedrockConverseStop.event(event, stop, reason: "end_turn")
            }
            if let number = stream.blockOf[place] {
                return stream.blocks[number].kind == .reasoning ? event : nil
            }
            guard let metadata = BedrockConverseEvent(event), metadata.type == "metadata" else {
                return event
            }
            let json = BedrockConverseStop.withOutputTokens(2, metadata.json)
            return json == metadata.json ? event : event.replacingJSON(json)
        }
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when the stream is not whole, has no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        let stream = BedrockConverseStream(events)
        guard stream.isEditable, let number = stream.toolBlocks.last,
            let call = stream.blocks[number].call,
            var left = ArgumentPrefix.length(of: call.arguments, members: members)
        else { return nil }
        var result: [StreamEvent] = []
        for (place, event) in events.enumerated() {
            guard stream.blockOf[place] == number, let decoded = stream.events[place],
                let fragment = decoded.inputDelta
            else {
                result.append(event)
                continue
            }
            let kept = min(left, fragment.utf8.count)
            left -= kept
            if kept == fragment.utf8.count {
                result.append(event)
            } else if kept > 0 {
                var json = decoded.json
                json["delta"]?["toolUse"]?["input"] = .string(
                    ArgumentPrefix.prefix(fragment, bytes: kept))
                result.append(event.replacingJSON(json))
            }
        }
        return result
    }
}
