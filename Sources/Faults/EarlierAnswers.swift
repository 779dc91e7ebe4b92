public import Cassette
import WireProtocols

/// Which earlier answer of the same upstream a stale result would repeat.
public struct EarlierAnswers: Sendable {
    private let byOrdinal: [Int?]

    /// Looks through a tape once, from its start.
    public init(_ tape: Tape) {
        var latestOnPath: [Key: Int] = [:]
        var latestOfShape: [Key: Int] = [:]
        byOrdinal = tape.entries.map { row in
            let exact = Key(upstream: row.upstream, method: row.method, path: row.path)
            let shape = Key(
                upstream: row.upstream, method: row.method,
                path: EarlierAnswers.shape(of: row.path))
            let earlier = latestOnPath[exact] ?? latestOfShape[shape]
            if row.succeeded {
                latestOnPath[exact] = row.ordinal
                latestOfShape[shape] = row.ordinal
            }
            return earlier
        }
    }

    /// The ordinal of the latest earlier answer with the same method and path, else of the same
    /// route up to path segments with digits in them; nil when there is none that succeeded.
    public func ordinal(before ordinal: Int) -> Int? {
        byOrdinal[ordinal - 1]
    }

    private struct Key: Hashable {
        let upstream: String
        let method: String
        let path: String
    }

    /// The path with `*` for each segment that holds a digit, as identifiers do.
    private static func shape(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.utf8.contains { (0x30...0x39).contains($0) } ? "*" : String($0) }
            .joined(separator: "/")
    }
}

extension FaultContext {
    /// The context of a recorded interaction; nil when the cassette does not name its upstream.
    public init?(ordinal: Int, tape: Tape, earlier: EarlierAnswers) throws {
        let interaction = try tape.interaction(ordinal)
        guard let upstream = tape.manifest.upstream(interaction.upstream) else { return nil }
        self.init(
            interaction: interaction, upstream: upstream,
            wire: WireProtocols.of(interaction.request, upstream: upstream),
            earlier: try earlier.ordinal(before: ordinal).map { try tape.interaction($0) })
    }
}
