import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let duplicateChunk = FaultKind(
        id: "duplicate-chunk",
        summary: "One event of the stream comes more than once.",
        layer: .stream, target: .model, signature: .quiet, weight: 4, replaces: false,
        parameters: [
            contentEvent("at", "Which content event is repeated, from 1."),
            ParameterSpec(
                "copies", .integer(1...1_000), default: .fixed(1), "How often it is repeated."),
        ],
        documentation: FaultDocumentation(
            wireForm: "A content event comes again, byte for byte, with the same identifiers and "
                + "the same sequence_number.",
            clients: "Text is doubled. openai's accumulate_delta joins id, name and arguments and "
                + "adds integers; its Responses helper raises on a duplicate output index when an "
                + "item is opened twice.",
            robustAgent: "Drops what has a sequence number that was seen, and checks arguments "
                + "against the tool's schema.",
            evidence: ["openai-python 3.54.0, read"]),
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
        documentation: FaultDocumentation(
            wireForm: "Two content events change places; both keep their bytes, the instants "
                + "stay.",
            clients: "Text and arguments are scrambled without a word. anthropic raises "
                + "\"Unexpected event order\" only before message_start.",
            robustAgent: "Checks sequence numbers where there are some, and parses arguments "
                + "strictly.",
            evidence: ["anthropic-sdk-python 2.12.0, read"]),
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
        documentation: FaultDocumentation(
            wireForm: "A content event is missing; all others keep their bytes and instants.",
            clients: "Text lacks a piece, arguments are broken JSON or, worse, valid. anthropic "
                + "raises IndexError when the start of a block is missing. cohere does the same "
                + "by itself: it skips an event that is not JSON.",
            robustAgent: "Checks arguments against the tool's schema; missing text cannot be "
                + "seen, so nothing irreversible follows from text alone.",
            evidence: ["anthropic-sdk-python 2.12.0, read", "cohere 7.3.1, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            stream.timed.remove(at: try contentPlace("at", parameters, stream, wire))
            stream.write(to: &delivery)
        })
}
