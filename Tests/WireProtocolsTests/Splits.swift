import Determinism
import WireProtocols

/// Cuts of bytes that repeat from run to run.
enum Splits {
    /// The pieces of one seed: zero to seven bytes each.
    static func pieces(of bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        var call: UInt64 = 0
        while start < bytes.count {
            let random = KeyedRandom(seed: Seed(seed), callID: call, take: 0, attempt: 0)
            let end = min(bytes.count, start + Int(random.below(8, .position)))
            pieces.append(Array(bytes[start..<end]))
            start = end
            call += 1
        }
        return pieces
    }

    /// Lengths to which bytes are cut: each for short ones, else some and all near a place.
    static func cuts(of count: Int, near place: Int) -> [Int] {
        if count <= 2_000 { return Array(0...count) }
        let random = KeyedRandom(seed: Seed(1), callID: 0, take: 0, attempt: 0)
        let drawn = (0..<100).map { lane in
            Int(random.pick(in: 0...Int64(count), .position, lane: UInt16(lane)))
        }
        let close = max(0, place - 40)...min(count, place + 40)
        return Set(drawn + close + [0, count]).sorted()
    }

    /// What a decoder makes of pieces.
    static func events(
        of pieces: [[UInt8]], _ framing: StreamFraming = .sse,
        eventBytesMax: Int = StreamDecoder.eventBytesMaxDefault
    ) throws -> [StreamEvent] {
        var decoder = StreamDecoder(framing, eventBytesMax: eventBytesMax)
        var events: [StreamEvent] = []
        for piece in pieces { events += try decoder.push(piece) }
        if let rest = try decoder.finish() { events.append(rest) }
        return events
    }
}
