import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let streamFaults: [FaultKind] = [
        .streamTruncatedNoTerminator, .errorEventMid, .duplicateChunk, .reorderChunks, .dropChunk,
    ]
}

extension FaultKind {
    static let streamTruncatedNoTerminator = FaultKind(
        id: "stream-truncated-no-terminator",
        summary: "The stream ends cleanly before the events that say that the answer is whole.",
        layer: .stream, target: .model, signature: .quiet, weight: 5, replaces: false,
        parameters: [
            .place("at", "How many events are kept.") { delivery, context in
                // Up to the last content event, which is lost, so that text is missing.
                guard let (stream, wire) = try? modelStream(delivery, context),
                    let end = stream.endPlace(wire),
                    let last = stream.contentPlaces(wire).last(where: { $0 < end }), last > 0
                else { return nil }
                return 1...Int64(last)
            }
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let (stream, wire) = try modelStream(delivery, context)
            let at = parameters.integer("at")
            guard let end = stream.endPlace(wire) else {
                throw Inapplicable("the stream already ends without a finish and a terminator")
            }
            guard at >= 0, at <= end else {
                throw Inapplicable("event \(end + 1) finishes the answer; \(at) would keep it")
            }
            stream.write(first: Int(at), to: &delivery)
        })

    static let errorEventMid = FaultKind(
        id: "error-event-mid",
        summary: "After some content the stream reports an error and ends.",
        layer: .stream, target: .model, signature: .loud, weight: 3, replaces: false,
        parameters: [
            contentEvent("at", "How many content events come before the error."),
            ParameterSpec(
                "type", .choice(ProviderError.allCases.map(\.rawValue)), default: .fixed("server"),
                "The error, in the provider's own words."),
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let place = try contentPlace("at", parameters, stream, wire)
            guard let error = ProviderError(rawValue: parameters.text("type")) else {
                throw Inapplicable("no error is called \(parameters.text("type"))")
            }
            let framing = stream.timed[place].event.framing
            guard let event = wire.errorEvent(error, framing: framing) else {
                throw Inapplicable("\(wire.id) reports no errors inside such a stream")
            }
            stream.timed.insert(.init(event: event, at: stream.timed[place].at), at: place + 1)
            stream.write(first: place + 2, to: &delivery)
        })

    static let duplicateChunk = FaultKind(
        id: "duplicate-chunk",
        summary: "One event of the stream comes more than once.",
        layer: .stream, target: .model, signature: .quiet, weight: 4, replaces: false,
        parameters: [
            contentEvent("at", "Which content event is repeated, from 1."),
            ParameterSpec(
                "copies", .integer(1...1_000), default: .fixed(1), "How often it is repeated."),
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let place = try contentPlace("at", parameters, stream, wire)
            let count = Int(max(0, min(parameters.integer("copies"), 1_000)))
            let copies = Array(repeating: stream.timed[place], count: count)
            guard !copies.isEmpty else { throw Inapplicable("copies 0 repeats nothing") }
            stream.timed.insert(contentsOf: copies, at: place + 1)
            stream.write(to: &delivery)
        })

    static let reorderChunks = FaultKind(
        id: "reorder-chunks",
        summary: "Two content events of the stream come in the wrong order.",
        layer: .stream, target: .model, signature: .quiet, weight: 4, replaces: false,
        parameters: [
            .place("first", from: 1, "The one content event, from 1.") { delivery, context in
                contentCount(delivery, context).flatMap { $0 > 1 ? 1...($0 - 1) : nil }
            },
            ParameterSpec(
                "second", .integer(0...1 << 40), default: .fixed(0),
                "The other content event, from 1; 0 for the one right after the first."),
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let places = stream.contentPlaces(wire)
            let first = parameters.integer("first")
            let second = parameters.integer("second")
            guard first >= 1, first <= places.count else { throw noEvent(first, of: places.count) }
            let other = second == 0 ? first + 1 : second
            guard other >= 1, other <= places.count else { throw noEvent(other, of: places.count) }
            let (left, right) = (places[Int(first) - 1], places[Int(other) - 1])
            let moved = stream.timed[left].event
            stream.timed[left].event = stream.timed[right].event
            stream.timed[right].event = moved
            guard left != right, stream.timed[left].event != moved else {
                throw Inapplicable("the two events are the same")
            }
            stream.write(to: &delivery)
        })

    static let dropChunk = FaultKind(
        id: "drop-chunk",
        summary: "One content event of the stream is missing.",
        layer: .stream, target: .model, signature: .quiet, weight: 5, replaces: false,
        parameters: [contentEvent("at", "Which content event is lost, from 1.")],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            stream.timed.remove(at: try contentPlace("at", parameters, stream, wire))
            stream.write(to: &delivery)
        })
}

extension FaultKind {
    /// The events of a model's stream together with the protocol that they speak.
    static func modelStream(
        _ delivery: Delivery, _ context: FaultContext
    ) throws(Inapplicable) -> (stream: EventStreamBody, wire: any WireProtocol) {
        guard let wire = context.wire else {
            throw Inapplicable("the answer speaks no known protocol of a model")
        }
        return (try EventStreamBody(delivery, context), wire)
    }

    /// How many content events a delivery has; nil when it is not a model's stream.
    static func contentCount(_ delivery: Delivery, _ context: FaultContext) -> Int64? {
        guard let (stream, wire) = try? modelStream(delivery, context) else { return nil }
        return Int64(stream.contentPlaces(wire).count)
    }

    private static func contentEvent(_ name: String, _ summary: String) -> ParameterSpec {
        .place(name, from: 1, summary) { delivery, context in
            contentCount(delivery, context).flatMap { $0 > 0 ? 1...$0 : nil }
        }
    }

    private static func contentPlace(
        _ name: String, _ parameters: FaultParameters, _ stream: EventStreamBody,
        _ wire: any WireProtocol
    ) throws(Inapplicable) -> Int {
        let places = stream.contentPlaces(wire)
        let number = parameters.integer(name)
        guard number >= 1, number <= places.count else { throw noEvent(number, of: places.count) }
        return places[Int(number) - 1]
    }

    private static func noEvent(_ number: Int64, of count: Int) -> Inapplicable {
        Inapplicable("the stream has \(count) content events; there is no number \(number)")
    }
}
