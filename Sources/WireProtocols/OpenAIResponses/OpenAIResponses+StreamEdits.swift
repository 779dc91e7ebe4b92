import Determinism

extension OpenAIResponses {
    /// The stream cut after `contentEvents` content events, with a `response.incomplete` at its end
    /// for `max_output_tokens`.
    ///
    /// The item that is open at the cut is closed as incomplete; later items are dropped whole. Nil
    /// when the stream is not whole, has fewer content events, or the cut would fall into
    /// reasoning.
    public func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]? {
        guard let body = ResponsesReader.editableBody(of: events) else { return nil }
        let total = body.count { role(of: $0).isContent }
        let decoded = body.map { ResponsesEvent($0) }
        let isCut = decoded.last??.finishReason == ResponsesEnding.length
        guard contentEvents >= 0, contentEvents <= total, contentEvents < total || !isCut else {
            return nil
        }
        let place = cut(body, decoded, contentEvents: contentEvents)
        guard let cut = ResponsesCut(decoded, at: place) else { return nil }
        return edited(events, body) { event, decoded, number in
            cut.edited(event, decoded, at: number)
        } ending: { event, decoded in
            ResponsesEnding.edited(event, decoded, isComplete: false, output: cut.output)
        }
    }

    /// The place of the first event behind the cut.
    private func cut(
        _ body: ArraySlice<StreamEvent>, _ decoded: [ResponsesEvent?], contentEvents: Int
    ) -> Int {
        if contentEvents > 0 { return place(behind: contentEvents, in: body) }
        // Nothing is kept of the first item with content, not even its start.
        guard let first = body.firstIndex(where: { role(of: $0).isContent }) else {
            return body.endIndex
        }
        let index = decoded[first]?.outputIndex
        let start = decoded.firstIndex { $0?.isOfItem == true && $0?.outputIndex == index }
        return start ?? first
    }

    /// The completed stream with no output but the reasoning that stands before everything else,
    /// and no tokens of output but those of reasoning.
    ///
    /// Nil when the stream is not whole or has no content.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? {
        guard let body = ResponsesReader.editableBody(of: events) else { return nil }
        let summary = ResponsesReader.summary(of: Array(body))
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty else { return nil }
        let items = ResponsesItems(body.map { ResponsesEvent($0) })
        let kept = items.leadingReasoning
        return edited(events, body) { event, decoded, _ in
            decoded.isOfItem && !kept.contains(decoded.outputIndex) ? nil : event
        } ending: { event, decoded in
            ResponsesEnding.edited(event, decoded, isComplete: true) { output in
                items.indices(of: output).map { indices in
                    zip(output, indices).filter { kept.contains($1) }.map(\.0)
                }
            }
        }
    }

    /// The stream whose last call keeps the first `members` members of its arguments, also where
    /// they are repeated whole.
    ///
    /// Nil when the stream is not whole, has no call of the agent's tools, or the call has no more
    /// members.
    public func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]? {
        guard let body = ResponsesReader.editableBody(of: events),
            let call = ResponsesReader.summary(of: Array(body)).toolCalls.last,
            let cut = ArgumentPrefix.length(of: call.arguments, members: members)
        else { return nil }
        let items = ResponsesItems(body.map { ResponsesEvent($0) })
        guard let item = items.lastCall, let key = item.kind.argumentsKey else { return nil }
        var pieces = ResponsesArguments(key: key, bytes: cut)
        return edited(events, body) { event, decoded, _ in
            guard decoded.isOfItem, decoded.outputIndex == item.index else { return event }
            return pieces.shortened(event, decoded)
        } ending: { event, decoded in
            ResponsesEnding.edited(event, decoded) { output in
                items.indices(of: output).map { indices in
                    zip(output, indices).map { element, index in
                        index == item.index ? pieces.shortened(element) : element
                    }
                }
            }
        }
    }

    /// The stream with its events and its end changed, numbered anew; nil when the end cannot be.
    ///
    /// What follows the end and what is no event of the protocol stays.
    private func edited(
        _ events: [StreamEvent], _ body: ArraySlice<StreamEvent>,
        change: (StreamEvent, ResponsesEvent, Int) -> StreamEvent?,
        ending: (StreamEvent, ResponsesEvent) -> StreamEvent?
    ) -> [StreamEvent]? {
        var result: [StreamEvent?] = []
        for (number, event) in body.enumerated() {
            guard let decoded = ResponsesEvent(event) else {
                result.append(event)
                continue
            }
            guard decoded.finishReason != nil else {
                result.append(change(event, decoded, number))
                continue
            }
            guard let end = ending(event, decoded) else { return nil }
            result.append(end)
        }
        return ResponsesEnding.renumbered(body, result) + events[body.endIndex...]
    }
}
