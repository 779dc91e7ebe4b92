import Cassette
import Determinism
import WireProtocols

/// Calls of tools that were made together, in pairs.
///
/// Two calls that follow one another at a server were made together when no model was asked
/// between them, or when the first was not answered yet.
struct MCPCompanions: Sendable {
    private struct Server: Hashable {
        let upstream: String
        let path: String
    }

    private struct Call {
        let row: TapeEntry
        let answeredAt: SimInstant
        /// How often a model was asked before.
        let turn: Int

        func isMade(with earlier: Call) -> Bool {
            turn == earlier.turn || row.startedAt < earlier.answeredAt
        }
    }

    private var byOrdinal: [Int: Int] = [:]

    /// Reads the calls of a tape once, from its start.
    init(_ tape: Tape) {
        var places: [Server: Int] = [:]
        var groups: [[Call]] = []
        var turn = 0
        for row in tape.entries {
            guard let upstream = tape.manifest.upstream(row.upstream) else { continue }
            if upstream.kind == .model { turn += 1 }
            guard upstream.kind == .tool, row.method == "POST", row.succeeded,
                let interaction = try? tape.interaction(row.ordinal),
                MCP.speaks(interaction.request, to: upstream),
                MCPMessage(bytes: interaction.request.body)?.method == "tools/call"
            else { continue }
            let took = interaction.response?.endAt ?? .zero
            let call = Call(
                row: row, answeredAt: row.startedAt.advanced(by: took), turn: turn)
            let server = Server(upstream: row.upstream, path: row.path)
            let place = places[server] ?? groups.count
            places[server] = place
            if place == groups.count { groups.append([]) }
            if let last = groups[place].last, !call.isMade(with: last) {
                pair(groups[place])
                groups[place] = []
            }
            groups[place].append(call)
        }
        for group in groups { pair(group) }
    }

    /// The call that was made along with another one.
    func ordinal(of ordinal: Int) -> Int? {
        byOrdinal[ordinal]
    }

    /// Pairs the first call with the second, the third with the fourth.
    ///
    /// One that is left over goes with the one before it. Equal calls are no pair.
    private mutating func pair(_ calls: [Call]) {
        var place = 0
        while place < calls.count {
            let row = calls[place].row
            if place + 1 < calls.count, calls[place + 1].row.exact != row.exact {
                byOrdinal[row.ordinal] = calls[place + 1].row.ordinal
                byOrdinal[calls[place + 1].row.ordinal] = row.ordinal
                place += 2
            } else {
                if place > 0, calls[place - 1].row.exact != row.exact {
                    byOrdinal[row.ordinal] = calls[place - 1].row.ordinal
                }
                place += 1
            }
        }
    }
}
