import Cassette
import Determinism

/// Requests whose histories are compared: those of one upstream with one method and path.
struct HistoryRoute: Hashable, Sendable {
    private let upstream: String
    private let method: String
    private let path: String

    init(_ row: TapeEntry) {
        upstream = row.upstream
        method = row.method
        path = row.path
    }
}

/// Which recorded calls of a route asked with a beginning of the history of a later one.
struct HistoryIndex: Sendable {
    private struct Call: Sendable {
        var count: Int
        /// The latest call before it for each shorter history, the longest first.
        var shorter: [(count: Int, ordinal: Int)]
    }

    private var calls: [Int: Call] = [:]

    init(_ route: HistoryRoute, on tape: Tape) {
        var latest: [Digest: Int] = [:]
        for row in tape.entries where HistoryRoute(row) == route {
            guard let request = try? tape.interaction(row.ordinal).request else { continue }
            let beginnings = RecordedHistory(tape.identity(of: request, upstream: row.upstream))
                .beginnings
            let shorter = beginnings.indices.dropLast().reversed().compactMap { place in
                latest[beginnings[place]].map { (count: place + 1, ordinal: $0) }
            }
            calls[row.ordinal] = Call(count: beginnings.count, shorter: shorter)
            if row.succeeded, let whole = beginnings.last { latest[whole] = row.ordinal }
        }
    }

    /// The call with the longest history that lacks at least `count` of the last messages.
    func ordinal(of ordinal: Int, lacking count: Int) -> Int? {
        guard let call = calls[ordinal], count >= 1, count < call.count else { return nil }
        return call.shorter.first { $0.count <= call.count - count }?.ordinal
    }
}
