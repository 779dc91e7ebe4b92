import Determinism
import Simulation
import Testing

@testable import Reports

@Suite("Reports as they are printed")
struct ReportGoldenTests {
    @Test("a storm in JSON")
    func stormJSON() throws {
        try expectGolden("storm.json", JSONReport.bytes(JSONReport.storm(Sample.storm())))
    }

    @Test("a replay in JSON")
    func replayJSON() throws {
        let report = JSONReport.replay(try Sample.run(seed: 2), exitCode: 1)
        try expectGolden("replay.json", JSONReport.bytes(report))
    }

    @Test("a storm in JUnit XML")
    func stormJUnit() throws {
        try expectGolden("storm.xml", JUnitReport.storm(Sample.storm()))
    }

    @Test("a storm in text")
    func stormText() throws {
        let text = StormText.render(try Sample.storm(), style: TextStyle())
        try expectGolden("storm.txt", Array(text.utf8))
    }

    @Test("a replay in text")
    func replayText() throws {
        let run = try Sample.run(seed: 2, error: "retrying after ConnectionResetError\n")
        let text = ReplayText.render(run.summary, style: TextStyle())
        try expectGolden("replay.txt", Array(text.utf8))
    }

    @Test("two runs that differ, in text")
    func divergence() throws {
        let first = try Sample.run(seed: 2)
        let second = try Sample.run(seed: 2, fault: "tool-timeout")
        let text = DivergenceText.render(
            first: first.digest, second: second.digest,
            divergence: Divergence.first(first.trace, second.trace), style: TextStyle())
        try expectGolden("divergence.txt", Array(text.utf8))
    }

    @Test("the same run twice, in text")
    func same() throws {
        let digest = try Sample.run(seed: 2).digest
        let text = DivergenceText.render(
            first: digest, second: digest, divergence: nil, style: TextStyle())
        #expect(text == "  ✓ the same run twice\n  digest  \(digest.hex)\n")
    }
}
