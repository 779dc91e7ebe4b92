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

    /// What a decoder makes of pieces.
    static func events(of pieces: [[UInt8]], eventBytesMax: Int? = nil) throws -> [SSEEvent] {
        var decoder = eventBytesMax.map { SSEDecoder(eventBytesMax: $0) } ?? SSEDecoder()
        var events: [SSEEvent] = []
        for piece in pieces { events += try decoder.push(piece) }
        if let rest = try decoder.finish() { events.append(rest) }
        return events
    }
}
