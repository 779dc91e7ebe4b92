import Determinism
import Simulation
import Testing

@testable import Reports

@Suite("Further formats as they are printed")
struct FormatGoldenTests {
    @Test("a storm in Markdown")
    func markdown() throws {
        try expectGolden("storm.md", MarkdownReport.storm(Sample.storm()))
    }

    @Test("a run in Markdown")
    func markdownRun() throws {
        let run = try Sample.run(seed: 3, fault: nil).summary
        try expectGolden("replay.md", MarkdownReport.replay(run, scenario: "flaky-provider"))
    }

    @Test("a storm as annotations of GitHub")
    func annotations() throws {
        let bytes = AnnotationReport.storm(try Sample.storm(), Hostile.context)
        try expectGolden("storm.annotations.txt", bytes)
    }

    @Test("a storm in CTRF")
    func ctrf() throws {
        try expectGolden("storm.ctrf.json", CTRFReport.storm(Sample.storm(), Hostile.context))
    }

    @Test("a storm in SARIF")
    func sarif() throws {
        try expectGolden("storm.sarif", SARIFReport.storm(Sample.storm(), Hostile.context))
    }

    @Test("a storm as trace events")
    func perfetto() throws {
        try expectGolden("storm.perfetto.json", PerfettoReport.storm(Sample.storm()))
    }

    @Test("a run as trace events, with its waits, steps and retries")
    func perfettoRun() throws {
        let run = try Sample.timedRun()
        let bytes = PerfettoReport.replay(
            run.summary, report: JSONReport.replay(run, exitCode: 1), scenario: "flaky-provider")
        try expectGolden("replay.perfetto.json", bytes)
    }

    @Test("a storm in JUnit XML, with the places of its files")
    func junit() throws {
        var context = Hostile.context
        context.attachment = "reports/storm.html"
        try expectGolden("storm-places.xml", JUnitReport.storm(Sample.storm(), context))
    }

    @Test("the schema of a storm's JSON")
    func stormSchema() throws {
        try expectGolden("storm.schema.json", JSONReport.bytes(ReportSchema.storm))
    }

    @Test("the schema of a replay's JSON")
    func replaySchema() throws {
        try expectGolden("replay.schema.json", JSONReport.bytes(ReportSchema.replay))
    }
}
