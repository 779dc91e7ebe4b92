import Cassette
import Determinism

extension Delivery {
    /// How many bytes the body has.
    var bodyCount: Int {
        body.reduce(0) { $0 + $1.bytes.count }
    }

    /// The instant of the last byte that is sent; that of the head, or of the end, without one.
    var lastSentAt: SimDuration {
        body.last?.at ?? head?.at ?? .zero
    }

    /// Puts an edited body in place of the old one and corrects an announced length by as much.
    ///
    /// A length that was untrue stays so by the same amount: an answer that was recorded cut
    /// must not look whole because something else in it was edited.
    mutating func edit(body edited: [Chunk]) {
        let before = bodyCount
        body = edited
        let growth = bodyCount - before
        if case .length(let announced) = head?.framing {
            head?.framing = .length(max(0, announced + growth))
        }
    }

    /// The same for a body that is sent whole when the old one ended.
    mutating func edit(bodyBytes bytes: [UInt8]) {
        edit(body: bytes.isEmpty ? [] : [Chunk(at: body.last?.at ?? endAt, bytes: bytes)])
    }

    /// Cuts the chunk that holds it in two, so that a chunk ends after `count` bytes.
    ///
    /// Returns how many chunks come before the cut. Both halves keep their instant.
    mutating func splitBody(after count: Int) -> Int {
        var left = count
        for (place, chunk) in body.enumerated() {
            if left == 0 { return place }
            if left < chunk.bytes.count {
                body[place].bytes = Array(chunk.bytes[..<left])
                body.insert(Chunk(at: chunk.at, bytes: Array(chunk.bytes[left...])), at: place + 1)
                return place + 1
            }
            left -= chunk.bytes.count
        }
        return body.count
    }

    /// Keeps the first `count` bytes and ends there; an announced length stays as it was.
    mutating func cutBody(after count: Int, ending: DeliveryEnding) {
        let kept = splitBody(after: count)
        body.removeSubrange(kept...)
        trailers = []
        self.ending = ending
        endAt = lastSentAt
    }

    /// Puts nothing in place of the answer: no head is ever sent.
    mutating func replaceByNothing(ending: DeliveryEnding, at instant: SimDuration) {
        self = Delivery(head: nil, ending: ending, endAt: instant)
    }

    /// Moves chunks from a place on, and the end, to later instants.
    mutating func delay(from place: Int, by delay: SimDuration) {
        for index in body.indices where index >= place { body[index].at += delay }
        endAt += delay
    }
}
