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
                + "in Responses, have the loop too.",
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
        guard event.bytes.count <= Self.bytesMax / count else {
            throw Inapplicable("\(count) copies are more than \(Self.bytesMax) bytes")
        }
        (self.event, self.text, self.count, self.wire) = (event, piece, count, wire)
    }

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
        repeatWholeText(around: place, in: &stream)
        stream.insert(Array(repeating: event, count: count), at: start)
        numberAnew(&stream)
    }

    /// Adds the loop to the later copies of the whole text.
    private func repeatWholeText(around place: Int, in stream: inout EventStreamBody) {
        guard let whole = WholeText(around: place, in: stream, wire) else { return }
        let looped = whole.text + String(repeating: text, count: count)
        for later in stream.timed.indices where later > place {
            let event = stream.timed[later].event
            guard let json = event.json, !event.isSigned else { continue }
            let edited = json.replacing(text: whole.text, by: looped)
            if edited != json { stream.timed[later].event = event.replacingJSON(edited) }
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
