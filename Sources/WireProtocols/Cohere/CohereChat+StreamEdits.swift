import Determinism

extension CohereChat {
    /// The stream cut after `contentEvents` content events, with `finish_reason` `MAX_TOKENS`.
    ///
    /// A block that is open at the cut keeps its end; later blocks are dropped whole. Nil when the
    /// stream is not whole or has fewer content events.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let end = CohereReader.editableEnd(of: events) else { return nil }
        let decoded = events.map { CohereEvent($0) }
        let total = events[..<end].count { role(of: $0).isContent }
        let changesNothing = contentEvents == total && decoded[end]?.finishReason == "MAX_TOKENS"
        guard contentEvents >= 0, contentEvents <= total, !changesNothing else { return nil }
        let cut =
            contentEvents == total
            ? end : cut(events[..<end], decoded, contentEvents: contentEvents)
        var open = Self.openBlocks(decoded[..<cut])
        return events.enumerated().compactMap { place, event in
            guard let decoded = decoded[place] else { return event }
            if place == end { return Self.ended(event, decoded, "MAX_TOKENS") }
            if place < cut || place > end || !decoded.isGenerated { return event }
            guard decoded.isStop, let block = decoded.block,
                let closed = open.firstIndex(of: block)
            else { return nil }
            open.remove(at: closed)
            return event
        }
    }

    /// The place of the first event behind the cut, where content is lost.
    private func cut(
        _ events: ArraySlice<StreamEvent>, _ decoded: [CohereEvent?], contentEvents: Int
    ) -> Int {
        if contentEvents == 0 {
            // Nothing is kept of blocks with content, not even their start.
            return events.indices.first { decoded[$0]?.isOfAnswer == true } ?? events.endIndex
        }
        return place(behind: contentEvents, in: events)
    }

    /// The blocks that these events leave open.
    private static func openBlocks(_ events: ArraySlice<CohereEvent?>) -> [CohereEvent.Block] {
        var open: [CohereEvent.Block] = []
        for case .some(let event) in events {
            guard let block = event.block else { continue }
            if event.isStart {
                open.append(block)
            } else if event.isStop {
                open.removeAll { $0 == block }
            }
        }
        return open
    }

    /// The stream with its start, `finish_reason` `COMPLETE` and the terminator, and no content.
    ///
    /// Thinking, the plan for tools and citations go as well. Nil when the stream is not whole or
    /// has no content.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        let summary = CohereReader.summary(of: events)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty,
            let end = CohereReader.editableEnd(of: events)
        else { return nil }
        return events.enumerated().compactMap { place, event in
            guard place <= end, let decoded = CohereEvent(event) else { return event }
            if place == end { return Self.ended(event, decoded, "COMPLETE", isEmpty: true) }
            return decoded.isGenerated ? nil : event
        }
    }

    /// The `message-end` with another reason.
    private static func ended(
        _ event: StreamEvent, _ decoded: CohereEvent, _ reason: String, isEmpty: Bool = false
    ) -> StreamEvent {
        var json = decoded.json
        json["delta"]?["finish_reason"] = .string(reason)
        if isEmpty, let usage = json["delta"]?["usage"] {
            json["delta"]?["usage"] = CohereUsage.ofNothing(usage)
        }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when the stream is not whole, has no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard let end = CohereReader.editableEnd(of: events),
            let call = CohereReader.summary(of: events).toolCalls.last,
            let cut = ArgumentPrefix.length(of: call.arguments, members: members)
        else { return nil }
        let decoded = events[..<end].map { CohereEvent($0) }
        let starts = decoded.indices.filter { decoded[$0]?.startedCall != nil }
        let last = starts.max { (decoded[$0]?.index ?? 0, $0) < (decoded[$1]?.index ?? 0, $1) }
        guard let last, let block = decoded[last]?.block else { return nil }
        var left = cut
        return events.enumerated().compactMap { place, event in
            guard place >= last, place < end, let decoded = decoded[place], decoded.block == block
            else { return event }
            let kept = Self.shortened(event, decoded, left: left)
            left = max(0, left - decoded.arguments.utf8.count)
            return kept
        }
    }

    /// An event whose piece of arguments keeps at most `left` bytes; nil when nothing of it is
    /// left.
    private static func shortened(
        _ event: StreamEvent, _ decoded: CohereEvent, left: Int
    ) -> StreamEvent? {
        let fragment = decoded.arguments
        if fragment.utf8.count <= left { return event }
        if left == 0, !decoded.isStart { return nil }
        var json = decoded.json
        json["delta"]?["message"]?["tool_calls"]?["function"]?["arguments"] =
            .string(ArgumentPrefix.prefix(fragment, bytes: left))
        return event.replacingJSON(json)
    }
}
