import Determinism

extension OpenAIChat {
    /// The stream cut after `contentEvents` content events, with `finish_reason` `length`.
    ///
    /// Nil when the stream is not whole, has fewer content events or several choices.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let summary = OpenAIChatReader.editableSummary(of: events) else { return nil }
        let total = events.count { role(of: $0).isContent }
        let changesNothing = contentEvents == total && summary.finishReason == "length"
        guard contentEvents >= 0, contentEvents <= total, !changesNothing else { return nil }
        var result: [StreamEvent] = []
        var seen = 0
        var hasRole = false
        for event in events {
            guard let chunk = OpenAIChatChunk(event), chunk.choice != nil else {
                result.append(event)
                continue
            }
            let isContent = role(of: event).isContent
            // The cut stands right after the last content event that is kept.
            let isCut =
                isContent ? seen >= contentEvents : contentEvents > 0 && seen >= contentEvents
            if isContent { seen += 1 }
            let edited = Self.cut(
                event, chunk, isCut: isCut || seen > contentEvents, "length", &hasRole)
            if let edited { result.append(edited) }
        }
        return result
    }

    /// The stream with the role, `finish_reason` `stop`, usage and terminator, and no content.
    ///
    /// Nil when the stream is not whole, has no content or several choices.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        guard let summary = OpenAIChatReader.editableSummary(of: events),
            !summary.text.isEmpty || !summary.toolCalls.isEmpty
        else { return nil }
        var hasRole = false
        return events.compactMap { event in
            guard let chunk = OpenAIChatChunk(event), chunk.choice != nil else { return event }
            return Self.cut(event, chunk, isCut: chunk.carriesContent, "stop", &hasRole)
        }
    }

    /// An event that keeps its content or, behind the cut, only its finish, and its role if no
    /// event before has named it; nil when nothing of it is left.
    private static func cut(
        _ event: StreamEvent, _ chunk: OpenAIChatChunk, isCut: Bool, _ reason: String,
        _ hasRole: inout Bool
    ) -> StreamEvent? {
        let namesRole = chunk.hasRole && !hasRole
        hasRole = hasRole || namesRole
        guard let old = chunk.finishReason else {
            guard isCut else { return event }
            return namesRole ? chunk.editing(event, OpenAIChatChunk.blank) : nil
        }
        let loses = isCut && chunk.carriesContent
        guard loses || old != reason else { return event }
        return chunk.editing(event) { choice in
            if loses { OpenAIChatChunk.blank(&choice) }
            choice["finish_reason"] = .string(reason)
        }
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when the stream is not whole, has no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard let summary = OpenAIChatReader.editableSummary(of: events),
            let call = summary.toolCalls.last,
            let cut = ArgumentPrefix.length(of: call.arguments, members: members)
        else { return nil }
        var all = OpenAIToolCalls()
        let slots = events.map { event -> [Int] in
            (OpenAIChatChunk(event)?.toolDeltas ?? []).map { all.add($0) }
        }
        guard let target = all.lastSlot else { return nil }
        var left = cut
        return zip(events, slots).compactMap { event, slots in
            guard slots.contains(target), let chunk = OpenAIChatChunk(event) else { return event }
            return Self.shortened(event, chunk, slots: slots, target: target, left: &left)
        }
    }

    /// An event whose pieces of one call keep `left` bytes; nil when nothing of it is left.
    private static func shortened(
        _ event: StreamEvent, _ chunk: OpenAIChatChunk, slots: [Int], target: Int, left: inout Int
    ) -> StreamEvent? {
        var fragments: [(place: Int, text: String)] = []
        for (place, delta) in chunk.toolDeltas.enumerated() where slots[place] == target {
            let fragment = delta.arguments ?? ""
            if fragment.utf8.count > left {
                fragments.append((place, ArgumentPrefix.prefix(fragment, bytes: left)))
            }
            left = max(0, left - fragment.utf8.count)
        }
        guard !fragments.isEmpty else { return event }
        let isOnlyArguments =
            chunk.toolDeltas.count == 1 && !chunk.toolDeltas[0].opensCall
            && chunk.finishReason == nil && chunk.text.isEmpty && !chunk.hasRole
        if isOnlyArguments, fragments.allSatisfy(\.text.isEmpty) { return nil }
        return chunk.editing(event) { choice in
            for (place, text) in fragments {
                choice["delta"]?["tool_calls"]?[place]?["function"]?["arguments"] = .string(text)
            }
        }
    }
}
