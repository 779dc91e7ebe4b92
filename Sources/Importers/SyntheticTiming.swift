import Determinism

/// When the parts of a response arrive, from what the source knows; the same each time.
enum SyntheticTiming {
    /// The instants of one response.
    struct Schedule: Hashable, Sendable {
        let head: SimDuration
        let chunks: [SimDuration]
        let end: SimDuration
    }

    /// Where the source knows nothing: the head after this, and each chunk after that.
    static let headDelay = SimDuration.milliseconds(20)
    static let chunkGap = SimDuration.milliseconds(5)
    /// Between the end of one exchange and the next request, where no instant is known.
    static let pause = SimDuration.milliseconds(10)

    /// Spreads chunks of these lengths: over the span that is known, by their bytes.
    static func schedule(
        lengths: [Int], timing: ImportedTiming, isStream: Bool
    ) -> Schedule {
        let head = timing.head ?? timing.end.map { firstByte($0, lengths.count, isStream) }
        guard let head, let end = timing.end, end >= head else {
            return even(from: head ?? headDelay, count: lengths.count)
        }
        let total = lengths.reduce(0, +)
        guard total > 0 else {
            return Schedule(head: head, chunks: lengths.map { _ in end }, end: end)
        }
        let span = Int128(end.nanoseconds - head.nanoseconds)
        var sum = 0
        let chunks = lengths.map { length in
            sum += length
            let offset = span * Int128(sum) / Int128(total)
            return head + SimDuration(nanoseconds: Int64(offset))
        }
        return Schedule(head: head, chunks: chunks, end: end)
    }

    /// A document comes at the end of the exchange; a stream begins one part in.
    private static func firstByte(
        _ end: SimDuration, _ count: Int, _ isStream: Bool
    ) -> SimDuration {
        isStream ? SimDuration(nanoseconds: end.nanoseconds / Int64(count + 1)) : end
    }

    private static func even(from head: SimDuration, count: Int) -> Schedule {
        var chunks: [SimDuration] = []
        var at = head
        for _ in 0..<count {
            at = at + chunkGap
            chunks.append(at)
        }
        return Schedule(head: head, chunks: chunks, end: at)
    }
}
