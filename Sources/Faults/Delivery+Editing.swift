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

    /// A body is cut in so many places at most: a delivery is a list, and each piece takes room.
    static let cutsMax = 100_000

    /// Cuts chunks so that one ends after each of these counts of bytes of the body, which ascend.
    mutating func splitBody(atEach cuts: [Int]) throws(Inapplicable) {
        guard cuts.count <= Delivery.cutsMax else {
            throw Inapplicable("the body would be cut in more than \(Delivery.cutsMax) places")
        }
        var result: [Chunk] = []
        var next = 0
        var start = 0
        for chunk in body {
            let end = start + chunk.bytes.count
            var from = 0
            while next < cuts.count, cuts[next] < end {
                let cut = cuts[next] - start
                next += 1
                guard cut > from else { continue }
                result.append(Chunk(at: chunk.at, bytes: Array(chunk.bytes[from..<cut])))
                from = cut
            }
            let rest = from == 0 ? chunk.bytes : Array(chunk.bytes[from...])
            result.append(Chunk(at: chunk.at, bytes: rest))
            start = end
        }
        body = result
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
