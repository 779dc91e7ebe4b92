import Determinism

extension AnthropicMessages {
    /// The stream cut after `contentEvents` content events, with `stop_reason` `max_tokens`.
    ///
    /// The block that is open at the cut keeps its end; later blocks are dropped whole. Nil when
    /// the stream is not whole, has fewer content events, or the cut would fall into a signed
    /// block.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let summary = AnthropicReader.editableSummary(of: events) else { return nil }
        let total = events.count { role(of: $0).isContent }
        let changesNothing = contentEvents == total && summary.finishReason == "max_tokens"
        guard contentEvents >= 0, contentEvents <= total, !changesNothing else { return nil }
        let decoded = events.map { AnthropicEvent($0) }
        let cut = self.cut(events, decoded, contentEvents: contentEvents)
        guard let open = Self.openBlocks(decoded[..<cut]) else { return nil }
        var result: [StreamEvent] = []
        for (place, event) in events.enumerated() {
            guard let decoded = decoded[place] else {
                result.append(event)
                continue
            }
            if decoded.stopReason != nil {
                result.append(Self.stopped(event, decoded, "max_tokens"))
            } else if place < cut || !decoded.isOfBlock
                || (decoded.type == "content_block_stop" && open.contains(decoded.index))
            {
                result.append(event)
            }
        }
        return result
    }

    /// The place of the first event behind the cut.
    private func cut(
        _ events: [StreamEvent], _ decoded: [AnthropicEvent?], contentEvents: Int
    ) -> Int {
        guard contentEvents > 0 else {
            // Nothing is kept of blocks with content, not even their start.
            let first = decoded.firstIndex { event in
                event?.startedKind.map { $0 != .thinking } ?? false
            }
            return first ?? events.count
        }
        return place(behind: contentEvents, in: events[...])
    }

    /// The indices of the blocks that these events leave open; nil when one of them is signed.
    private static func openBlocks(_ events: ArraySlice<AnthropicEvent?>) -> [Int]? {
        var open: [(index: Int, kind: AnthropicEvent.BlockKind)] = []
        for event in events {
            guard let event else { continue }
            if let kind = event.startedKind {
                open.append((event.index, kind))
            } else if event.type == "content_block_stop" {
                open.removeAll { $0.index == event.index }
            }
        }
        return open.contains { $0.kind == .thinking } ? nil : open.map(\.index)
    }

    /// The stream with `stop_reason` `end_turn`, two tokens of output and no content blocks.
    ///
    /// Signed thinking before the first other block stays. Nil when the stream is not whole, has no
    /// content, or has thinking that follows a block which would go.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        guard let summary = AnthropicReader.editableSummary(of: events),
            !summary.text.isEmpty || !summary.toolCalls.isEmpty
        else { return nil }
        var dropped: [Int] = []
        var result: [StreamEvent] = []
        for event in events {
            guard let decoded = AnthropicEvent(event) else {
                result.append(event)
                continue
            }
            if let kind = decoded.startedKind {
                if kind != .thinking {
                    dropped.append(decoded.index)
                } else if !dropped.isEmpty {
                    return nil
                }
            }
            if decoded.stopReason != nil {
                result.append(Self.stopped(event, decoded, "end_turn", outputTokens: 2))
            } else if !decoded.isOfBlock || !dropped.contains(decoded.index) {
                result.append(event)
            }
        }
        return result
    }

    /// The `message_delta` with another reason.
    private static func stopped(
        _ event: StreamEvent, _ decoded: AnthropicEvent, _ reason: String,
        outputTokens: Int64? = nil
    ) -> StreamEvent {
        var json = decoded.json
        if var delta = json["delta"] {
            finish(&delta, .string(reason))
            json["delta"] = delta
        }
        if let outputTokens {
            if json["usage"]?.objectValue == nil { json["usage"] = [:] }
            json["usage"]?["output_tokens"] = .int(outputTokens)
        }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when the stream is not whole, has no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard let summary = AnthropicReader.editableSummary(of: events),
            let call = summary.toolCalls.last,
            let cut = ArgumentPrefix.length(of: call.arguments, members: members)
        else { return nil }
        let decoded = events.map { AnthropicEvent($0) }
        let starts = decoded.indices.filter { decoded[$0]?.startedKind == .toolUse }
        let last = starts.max { (decoded[$0]?.index ?? 0, $0) < (decoded[$1]?.index ?? 0, $1) }
        guard let last, let index = decoded[last]?.index else { return nil }
        var left = cut
        var hasPieces = false
        var result: [StreamEvent] = []
        for (place, event) in events.enumerated() {
            guard place > last, let decoded = decoded[place], decoded.index == index,
                let fragment = decoded.argumentsDelta
            else {
                result.append(event)
                continue
            }
            hasPieces = true
            let kept = Self.shortened(event, decoded, fragment, left: left)
            left = max(0, left - fragment.utf8.count)
            if let kept { result.append(kept) }
        }
        return hasPieces ? result : nil
    }

    /// A piece of arguments that keeps at most `left` bytes; nil when none is left.
    private static func shortened(
        _ event: StreamEvent, _ decoded: AnthropicEvent, _ fragment: String, left: Int
    ) -> StreamEvent? {
        if fragment.utf8.count <= left { return event }
        if left == 0 { return nil }
        var json = decoded.json
        json["delta"]?["partial_json"] = .string(ArgumentPrefix.prefix(fragment, bytes: left))
        return event.replacingJSON(json)
    }
}
