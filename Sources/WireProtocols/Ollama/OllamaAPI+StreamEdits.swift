import Determinism

extension OllamaAPI {
    /// The stream cut after `contentEvents` content events, with `done_reason` `length`.
    ///
    /// The counters stay: nothing tells how many tokens a part of the text has. Nil when the
    /// stream is not whole, has fewer content events, or is about loading a model.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let (end, last) = editableEnd(of: events) else { return nil }
        let total = events[...end].count { role(of: $0).isContent }
        let changesNothing = contentEvents == total && last.doneReason == "length"
        guard contentEvents >= 0, contentEvents <= total, !changesNothing else { return nil }
        let cut =
            contentEvents == total ? end + 1 : cut(events[...end], contentEvents: contentEvents)
        var line = last
        if end >= cut, last.carriesContent { line = OllamaLine(last.blanked(), route) ?? last }
        var json = line.finished("length")
        if contentEvents < total { json = OllamaLine.withoutCopies(json) }
        return replacing(end, of: events, by: json) { place, line in
            place < cut || line == nil
        }
    }

    /// The place of the first event behind the cut.
    private func cut(_ events: ArraySlice<StreamEvent>, contentEvents: Int) -> Int {
        if contentEvents > 0 { return place(behind: contentEvents, in: events) }
        // Nothing is kept of what comes with or after the first content.
        return events.firstIndex { role(of: $0).isContent } ?? events.endIndex
    }

    /// The stream with no content, `done_reason` `stop` and one token of output.
    ///
    /// Thinking goes as well. Nil when the stream is not whole or has no content.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        let summary = summary(of: events)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty,
            let (end, last) = editableEnd(of: events)
        else { return nil }
        let json = emptied(last)
        return replacing(end, of: events, by: json) { _, line in line?.carriesContent != true }
    }

    /// An answer or last line with no content.
    func emptied(_ line: OllamaLine) -> JSONValue {
        let blank = OllamaLine(line.blanked(), route) ?? line
        return OllamaLine.withoutTokens(OllamaLine.withoutCopies(blank.finished("stop")))
    }

    /// The stream whose last tool call keeps the first `members` members of its arguments.
    ///
    /// The arguments are an object inside the line, so they stay whole JSON: the object that a
    /// lenient parser makes of the cut. Nil when the stream is not whole, has no tool call, or the
    /// call has no more members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard let (end, _) = editableEnd(of: events) else { return nil }
        let place = events[...end].lastIndex { OllamaLine($0.json, route)?.calls.isEmpty == false }
        guard let place, let line = OllamaLine(events[place].json, route),
            let json = line.truncatingArguments(members: members)
        else { return nil }
        var events = events
        events[place] = events[place].replacingJSON(json)
        return events
    }

    /// The last line of a stream that can be edited, and its place.
    private func editableEnd(of events: [StreamEvent]) -> (place: Int, line: OllamaLine)? {
        for (place, event) in events.enumerated() {
            guard let line = OllamaLine(event.json, route) else { continue }
            if line.isError { return nil }
            if line.isDone {
                return line.doneReason == nil || line.isOfLoading ? nil : (place, line)
            }
        }
        return nil
    }

    /// The stream with another last line and only some of the lines before it.
    private func replacing(
        _ end: Int, of events: [StreamEvent], by json: JSONValue,
        keeping isKept: (Int, OllamaLine?) -> Bool
    ) -> [StreamEvent] {
        var result: [StreamEvent] = []
        for (place, event) in events[..<end].enumerated() {
            if isKept(place, OllamaLine(event.json, route)) { result.append(event) }
        }
        let last = events[end]
        result.append(json == last.json ? last : last.replacingJSON(json))
        return result + events[(end + 1)...]
    }
}
