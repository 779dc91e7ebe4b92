internal import Cassette
internal import Faults
internal import Simulation

/// What an agent that hangs owes, and what it waits for: its threads, and the answers that never
/// became whole.
enum HangText {
    static let partsMax = 4

    static func text(of trace: Trace) -> String {
        let owed = trace.unmet.map { [$0] } ?? []
        let parts =
            owed + trace.waiting.prefix(partsMax) + unanswered(trace).prefix(partsMax)
        let text = "the agent \(EndText.text(of: trace.end))"
        return parts.isEmpty ? text : text + ": " + parts.joined(separator: "; ")
    }

    private static func unanswered(_ trace: Trace) -> [String] {
        let last = trace.exchanges.last?.id
        return trace.exchanges.compactMap { exchange in
            let name =
                "exchange \(exchange.id.number), \(exchange.upstream) "
                + "\(exchange.request.method) \(exchange.request.path)"
            switch exchange.ending {
            case .hang: return exchange.cancelled ? name + " is not answered whole" : nil
            // Others were given up, since something followed.
            case .unconnected: return exchange.id == last ? name + " finds no connection" : nil
            case .complete, .closed, .reset, .killed, .goAway, .streamReset: return nil
            }
        }
    }
}
