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
        documentation: FaultDocumentation(
            wireForm: "The head in time, then nothing for delay_ms, then the body as recorded.",
            clients: "None gives up before 600 s; langchain-openai after 120 s, in async code "
                + "only; the AI SDK where firstChunkMs is set.",
            robustAgent: "Shows that it waits, and has a deadline for the first event."),
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
                "at", "How many events of a stream, or chunks of another body, come before it.",
                counting: .events
            ) { delivery, context in stallPlaces(in: delivery, context) },
            .milliseconds(
                "stall_ms", from: 0, default: 0, "How long it lasts; 0 for without end."),
        ],
        documentation: FaultDocumentation(
            wireForm: "Some events or chunks, then silence while the connection stays open.",
            clients: "They hang up to the read time-out of 600 s; many clients in TypeScript and "
                + "Rust have none.",
            robustAgent: "Has a time-out between events that carry content, then aborts and "
                + "retries, or keeps the part that came.",
            evidence: [
                "opencode#16366", "opencode#29348", "goose#8134",
                "modelcontextprotocol/typescript-sdk#1883",
            ]),
        apply: edit(stall))

    static let keepaliveOnlyStall = FaultKind(
        id: "keepalive-only-stall",
        summary: "A stream goes on with keep-alive signs only: no content comes any more.",
        layer: .timing, target: .model, signature: .ambiguous, weight: 4, replaces: false,
        parameters: [
            .place("at", "How many events of the stream come before it.", counting: .events) {
                delivery, context in
                context.framing(of: delivery) != nil ? stallPlaces(in: delivery, context) : nil
            },
            .milliseconds("period_ms", from: 1, default: 15_000, "How far the signs are apart."),
            .milliseconds(
                "duration_ms", from: 1, default: 3_600_000,
                "How long they come; then nothing comes any more."),
        ],
        documentation: FaultDocumentation(
            wireForm: "Some events, then comments, `event: ping`, or what the provider sends while "
                + "nothing happens, every period_ms.",
            clients: "Every byte resets the read time-out, so no SDK ever gives up; "
                + "langchain-openai counts content only, in async code.",
            robustAgent: "Has a timer that only content resets.",
            evidence: ["https://html.spec.whatwg.org/multipage/server-sent-events.html"]),
        apply: edit(keepAlive))

    static let slowDrip = FaultKind(
        id: "slow-drip",
        summary: "The body trickles in a few bytes at a time.",
        layer: .timing, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "bytes_per_second", .integer(1...1_000_000_000), default: .fixed(10),
                "How fast it comes at most.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The recorded bytes, in pieces of equal size at this speed.",
            clients: "Time-outs are for each read, so none gives up.",
            robustAgent: "Has a deadline for the whole answer, or a least speed."),
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

    /// So many signs are sent at most: a delivery is a list.
    static let keepAlivesMax: Int64 = 10_000
    /// A month.
    static let keepAliveMillisecondsMax: Int64 = 30 * 86_400_000

    private static func keepAlive(
        _ delivery: inout Delivery, _ parameters: FaultParameters, _ context: FaultContext
    ) throws(Inapplicable) {
        guard let framing = context.framing(of: delivery) else {
            throw Inapplicable("the answer is no event stream")
        }
        // What the provider itself sends while nothing happens.
        let wire = context.wire
        guard let sign = wire.map({ $0.keepAlive(framing: framing) }) ?? framing.keepAlive else {
            throw Inapplicable("such a stream has no keep-alive signs")
        }
        if case .length = delivery.head?.framing {
            throw Inapplicable("the length of the stream is announced; nothing can be added to it")
        }
        let period = parameters.integer("period_ms")
        let duration = parameters.integer("duration_ms")
        guard period > 0, duration > 0, duration <= keepAliveMillisecondsMax else {
            throw Inapplicable("signs every \(period) ms for \(duration) ms cannot be sent")
        }
        let count = duration / period
        guard count <= keepAlivesMax else {
            throw Inapplicable("\(count) signs are more than \(keepAlivesMax)")
        }
        try stall(
            &delivery,
            FaultParameters([
                JSONMember("at", .int(parameters.integer("at"))), JSONMember("stall_ms", .int(0)),
            ]), context)
        for number in 0..<count {
            let at = delivery.endAt + .milliseconds((number + 1) * period)
            delivery.body.append(Chunk(at: at, bytes: sign))
        }
        delivery.endAt = delivery.lastSentAt
    }

    static func stall(
        _ delivery: inout Delivery, _ parameters: FaultParameters, _ context: FaultContext
    ) throws(Inapplicable) {
        let at = parameters.integer("at")
        let milliseconds = parameters.integer("stall_ms")
        guard delivery.head != nil, delivery.bodyCount > 0 else {
            throw Inapplicable("the answer has no body that could stall")
        }
        let unit = context.framing(of: delivery) != nil ? "events" : "chunks"
        let sizes = pieceSizes(of: delivery, context)
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
    static func stallPlaces(
        in delivery: Delivery, _ context: FaultContext
    ) -> ClosedRange<Int64>? {
        guard delivery.head != nil, delivery.bodyCount > 0 else { return nil }
        let count = Int64(pieceSizes(of: delivery, context).count)
        return count > 1 ? 1...(count - 1) : 0...0
    }

    private static func pieceSizes(of delivery: Delivery, _ context: FaultContext) -> [Int] {
        guard let framing = context.framing(of: delivery) else {
            return delivery.body.map(\.bytes.count)
        }
        return framing.events(of: delivery.bodyBytes).map(\.bytes.count)
    }
}
