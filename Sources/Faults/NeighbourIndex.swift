package import Cassette
import Synchronization

/// Where the neighbours of the interactions of one tape are.
///
/// Each part is found when a fault asks for it first, and is shared by all runs of the tape; plans
/// without such faults pay nothing.
package final class NeighbourIndex: Sendable {
    private struct State: Sendable {
        var answers: [Fingerprint: AnswerAlternatives] = [:]
        var histories: [HistoryRoute: HistoryIndex] = [:]
        var companions: MCPCompanions?
    }

    private let state = Mutex(State())

    /// Creates an index in which nothing was looked for.
    package init() {}

    /// The ordinal of a neighbour; nil when the tape holds none.
    package func ordinal(_ neighbour: Neighbour, of ordinal: Int, on tape: Tape) -> Int? {
        let row = tape.entry(ordinal)
        return state.withLock { state in
            switch neighbour {
            case .otherAnswer(let number):
                let group =
                    state.answers[row.fingerprint] ?? AnswerAlternatives(row.fingerprint, on: tape)
                state.answers[row.fingerprint] = group
                return group.ordinal(number, besides: row)
            case .shorterHistory(let count):
                let route = HistoryRoute(row)
                let index = state.histories[route] ?? HistoryIndex(route, on: tape)
                state.histories[route] = index
                return index.ordinal(of: ordinal, lacking: count)
            case .companion:
                let companions = state.companions ?? MCPCompanions(tape)
                state.companions = companions
                return companions.ordinal(of: ordinal)
            }
        }
    }
}
