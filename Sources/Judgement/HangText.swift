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
        trace.exchanges.filter { $0.ending == .hang && $0.cancelled }.map { exchange in
            "exchange \(exchange.id.number), \(exchange.upstream) \(exchange.request.method) "
                + "\(exchange.request.path) is not answered whole"
        }
    }
}
