internal import Determinism
internal import Simulation
internal import WireProtocols

/// Which answers of models the uses of tools go back to.
///
/// A use is tied to a call by its name and the identifier that the model gave it; where the
/// protocol has no identifiers, by the name alone, to the last answer before the use that asked
/// for it.
struct AskedCalls {
    struct Asked {
        let turn: ModelTurn
        let call: ToolCall
    }

    /// How far back the answers with the same identifier are looked at: a retry repeats one, and
    /// some agents number the calls of each conversation anew.
    private static let candidatesMax = 16

    private var byID: [String: [Asked]] = [:]
    private var byName: [String: [Asked]] = [:]
    /// How many uses without identifier are tied to the calls of a name in one turn.
    private var tied: [String: (turn: ExchangeID, count: Int)] = [:]

    init(_ turns: [ModelTurn]) {
        for turn in turns {
            for call in turn.answer?.toolCalls ?? [] {
                let asked = Asked(turn: turn, call: call)
                if call.id.isEmpty == false { byID[call.id, default: []].append(asked) }
                byName[call.name, default: []].append(asked)
            }
        }
    }

    /// The calls that a use may go back to, the latest first; empty where no model asked.
    mutating func origins(of use: ToolUse) -> [Asked] {
        if let id = use.callID {
            let known = AskedCalls.before(use.exchange, in: byID[id] ?? [])
            return known.suffix(AskedCalls.candidatesMax).reversed().filter {
                use.name.isEmpty || $0.call.name == use.name
            }
        }
        let known = AskedCalls.before(use.exchange, in: byName[use.name] ?? [])
        guard let turn = known.last?.turn.id else { return [] }
        let calls = known.suffix(AskedCalls.candidatesMax).filter { $0.turn.id == turn }
        let before = tied[use.name].flatMap { $0.turn == turn ? $0.count : nil } ?? 0
        tied[use.name] = (turn, before + 1)
        return calls.isEmpty ? [] : [calls[min(before, calls.count - 1)]]
    }

    /// The calls in answers to earlier requests: the lists are in the order of the requests.
    private static func before(_ exchange: ExchangeID, in calls: [Asked]) -> ArraySlice<Asked> {
        var (low, high) = (0, calls.count)
        while low < high {
            let middle = (low + high) / 2
            if calls[middle].turn.id < exchange { low = middle + 1 } else { high = middle }
        }
        return calls[..<low]
    }
}

extension ModelTurn {
    /// Why the answer is not all that the model had to say; nil for one that is.
    var cutReason: String? {
        if exchange.sentBody.count < exchange.body.count { return "was cut" }
        guard let answer, answer.isOver else { return "never said that it was over" }
        guard let word = answer.finishReason, isCutForLength else { return nil }
        return "ended for length (`\(word)`)"
    }
}
