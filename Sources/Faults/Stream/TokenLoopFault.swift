import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let repeatedTokenLoop = FaultKind(
        id: "repeated-token-loop",
        summary: "The model falls into a loop: one piece of text again and again, up to the limit.",
        layer: .stream, target: .model, signature: .quiet, weight: 3, replaces: false,
        parameters: [
            textEvent("Behind which event with text the loop begins, from 1."),
            ParameterSpec(
                "token", .text, default: .fixed(""),
                "The text that is repeated; empty for that of the event before."),
            ParameterSpec(
                "copies", .integer(1...10_000), default: .fixed(128), "How often it comes."),
        ],
        documentation: FaultDocumentation(
            wireForm: "After some text the same delta again and again, then the finish reason for "
                + "length; what was recorded behind it is gone. Later copies of the whole text, as "
                + "in Responses, have the loop too. All copies together are 16 MiB at most.",
            clients: "litellm aborts after 100 equal chunks; every other client collects them all.",
            robustAgent: "Detects the repetition, cancels the stream and does not act on it.",
            evidence: ["litellm 1.109.1, read", "garak 0.17.1, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let place = try place(
                "at", parameters, among: stream.textPlaces(wire), "events with text")
            guard let count = Int(exactly: parameters.integer("copies")), count > 0 else {
                throw Inapplicable("copies 0 repeats nothing")
            }
            let kept = stream.events[...place].count { wire.role(of: $0).isContent }
            let loop = try TokenLoop(
                of: stream.timed[place].event, wire, token: parameters.text("token"),
                count: min(count, 10_000))
            let finished = wire.finishedForLength(stream.events, contentEvents: kept)
            if let finished {
                stream.replace(by: finished)
            } else if stream.endPlace(wire) == nil {
                throw Inapplicable("the stream is not whole")
            }
            try loop.insert(behind: kept, into: &stream)
            stream.write(to: &delivery)
        })
}

/// A piece of text that is repeated.
private struct TokenLoop {
    private let event: StreamEvent
    private let text: String
    private let count: Int
    private let wire: any WireProtocol

    /// All copies together have so many bytes at most: 16 MiB.
    private static let bytesMax = 16 << 20

    init(
        of model: StreamEvent, _ wire: any WireProtocol, token: String, count: Int
    ) throws(Inapplicable) {
        let shape = try DeltaShape(wire)
        guard case .text(let text) = wire.role(of: model) else {
            throw Inapplicable("the event adds no text")
        }
        let piece = token.isEmpty ? text : token
        var event = shape.unfinished(model)
        if piece != text {
            event = shape.edited(event) { $0 = $0.replacing(text: text, by: piece) } ?? event
        }
        guard case .text(piece) = wire.role(of: event) else {
            throw Inapplicable("the event's text is not one string of its JSON")
        }
        (self.event, self.text, self.count, self.wire) = (event, piece, count, wire)
        try checkSize(repeatedTexts: 0)
    }

    /// Goes on only where the copies are not too large, with those in so many whole texts.
    private func checkSize(repeatedTexts: Int) throws(Inapplicable) {
        let (texts, isTooMany) = repeatedTexts.multipliedReportingOverflow(by: writtenBytes)
        let left = Self.bytesMax / count - event.bytes.count
        guard !isTooMany, left >= 0, texts <= left else {
            throw Inapplicable("\(count) copies are more than \(Self.bytesMax) bytes")
        }
    }

    /// How many bytes the text takes within a string of JSON, without the quotes.
    private var writtenBytes: Int { JSONValue.string(text).encoded().count - 2 }

    /// Puts the copies behind so many content events.
    func insert(behind contentEvents: Int, into stream: inout EventStreamBody) throws(Inapplicable)
    {
        let places = stream.timed.indices.filter {
            wire.role(of: stream.timed[$0].event).isContent
        }
        guard contentEvents <= places.count, let place = places.prefix(contentEvents).last else {
            throw Inapplicable("the stream cannot be finished for length there")
        }
        // Where the event itself finishes the answer, the loop comes before it.
        let start = wire.finishes(stream.timed[place].event) ? place : place + 1
        try repeatWholeText(around: place, in: &stream)
        stream.insert(Array(repeating: event, count: count), at: start)
        numberAnew(&stream)
    }

    /// Adds the loop to the later copies of the whole text.
    private func repeatWholeText(
        around place: Int, in stream: inout EventStreamBody
    ) throws(Inapplicable) {
        guard let whole = WholeText(around: place, in: stream, wire) else { return }
        let later = stream.timed.indices.filter { other in
            other > place && !stream.timed[other].event.isSigned
        }
        try checkSize(
            repeatedTexts: later.reduce(0) { sum, other in
                sum + (stream.timed[other].event.json?.count(ofText: whole.text) ?? 0)
            })
        let looped = whole.text + String(repeating: text, count: count)
        for other in later {
            let event = stream.timed[other].event
            guard let json = event.json else { continue }
            let edited = json.replacing(text: whole.text, by: looped)
            if edited != json { stream.timed[other].event = event.replacingJSON(edited) }
        }
    }

    /// Gives the events of a protocol that numbers them ascending numbers again.
    private func numberAnew(_ stream: inout EventStreamBody) {
        guard wire.id == OpenAIResponses.id else { return }
        var next = stream.timed.lazy.compactMap { Self.number($0.event) }.first ?? 0
        for place in stream.timed.indices {
            let event = stream.timed[place].event
            guard var json = event.json, let number = Self.number(event) else { continue }
            if number != next {
                json["sequence_number"] = .some(.int(next))
                stream.timed[place].event = event.replacingJSON(json)
            }
            next &+= 1
        }
    }

    private static func number(_ event: StreamEvent) -> Int64? {
        event.json?["sequence_number"]?.intValue
    }
}
