internal import Cassette
internal import Determinism
internal import Simulation

/// Rules about how a run ended.
enum EndRules {
    static let all = [
        InvariantKind(
            "exit_code", .end, summary: "The agent ends with this code.",
            parameters: [InvariantParameter("", "whole number from 0 to 255", "The code.")],
            example: "0"
        ) { (arguments) throws(InvariantError) in
            ExitCode(code: try arguments.whole(in: 0...255))
        }
    ]

    struct ExitCode: InvariantRule {
        let code: Int

        var id: String { "exit_code == \(code)" }

        func check(_ conduct: Conduct) -> Finding {
            let trace = conduct.trace
            let seen = EndText.text(of: trace.end) + (trace.unmet.map { "; \($0)" } ?? "")
            let isEndedWell = if case .dismissed = trace.end { code == 0 } else { false }
            guard isEndedWell || trace.end == .exited(.code(code)) else {
                return .brokenAtEnd("expected exit code \(code), but the agent \(seen)")
            }
            // An answer that failed is to a server what its exit code is to a program.
            guard code == 0, let failed = trace.asked.first(where: { !$0.isFine }) else {
                return .holds("the agent \(seen)")
            }
            return .brokenAtEnd(
                "expected exit code 0, but the agent \(AskedText.failure(failed)) and \(seen)")
        }
    }
}
