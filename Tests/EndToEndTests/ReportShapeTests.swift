import Determinism
import Testing

/// The forms of reports that scripts depend on.
@Suite("Reports keep their form")
struct ReportShapeTests {
    /// The members of a run that scripts may depend on.
    private static let runMembers = [
        "seed", "plan", "digest", "verdict", "grade", "virtual_ns", "faults", "planned", "masked",
        "inapplicable", "invariants",
    ]

    private func storm(_ format: String) async throws -> CommandResult {
        let tape = try await ProbeTape.tool.tape
        let scenario = try Scratch.file(
            "flaky.yaml",
            """
            scenario: flaky-shop
            faults:
              - fault: tool-error
                on: { upstream: shop, call: 2 }
              - fault: tool-timeout
                on: { upstream: shop, call: 2 }
              - fault: finish-length
                on: { call: 1 }
                at: 1
            invariants:
              - exit_code: 0
              - output_not_matches: HTTPError
            """ + "\n")
        return try await Stormtape.run(
            [
                "storm", "--no-history", "--cassette", tape.cassette, "--scenario", scenario,
                "--seeds", "1..2",
            ]
                + ["--format", format, "--"] + tape.command)
    }

    @Test("The JSON of a storm has the promised members")
    func stormJSON() async throws {
        let result = try await storm("json")
        let storm = try Run(result)
        #expect(storm.status == 1)
        #expect(storm.text("digest").count == 64)
        #expect(storm.text("cassette").count == 64)
        #expect(storm.text("scenario") == "flaky-shop")
        #expect(storm.runs.count == 2)
        for (index, run) in storm.runs.enumerated() {
            for member in ReportShapeTests.runMembers {
                #expect(run[member] != nil, "a run has no '\(member)'")
            }
            #expect(run["seed"]?.intValue == Int64(index + 1))
            #expect(run["plan"]?.stringValue?.hasPrefix("stp1.") == true)
            #expect(run["verdict"]?.stringValue == "violated")
            #expect(["A", "B"].contains(run["grade"]?.stringValue))
            #expect((run["virtual_ns"]?.intValue ?? 0) > 0)
            #expect(names(run["faults"]) == ["tool-error"])
            #expect(names(run["masked"]) == ["tool-timeout"])
            #expect(names(run["planned"]).contains("tool-error"))
            #expect(run["invariants"]?.arrayValue?.count == 2)
        }
    }

    private func names(_ list: JSONValue?) -> [String] {
        (list?.arrayValue ?? []).compactMap { $0["fault"]?.stringValue }
    }

    @Test("The JSON of a replay is one such run with its trace")
    func replayJSON() async throws {
        let run = try await ProbeTape.tool.tape.replay()
        for member in ReportShapeTests.runMembers + ["trace"] {
            #expect(run.json[member] != nil, "a replay has no '\(member)'")
        }
    }

    @Test("JUnit has one suite, a case for each seed and a failure with the reproducing line")
    func junit() async throws {
        let result = try await storm("junit")
        #expect(result.status == 1)
        #expect(result.out.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))
        #expect(result.out.contains("<testsuite name=\"flaky-shop\" tests=\"2\" failures=\"2\""))
        #expect(result.out.contains("<testcase name=\"seed 1: "))
        #expect(result.out.contains("<testcase name=\"seed 2: "))
        #expect(result.out.contains("type=\"violated\""))
        #expect(result.out.contains("reproduce: stormtape replay --cassette"))
        // Well-formed, says a parser that is not ours.
        let file = try Scratch.file("junit.xml", result.out)
        let parsed = try await Shell.run([
            Checkout.python(), "-c",
            "import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().tag)",
            file,
        ])
        #expect(parsed.out == "testsuites\n", "\(parsed.err)")
    }

    @Test("Text shows what broke and how to do it again, without colours into a file")
    func text() async throws {
        let result = try await storm("text")
        #expect(result.status == 1)
        #expect(result.out.contains("tool-error"))
        #expect(result.out.contains("stormtape replay --cassette"))
        #expect(!result.out.contains("\u{1B}"))
    }
}
