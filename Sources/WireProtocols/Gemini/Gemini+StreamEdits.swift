import Determinism

extension Gemini {
    /// The stream cut after `contentEvents` content events, with `finishReason` `MAX_TOKENS`.
    ///
    /// Chunks behind the cut are dropped but for the finish, which keeps usage and an empty text
    /// with a signature. Nil when the stream is not whole, has fewer content events or several
    /// candidates.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let end = GeminiReader.editableEnd(of: events) else { return nil }
        let total = events.count { role(of: $0).isContent }
        let changesNothing = contentEvents == total && end.reason == "MAX_TOKENS"
        guard contentEvents >= 0, contentEvents <= total, !changesNothing else { return nil }
        let cut: Int
        if contentEvents == total {
            cut = events.count
        } else if contentEvents == 0 {
            cut = Self.answerStart(of: events)
        } else {
            cut = place(behind: contentEvents, in: events[...])
        }
        let cutter = Cutter(
            cut: cut, end: end.place, reason: "MAX_TOKENS", keepsThoughts: contentEvents == 0)
        return cutter.edited(events)
    }

    /// The stream with the thoughts before its content, its finish `STOP` and no tokens of output.
    ///
    /// Nil when the stream is not whole, has no content or several candidates.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        guard let end = GeminiReader.editableEnd(of: events),
            events.contains(where: { role(of: $0).isContent })
        else { return nil }
        let cutter = Cutter(
            cut: Self.answerStart(of: events), end: end.place, reason: "STOP", keepsThoughts: true)
        return cutter.edited(events).map { event in
            guard let chunk = GeminiChunk(event) else { return event }
            let json = GeminiEdits.withoutOutputTokens(chunk.json)
            return json == chunk.json ? event : event.replacingJSON(json)
        }
    }

    /// The place of the first event with a part of the answer itself.
    private static func answerStart(of events: [StreamEvent]) -> Int {
        let place = events.firstIndex { event in
            GeminiChunk(event)?.parts.contains(where: GeminiPart.isOfAnswer) == true
        }
        return place ?? events.count
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Arguments are an object inside the events, so what is left stays whole JSON; of streamed
    /// ones the pieces of later members are dropped. Nil when the stream is not whole, has no tool
    /// call, or the call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard GeminiReader.editableEnd(of: events) != nil else { return nil }
        var calls = GeminiCalls()
        let slots = events.map { event in
            (GeminiChunk(event)?.parts ?? []).map { calls.add($0) }
        }
        guard let target = calls.lastSlot,
            let kept = ArgumentPrefix.object(calls.lastArguments, members: members)
        else { return nil }
        return zip(events, slots).compactMap { event, slots in
            guard slots.contains(target), let chunk = GeminiChunk(event) else { return event }
            let parts = zip(chunk.parts, slots).compactMap { part, slot in
                slot == target ? GeminiEdits.shortened(part, kept: kept) : part
            }
            if parts == chunk.parts { return event }
            if parts.isEmpty, chunk.finishReason == nil { return nil }
            guard var candidate = chunk.candidate else { return event }
            GeminiEdits.replaceParts(&candidate, parts)
            return event.replacingJSON(chunk.replacingCandidate(candidate))
        }
    }
}

/// Cuts the chunks of a stream.
private struct Cutter {
    /// The place of the first event behind the cut.
    let cut: Int
    /// The place of the finish.
    let end: Int
    let reason: String
    /// Whether the thoughts that stand before the content in the first event behind the cut stay.
    let keepsThoughts: Bool

    func edited(_ events: [StreamEvent]) -> [StreamEvent] {
        events.enumerated().compactMap { place, event in
            guard let chunk = GeminiChunk(event), chunk.candidate != nil else { return event }
            return edited(event, chunk, at: place)
        }
    }

    /// An event as it is before the cut, or what is left of it; nil when nothing is.
    private func edited(_ event: StreamEvent, _ chunk: GeminiChunk, at place: Int) -> StreamEvent? {
        guard place == end || place >= cut else { return event }
        guard var candidate = chunk.candidate else { return event }
        if place >= cut {
            let parts = parts(of: chunk, at: place)
            if place != end, parts.isEmpty { return nil }
            if parts != chunk.parts { GeminiEdits.replaceParts(&candidate, parts) }
            GeminiEdits.dropDescriptions(&candidate)
        }
        if place == end, chunk.finishReason != reason || place >= cut {
            GeminiEdits.finish(&candidate, reason)
        }
        return candidate == chunk.candidate
            ? event : event.replacingJSON(chunk.replacingCandidate(candidate))
    }

    private func parts(of chunk: GeminiChunk, at place: Int) -> [JSONValue] {
        if keepsThoughts, place == cut, place == end {
            return GeminiEdits.partsWithoutContent(chunk.parts)
        }
        if keepsThoughts, place == cut {
            return Array(chunk.parts.prefix(while: GeminiPart.isThought))
        }
        return place == end ? chunk.parts.filter(GeminiPart.isEmptyText) : []
    }
}
