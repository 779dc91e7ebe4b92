public import Determinism

extension OpenAIResponses {
    /// The stream that says this; nil where responses have no form for it.
    ///
    /// New texts and calls are items of their own, and what the last event repeats says the same.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard let body = ResponsesReader.editableBody(of: events) else { return nil }
        let decoded = body.map { ResponsesEvent($0) }
        guard let recording = ResponsesRecording(decoded) else { return nil }
        let old = recording.content
        var result = Array(body)
        if !old.saysParts(of: content.parts) {
            guard let written = Self.restructured(result, decoded, recording, content.parts) else {
                return nil
            }
            result = ResponsesNumbers.renumbered(written, like: Array(body))
        }
        if old.finish != content.finish {
            guard let finished = Self.finished(result, content.finish) else { return nil }
            result = finished
        }
        if let model = content.model, old.model != nil, !ExactText.areSame(model, old.model) {
            result = result.map { Self.renamed($0, model) }
        }
        result += events[body.endIndex...]
        // What cannot be read back has no form here.
        return self.content(of: result)?.says(content) == true ? result : nil
    }

    private static func restructured(
        _ body: [StreamEvent], _ decoded: [ResponsesEvent?], _ recording: ResponsesRecording,
        _ parts: [AnswerPart]
    ) -> [StreamEvent]? {
        guard let end = decoded.last ?? nil, let last = body.last, last.isMovable,
            recording.items.allSatisfy({ $0.events.allSatisfy { body[$0].isMovable } })
        else { return nil }
        let response = end.json["response"]
        guard
            let writer = ResponsesWriter(
                recording, saying: parts, responseID: response?["id"]?.stringValue)
        else { return nil }
        var recorded = response?["output"]?.arrayValue
        if recorded?.isEmpty == true, !recording.items.isEmpty { recorded = nil }
        if let recorded {
            let types = recording.items.map { $0.json["type"] }
            guard recorded.map({ $0["type"] }) == types else { return nil }
        }
        let (written, output) = writer.stream(body, decoded, recorded)
        guard let output, var response else { return written }
        ResponsesEnding.replaceOutput(&response, by: output)
        var json = end.json
        json["response"] = response
        return written.dropLast() + [last.replacingJSON(json)]
    }

    /// The stream with another end, which also leaves the last item whole or not.
    private static func finished(
        _ body: [StreamEvent], _ finish: AnswerFinish
    ) -> [StreamEvent]? {
        guard let last = body.last, let end = ResponsesEvent(last) else { return nil }
        var json = end.json
        var response = json["response"] ?? [:]
        if response.objectValue == nil { response = [:] }
        guard ResponsesFinish.write(finish, into: &response) else { return nil }
        let type = finish == .stop ? "response.completed" : "response.incomplete"
        json["response"] = response
        if json["type"] != nil { json["type"] = .string(type) }
        var result = body
        result[body.count - 1] = last.replacingJSON(json, name: type)
        let place = body.lastIndex { ResponsesEvent($0)?.closedItem != nil }
        if let place, let closed = ResponsesEvent(body[place]), let item = closed.closedItem {
            var json = closed.json
            json["item"] = ResponsesFinish.finished(item, isComplete: finish == .stop)
            if json != closed.json { result[place] = body[place].replacingJSON(json) }
        }
        return result
    }

    /// An event that names another model, if it names one.
    private static func renamed(_ event: StreamEvent, _ model: String) -> StreamEvent {
        guard let decoded = ResponsesEvent(event),
            decoded.json["response"]?["model"]?.stringValue != nil
        else { return event }
        var json = decoded.json
        json["response"]?["model"] = .string(model)
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// The JSON answer that says this, under the same rules.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        guard let recording = ResponsesRecording(answer),
            let output = answer["output"]?.arrayValue
        else { return nil }
        let old = recording.content
        var result = answer
        if !old.saysParts(of: content.parts) {
            let id = answer["id"]?.stringValue
            guard let writer = ResponsesWriter(recording, saying: content.parts, responseID: id)
            else { return nil }
            ResponsesEnding.replaceOutput(&result, by: writer.output(output))
        }
        if old.finish != content.finish {
            if content.finish == .unsaid {
                result["status"] = nil
            } else if !ResponsesFinish.write(content.finish, into: &result) {
                return nil
            }
        }
        if let model = content.model, old.model != nil { result["model"] = .string(model) }
        return self.content(of: result)?.says(content) == true ? result : nil
    }
}

/// The numbers that order the events of a response.
enum ResponsesNumbers {
    /// The events numbered one after the other from where they are not the recorded ones any more.
    static func renumbered(
        _ events: [StreamEvent], like recorded: [StreamEvent]
    ) -> [StreamEvent] {
        var isSame = true
        var last: Int64?
        return events.enumerated().map { place, event in
            isSame = isSame && place < recorded.count && event == recorded[place]
            guard let decoded = ResponsesEvent(event), let number = decoded.sequenceNumber else {
                return event
            }
            guard !isSame, let before = last else {
                last = number
                return event
            }
            let next = before.addingReportingOverflow(1)
            last = next.partialValue
            guard !next.overflow, next.partialValue != number else { return event }
            var json = decoded.json
            json["sequence_number"] = .int(next.partialValue)
            return event.replacingJSON(json)
        }
    }
}
