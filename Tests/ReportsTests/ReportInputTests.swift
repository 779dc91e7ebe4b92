import Determinism
import Judgement
import Testing

@testable import Reports

@Suite("What a report says first")
struct ReportInputTests {
    private static func storm(
        _ runs: [RunSummary], saved: [RunSummary] = [], exitCode: Int32
    ) -> StormResult {
        var storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: exitCode)
        storm.savedFailures = saved.map {
            SavedFailure(signature: "violated after x", origin: "a.failure", run: $0)
        }
        return storm
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a storm that does not end well has never passed")
    func exitCode() throws {
        let passed = try Sample.run(seed: 3, fault: nil).summary
        let well = ReportInput(Self.storm([passed], exitCode: 0))
        #expect(well.mark == "✓")
        #expect(well.headline == "the run passed")
        let storm = Self.storm([passed], exitCode: 5)
        #expect(ReportInput(storm).mark == "!")
        #expect(ReportInput(storm).headline == "exit code 5, though the run passed")
        let line = Self.text(AnnotationReport.storm(storm, Hostile.context))
        #expect(line == "::error title=Stormtape::exit code 5, though the run passed\n")
        let calm = Self.text(
            AnnotationReport.storm(Self.storm([passed], exitCode: 0), Hostile.context))
        #expect(calm == "::notice title=Stormtape::the run passed\n")
    }

    @Test("a saved failure that still fails stands in every format")
    func savedFailures() throws {
        let passed = try Sample.run(seed: 3, fault: nil).summary
        let failing = try Sample.run(seed: 8).summary
        let storm = Self.storm([passed], saved: [failing, passed], exitCode: 1)
        let input = ReportInput(storm)
        #expect(input.mark == "✗")
        #expect(input.headline == "1 saved failure still fails; the run passed")
        let markdown = Self.text(MarkdownReport.storm(storm))
        #expect(markdown.hasPrefix("## ✗ Stormtape: 1 saved failure still fails"))

        let line = Self.text(AnnotationReport.storm(storm, Hostile.context))
        #expect(line.hasPrefix("::error title=Stormtape%3A saved failure%2C violated after "))

        let ctrf = try JSONValue.parse(CTRFReport.storm(storm, Hostile.context).dropLast())
        #expect(ctrf["results"]?["summary"]?["failed"] == 1)
        #expect(ctrf["results"]?["summary"]?["tests"] == 2)
        #expect(ctrf["results"]?["summary"]?["suites"] == 2)
        let test = ctrf["results"]?["tests"]?[1]
        #expect(test?["status"] == "failed")
        #expect(test?["suite"] == ["s", "saved failures"])

        let sarif = try JSONValue.parse(SARIFReport.storm(storm, Hostile.context).dropLast())
        #expect(sarif["runs"]?[0]?["results"]?.arrayValue?.count == 1)
        // What the storm itself has found is not said twice.
        let both = Self.storm([failing], saved: [failing], exitCode: 1)
        let once = try JSONValue.parse(SARIFReport.storm(both, Hostile.context).dropLast())
        #expect(once["runs"]?[0]?["results"]?.arrayValue?.count == 1)

        let page = Self.text(HTMLReport.storm(storm, details: RunDetails()))
        #expect(page.contains("\"savedCount\":1"))
        #expect(page.contains("[\"violated\",\"violated after x\",\"a.failure\","))
    }

    @Test("nine annotations have room for saved failures")
    func annotationsRoom() throws {
        let runs = try (1...12).map { number in
            var run = try Sample.run(seed: UInt64(number)).summary
            run.invariants[1].id = "rule \(number)"
            return run
        }
        let storm = Self.storm(runs, saved: [runs[0]], exitCode: 1)
        let lines = Self.text(AnnotationReport.storm(storm, Hostile.context)).split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines.count { $0.contains("saved failure%2C") } == 1)
        #expect(lines.last?.contains("Stormtape%3A 4 more") == true)
    }

    @Test("a run without a seed is named by its plan, whatever the agent did")
    func label() throws {
        var one = try Sample.run(seed: 1).summary
        one.seed = nil
        var other = one
        other.digest = Digest(hashing: [1])
        #expect(one.label == other.label)
        #expect(one.label == "plan \(one.planDigest.hex.prefix(12))")
    }

    @Test(
        "spans of time, on both sides of zero",
        arguments: [
            (0, "0 s"), (1_500, "1 µs"), (-1_500, "-1 µs"), (-12_000_000, "-12 ms"),
            (-1_204_000_000, "-1.204 s"), (1_204_000_000, "1.204 s"),
            (-1_864_000_000_000, "-31 min 4 s"), (Int64.min, "-153722867 min 16 s"),
        ] as [(Int64, String)])
    func times(nanoseconds: Int64, text: String) {
        #expect(TimeText.short(SimDuration(nanoseconds: nanoseconds)) == text)
    }
}
