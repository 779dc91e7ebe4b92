import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let ttfbSpike = FaultKind(
        id: "ttfb-spike",
        summary: "The head comes in time, the first byte of the body late.",
        layer: .timing, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .milliseconds(
                "delay_ms", from: 1, default: 30_000, "How much later the body begins.")
        ],
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let delay = parameters.integer("delay_ms")
            guard delivery.head != nil, delivery.bodyCount > 0 else {
                throw Inapplicable("the answer has no body that could come late")
            }
            guard delay > 0 else { throw Inapplicable("delay_ms \(delay) is no delay") }
            delivery.delay(from: 0, by: .milliseconds(delay))
        })

    static let stalledStream = FaultKind(
        id: "stalled-stream",
        summary: "The body stops in the middle while the connection stays open.",
        layer: .timing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            .place(
                "at", "How many events of a stream, or chunks of another body, come before it."
            ) { delivery, _ in stallPlaces(in: delivery) },
            .milliseconds(
                "stall_ms", from: 0, default: 0, "How long it lasts; 0 for without end."),
        ],
        apply: edit(stall))

    static let slowDrip = FaultKind(
        id: "slow-drip",
        summary: "The body trickles in a few bytes at a time.",
        layer: .timing, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "bytes_per_second", .integer(1...1_000_000_000), default: .fixed(10),
                "How fast it comes at most.")
        ],
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let rate = parameters.integer("bytes_per_second")
            guard delivery.head != nil, delivery.bodyCount > 0 else {
                throw Inapplicable("the answer has no body that could trickle")
            }
            guard rate > 0 else { throw Inapplicable("bytes_per_second \(rate) is no speed") }
            drip(&delivery, bytesPerSecond: rate)
        })

    /// A body drips in at most this many chunks: single bytes up to here, equal pieces beyond.
    static let dripChunksMax = 512

    private static func drip(_ delivery: inout Delivery, bytesPerSecond: Int64) {
        let size = (delivery.bodyCount + dripChunksMax - 1) / dripChunksMax
        var drops: [Chunk] = []
        var open: [UInt8] = []
        var latest = delivery.head?.at ?? .zero
        // A drop falls when it has arrived and the one before it is through the narrow pipe.
        func fall(arrivedAt: SimDuration) {
            let nanoseconds = SimDuration.seconds(Int64(open.count)).nanoseconds / bytesPerSecond
            latest = max(arrivedAt, latest + SimDuration(nanoseconds: nanoseconds))
            drops.append(Chunk(at: latest, bytes: open))
            open = []
        }
        for chunk in delivery.body {
            var rest = chunk.bytes[...]
            while !rest.isEmpty {
                let taken = rest.prefix(size - open.count)
                open += taken
                rest = rest.dropFirst(taken.count)
                if open.count == size { fall(arrivedAt: chunk.at) }
            }
        }
        if !open.isEmpty { fall(arrivedAt: delivery.lastSentAt) }
        delivery.body = drops
        delivery.endAt = max(delivery.endAt, latest)
    }

    private static func stall(
        _ delivery: inout Delivery, _ parameters: FaultParameters, _ context: FaultContext
    ) throws(Inapplicable) {
        let at = parameters.integer("at")
        let milliseconds = parameters.integer("stall_ms")
        guard delivery.head != nil, delivery.bodyCount > 0 else {
            throw Inapplicable("the answer has no body that could stall")
        }
        let unit = delivery.isEventStream ? "events" : "chunks"
        let sizes = pieceSizes(of: delivery)
        guard at >= 0, at < sizes.count else {
            throw Inapplicable("the body has \(sizes.count) \(unit); none come after \(at)")
        }
        let place = delivery.splitBody(after: sizes[..<Int(at)].reduce(0, +))
        if milliseconds > 0 {
            delivery.delay(from: place, by: .milliseconds(milliseconds))
        } else {
            delivery.body.removeSubrange(place...)
            delivery.trailers = []
            delivery.ending = .hang
            delivery.endAt = delivery.lastSentAt
        }
    }

    /// Something comes before the stall where the body has more than one piece.
    private static func stallPlaces(in delivery: Delivery) -> ClosedRange<Int64>? {
        guard delivery.head != nil, delivery.bodyCount > 0 else { return nil }
        let count = Int64(pieceSizes(of: delivery).count)
        return count > 1 ? 1...(count - 1) : 0...0
    }

    private static func pieceSizes(of delivery: Delivery) -> [Int] {
        delivery.isEventStream
            ? SSE.events(of: delivery.bodyBytes).map(\.bytes.count)
            : delivery.body.map(\.bytes.count)
    }
}
