import Determinism
import Testing

/// One fault on one probe, and what the SDK makes of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
    var fault: String
    var parameters: [String]
    var probe: ProbeTape
    /// The exception that the SDK raises; nil for none.
    var error: String?
    var cause: String?
    var status: Int64?
    var text: String
    var finish: String?
    var chunks: Int64?
    /// Options for the probe; SDKs do not retry unless a case is about that.
    var options = ["--max-retries", "0"]
    /// How often the wire is asked.
    var attempts = 1

    var testDescription: String { "\(fault) \(parameters.joined(separator: " ")) on \(probe)" }

    /// A scenario with nothing but this fault, on this recorded call of its upstream.
    static func scenario(_ fault: String, _ parameters: [String] = [], call: Int = 1) -> String {
        (["scenario: \(fault)", "faults:", "  - fault: \(fault)", "    on: { call: \(call) }"]
            + parameters.map { "    \($0)" } + ["off_tape: echo", ""]).joined(separator: "\n")
    }

    /// Replays the probe under the fault and compares what its SDK made of it.
    func check() async throws {
        let tape = try await probe.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario(fault, parameters), command: tape.command + options)
        #expect(run.fired == [fault], "\(run.err)")
        #expect(run.exchanges.count == attempts)
        #expect(run.status == 0, "a probe ends with 0 whatever it met: \(run.text("reason"))")
        #expect(run.verdict == "passed")
        let answer = try run.answer()
        #expect(answer["error"]?.stringValue == error)
        if let cause { #expect(answer["cause"]?.stringValue == cause) }
        #expect(answer["status"]?.intValue == status)
        #expect(answer["text"]?.stringValue == text)
        #expect(answer["finish"]?.stringValue == finish)
        if let chunks { #expect(answer["chunks"]?.intValue == chunks) }
    }
}
