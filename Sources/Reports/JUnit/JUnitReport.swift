internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// A storm or a run as JUnit XML: one suite for the scenario, one case for each seed.
///
/// Violated, hung and crashed runs are failures; all others that did not pass are errors, those
/// that rest on assumed answers among them. Times are virtual, so that the file repeats.
package enum JUnitReport {
    /// A storm.
    package static func storm(_ storm: StormResult) -> [UInt8] {
        suites(
            scenario: storm.scenario, runs: storm.runs,
            properties: [
                ("cassette", storm.cassette.hex), ("digest", storm.digest.hex),
                ("exit_code", String(storm.exitCode)),
            ])
    }

    /// One run.
    package static func replay(_ run: RunSummary, scenario: String) -> [UInt8] {
        suites(
            scenario: scenario, runs: [run], properties: [("digest", run.digest.hex)])
    }

    private static func suites(
        scenario: String, runs: [RunSummary], properties: [(name: String, value: String)]
    ) -> [UInt8] {
        let failures = runs.count(where: \.verdict.isFailure)
        let errors = runs.count { !$0.verdict.isFailure && $0.verdict != .passed }
        let time = runs.reduce(SimDuration.zero) { $0 + $1.virtualTime }
        let counts =
            "tests=\"\(runs.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
            + "time=\"\(TimeText.seconds(time))\""
        let name = XMLText.attribute(scenario)
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"stormtape\" \(counts)>",
            "  <testsuite name=\"\(name)\" \(counts)>",
            "    <properties>",
        ]
        for property in properties {
            let value = XMLText.attribute(property.value)
            lines.append("      <property name=\"\(property.name)\" value=\"\(value)\"/>")
        }
        lines.append("    </properties>")
        for run in runs { lines += testCase(run, suite: name) }
        lines += ["  </testsuite>", "</testsuites>", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func testCase(_ run: RunSummary, suite: String) -> [String] {
        let name = run.seed.map { "seed \($0)" } ?? "plan \(run.digest.hex.prefix(12))"
        let open =
            "    <testcase name=\"\(name)\" classname=\"\(suite)\" "
            + "time=\"\(TimeText.seconds(run.virtualTime))\""
        guard run.verdict != .passed else { return [open + "/>"] }
        let element = run.verdict.isFailure ? "failure" : "error"
        let message = XMLText.attribute(run.ruling.reason)
        let type = run.verdict.rawValue
        var lines = [
            open + ">",
            "      <\(element) message=\"\(message)\" type=\"\(type)\">"
                + XMLText.content(body(run)) + "</\(element)>",
        ]
        lines += stream("system-out", run.standardOutputTail)
        lines += stream("system-err", run.standardErrorTail)
        return lines + ["    </testcase>"]
    }

    private static func body(_ run: RunSummary) -> String {
        let broken = run.broken.map { result in
            let witnesses = result.witnesses.map { String($0.number) }.joined(separator: ", ")
            let shown = witnesses.isEmpty ? "" : " (exchanges \(witnesses))"
            return "\(result.id): \(result.message)\(shown)"
        }
        let faults = run.fired.map { "fault \($0.planned.fault) on exchange \($0.exchange.number)" }
        let misses = run.exchanges.flatMap(\.miss)
        let grade =
            "grade \(run.grade.letter.rawValue) \(run.grade.reasons.joined(separator: "; "))"
        let lines = broken + faults + misses + [grade, "digest \(run.digest.hex)"]
        return "\n" + (lines + ["reproduce: \(run.reproduce)"]).joined(separator: "\n") + "\n"
    }

    private static func stream(_ name: String, _ bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        let text = XMLText.content(String(decoding: bytes, as: UTF8.self))
        return ["      <\(name)>\(text)</\(name)>"]
    }
}
