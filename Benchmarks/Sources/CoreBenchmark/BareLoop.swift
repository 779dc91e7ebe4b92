import Cassette
import Determinism

/// An event loop that decides nothing: as many events through the queue as a run has, and the
/// same bytes touched.
struct BareLoop {
    private let answers: [RecordedResponse]

    init(_ workload: Workload) throws {
        try self.init(workload.tape)
    }

    init(_ tape: Tape) throws {
        answers = try tape.entries.map { try tape.interaction($0.ordinal).response! }
    }

    /// One run; gives the sum of its bytes, so that nothing is optimised away.
    func run() -> UInt64 {
        var queue = EventQueue<Int>()
        var sum: UInt64 = 0
        for answer in answers {
            // Head, chunks and end are pushed one at a time, as in a run.
            var index = -1
            queue.push(at: SimInstant(nanoseconds: answer.headAt.nanoseconds), class: 0, index)
            while let entry = queue.pop() {
                index = entry.payload
                if index >= 0, index < answer.chunks.count {
                    sum &+= touched(answer.chunks[index].bytes)
                }
                guard index < answer.chunks.count else { break }
                let at =
                    index + 1 < answer.chunks.count ? answer.chunks[index + 1].at : answer.endAt
                queue.push(at: SimInstant(nanoseconds: at.nanoseconds), class: 0, index + 1)
            }
        }
        return sum
    }
}
