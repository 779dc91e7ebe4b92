import Determinism
import WireProtocols

extension Law {
    /// A stream comes out of its decoder byte for byte, however it is split.
    static let framing = Law(name: "framing") { input throws(LawBroken) in
        let framing = input.pick(0, of: StreamFraming.allCases)
        let events = framing.events(of: input.body)
        try demand(StreamEvent.bytes(of: events) == input.body, "\(framing): bytes are lost")
        let first = input.place(1, in: input.body.count)
        let second = input.place(3, in: input.body.count)
        let cuts = [0, min(first, second), max(first, second), input.body.count]
        let pieces = zip(cuts, cuts.dropFirst()).map { Array(input.body[$0..<$1]) }
        let bytes = input.body.map { [$0] }
        try demand(decoded(pieces, framing) == events, "\(framing): splits at \(cuts) matter")
        try demand(decoded(bytes, framing) == events, "\(framing): single bytes matter")
        try limited(pieces, framing, input.number(5), events)
        for event in events { try readable(event) }
        try mended(events, framing)
    } seeds: { seed in
        StreamFraming.allCases.indices.map { place in
            let bytes = seed.stream(StreamFraming.allCases[place])
            return FuzzInput.bytes(bytes, [place, bytes.count % 251, 7, 3, 1, 40])
        }
    }

    private static func decoded(
        _ pieces: [[UInt8]], _ framing: StreamFraming, eventBytesMax: Int = 1 << 20
    ) throws(LawBroken) -> [StreamEvent] {
        var decoder = StreamDecoder(framing, eventBytesMax: eventBytesMax)
        var events: [StreamEvent] = []
        do throws(StreamError) {
            for piece in pieces { events += try decoder.push(piece) }
            if let rest = try decoder.finish() { events.append(rest) }
        } catch {
            throw LawBroken("\(framing): \(error)")
        }
        return events
    }

    /// A decoder with a limit gives the first events, or all of them, and refuses by its limit.
    private static func limited(
        _ pieces: [[UInt8]], _ framing: StreamFraming, _ limit: Int, _ all: [StreamEvent]
    ) throws(LawBroken) {
        var decoder = StreamDecoder(framing, eventBytesMax: limit)
        var events: [StreamEvent] = []
        var refusal: StreamError?
        do throws(StreamError) {
            for piece in pieces { events += try decoder.push(piece) }
            if let rest = try decoder.finish() { events.append(rest) }
        } catch {
            refusal = error
        }
        let isLong = all.contains { $0.bytes.count > max(1, limit) }
        try demand(
            events == Array(all.prefix(events.count)), "\(framing): a limit changes events")
        try demand(
            refusal != nil || events.count == all.count, "\(framing): a limit loses events")
        try demand(refusal == nil || isLong, "\(framing): refused without need: \(limit)")
    }

    /// All that an event says can be asked of it, and its data can be put back.
    private static func readable(_ event: StreamEvent) throws(LawBroken) {
        _ = (event.name, event.isKeepAlive, event.isMovable, event.closesArray)
        guard event.isTerminated, let value = event.json else { return }
        let replaced = event.replacingJSON(value)
        try demand(replaced.json == value, "\(event.framing): data that is put back differs")
        try demand(replaced.name == event.name, "\(event.framing): the name is lost")
    }

    /// Events that lost their first stay a stream that is cut alike.
    private static func mended(
        _ events: [StreamEvent], _ framing: StreamFraming
    ) throws(LawBroken) {
        guard events.allSatisfy({ $0.isTerminated && $0.isMovable && $0.data != nil }) else {
            return
        }
        let mended = StreamEvent.mended(Array(events.dropFirst()))
        let again = framing.events(of: StreamEvent.bytes(of: mended))
        try demand(again == mended, "\(framing): mended events are read as others")
    }
}
