import Cassette
import Determinism
import WireProtocols

/// The body of a delivery as the events of a stream, each with its instant.
struct EventStreamBody {
    /// One event and when its last byte is sent.
    struct Timed: Hashable {
        var event: StreamEvent
        var at: SimDuration
    }

    /// The events in their order.
    var timed: [Timed]

    /// Reads a delivery that is an event stream with at least one event.
    init(_ delivery: Delivery, _ context: FaultContext) throws(Inapplicable) {
        guard let framing = context.framing(of: delivery) else {
            throw Inapplicable("the answer is not an event stream")
        }
        let events = framing.events(of: delivery.bodyBytes)
        guard !events.isEmpty else { throw Inapplicable("the stream has no events") }
        timed = []
        timed.reserveCapacity(events.count)
        var chunk = 0
        var sentBytes = delivery.body[0].bytes.count
        var readBytes = 0
        for event in events {
            readBytes += event.bytes.count
            while sentBytes < readBytes {
                chunk += 1
                sentBytes += delivery.body[chunk].bytes.count
            }
            timed.append(Timed(event: event, at: delivery.body[chunk].at))
        }
    }

    /// The events without their instants.
    var events: [StreamEvent] { timed.map(\.event) }

    /// The place of each event that carries content and can be moved or repeated alone.
    func contentPlaces(_ wire: any WireProtocol) -> [Int] {
        timed.indices.filter {
            timed[$0].event.isMovable && wire.role(of: timed[$0].event).isContent
        }
    }

    /// The place of the first event that says that the answer ended, or ends the stream.
    func endPlace(_ wire: any WireProtocol) -> Int? {
        timed.firstIndex { wire.finishes($0.event) }
    }

    /// Replaces the events by edited ones.
    ///
    /// An event with unchanged bytes keeps its instant. Edited ones take the instants of the old
    /// events right before the next unchanged one, since edits drop what comes first.
    mutating func replace(by edited: [StreamEvent]) {
        var result: [Timed] = []
        var open: [StreamEvent] = []
        var cursor = 0
        func close(before limit: Int) {
            for (index, event) in open.enumerated() {
                let place = max(limit - open.count + index, cursor)
                let nearest = min(place, max(limit - 1, 0))
                result.append(Timed(event: event, at: timed[nearest].at))
            }
            open = []
        }
        for event in edited {
            guard let match = timed[cursor...].firstIndex(where: { $0.event == event }) else {
                open.append(event)
                continue
            }
            close(before: match)
            result.append(timed[match])
            cursor = match + 1
        }
        close(before: timed.count)
        timed = EventStreamBody.ordered(result)
    }

    /// Writes the events into a delivery, each as a chunk of its own.
    func write(to delivery: inout Delivery) {
        let events = StreamEvent.mended(timed.map(\.event))
        delivery.edit(body: zip(timed, events).map { Chunk(at: $0.at, bytes: $1.bytes) })
    }

    /// Writes the events where they are others than before; new chunks alone are no change.
    func writeChange(to delivery: inout Delivery) throws(Inapplicable) {
        var changed = delivery
        write(to: &changed)
        guard changed.bodyBytes != delivery.bodyBytes else {
            throw Inapplicable("the answer is already what the fault would make of it")
        }
        delivery = changed
    }

    /// Writes the first events and ends the response properly right after them.
    ///
    /// What closes an array belongs to the framing, as the end of a chunked body does: it stays.
    func write(first count: Int, to delivery: inout Delivery) {
        var kept = self
        kept.timed.removeSubrange(count...)
        if count < timed.count, let closing = timed.last(where: \.event.closesArray) {
            let at = kept.timed.last?.at ?? delivery.head?.at ?? .zero
            kept.timed.append(Timed(event: closing.event, at: at))
        }
        kept.write(to: &delivery)
        delivery.refitLength()
        delivery.trailers = []
        delivery.ending = .complete
        delivery.endAt = delivery.lastSentAt
    }

    /// Instants that never decrease.
    private static func ordered(_ timed: [Timed]) -> [Timed] {
        var latest = SimDuration.zero
        return timed.map { item in
            latest = max(latest, item.at)
            return Timed(event: item.event, at: latest)
        }
    }
}
