import Determinism
import Judgement
import Testing

@testable import Reports

@Suite("Further formats")
struct FormatTests {
    /// A storm with so many ways to fail: no two runs broke the same rule.
    private func storm(ways: Int, reproduceBytes: Int = 0) throws -> StormResult {
        let runs = try (1...ways).map { seed in
            var run = try Sample.run(seed: UInt64(seed)).summary
            for index in run.invariants.indices { run.invariants[index].id = "rule \(seed)" }
            run.reproduce = "stormtape " + String(repeating: "x", count: reproduceBytes)
            return run
        }
        return StormResult(cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("at most nine annotations, and one that says how many more", arguments: [9, 10, 60])
    func annotations(ways: Int) throws {
        let lines = text(AnnotationReport.storm(try storm(ways: ways), ReportContext()))
            .split(separator: "\n")
        #expect(lines.count == min(10, ways))
        let last = "::error title=Stormtape%3A \(ways - 9) more::"
        #expect(lines.contains { $0.hasPrefix(last) } == (ways > 9))
    }

    @Test("runs that all passed are one notice")
    func passed() throws {
        let run = try Sample.run(seed: 3, fault: nil).summary
        let storm = StormResult(cassette: Sample.cassette, scenario: "s", runs: [run], exitCode: 0)
        let notice = "::notice title=Stormtape::the run passed\n"
        #expect(text(AnnotationReport.storm(storm, ReportContext())) == notice)
    }

    @Test("Markdown stays within its bound, and says how many ways to fail are left out")
    func markdownBound() throws {
        let storm = try storm(ways: 60, reproduceBytes: 30_000)
        let whole = MarkdownReport.storm(storm)
        #expect(whole.count <= MarkdownReport.bytesMax)
        #expect(text(whole).hasSuffix("more ways to fail; the JSON report has them all.\n"))
        let short = MarkdownReport.storm(storm, bytesMax: 65_000)
        #expect(short.count <= 65_000)
        #expect(text(short).contains("…and 58 more ways to fail"))
        let all = text(MarkdownReport.storm(try self.storm(ways: 60)))
        #expect(!all.contains("more ways to fail"))
        #expect(all.split(separator: "#### ").count == 61)
    }

    @Test("a line that cannot be pasted any more is left out of Markdown, not cut")
    func longReproduce() throws {
        let report = text(MarkdownReport.storm(try storm(ways: 1, reproduceBytes: 40_000)))
        #expect(report.contains("The line that does it again is too long to be shown"))
        #expect(!report.contains("xxxx"))
    }

    @Test(
        "code spans hold any text",
        arguments: [
            ("a", "`a`"), ("", "` `"), ("`", "`` ` ``"), ("a`b``c", "```a`b``c```"),
            ("a\nb", "`a b`"), ("\\", "`\\`"),
        ])
    func spans(text: String, span: String) {
        #expect(MarkdownText.code(text) == span)
    }

    @Test("JUnit gives each case a name of its own, by what is planned for the seed")
    func names() throws {
        let run = try Sample.run(seed: 2).summary
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: [run, run], exitCode: 1)
        let root = try XMLCheck.parse(JUnitReport.storm(storm))
        let name = "seed 2: lost-response-after-commit, tool-error"
        #expect(root.all("testcase").map { $0.attributes["name"] } == [name, name + " (2)"])
        #expect(root.all("testcase").allSatisfy { $0.attributes["classname"] == "s" })
    }

    @Test("a case tells its cassette, seed and plan, and ends with the line that does it again")
    func properties() throws {
        let run = try Sample.run(seed: 2).summary
        var context = ReportContext(attachment: "r/storm.html")
        context.cassette = Sample.cassette
        let root = try XMLCheck.parse(JUnitReport.replay(run, scenario: "s", context))
        let properties = (root.all("testcase").first?.all("property") ?? []).map(\.attributes)
        #expect(
            properties.map { $0["name"] } == ["cassette", "seed", "plan_digest", "digest", "grade"])
        #expect(properties[0]["value"] == Sample.cassette.hex)
        #expect(properties[1]["value"] == "2")
        #expect(properties[2]["value"] == Digest(hashing: Array("st1-2".utf8)).hex)
        let failure = try #require(root.all("failure").first)
        #expect(failure.text.hasSuffix("  reproduce: \(run.reproduce)\n"))
        #expect(failure.text.contains("⚡ lost-response-after-commit"))
        let output = try #require(root.all("system-out").first)
        #expect(output.text.hasSuffix("[[ATTACHMENT|r/storm.html]]\n"))
    }

    @Test("JUnit stays below what GitLab takes")
    func junitBound() throws {
        var run = try Sample.run(seed: 2).summary
        run.standardOutputTail = Array(repeating: 0x26, count: 4_096)
        run.standardErrorTail = run.standardOutputTail
        let runs = Array(repeating: run, count: 2_000)
        let storm = StormResult(cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
        let bytes = JUnitReport.storm(storm)
        #expect(bytes.count < 30_000_000)
        #expect(text(bytes).contains(">left out: the report would be too large</failure>"))
    }

    @Test("CTRF counts each run once, in milliseconds from zero")
    func ctrf() throws {
        let report = try JSONValue.parse(
            CTRFReport.storm(try Sample.storm(), ReportContext()).dropLast())
        let summary = report["results"]?["summary"]
        let names = ["tests", "passed", "failed", "other", "flaky", "start", "stop"]
        #expect(names.map { summary?[$0]?.intValue } == [6, 2, 3, 1, 1, 0, 9_064])
    }

    @Test("colours are dropped, and nothing else that begins like one")
    func colors() {
        let text = "\u{1B}[1;31mred\u{1B}[0m \u{1B}[2J \u{1B}[m\u{1B}"
        let plain = BoundedText.withoutColor(Array(text.utf8))
        #expect(String(decoding: plain, as: UTF8.self) == "red \u{1B}[2J \u{1B}")
    }

    @Test("what nobody sees is an escape in JSON, and the value is the same")
    func escapes() throws {
        let value: JSONValue = ["a\u{7F}": "\u{80}\u{202E}\u{FEFF}\u{61C}é\u{20AC}\u{E000}😀"]
        let bytes = SafeJSON.visible(value.canonical())
        #expect(
            text(bytes)
                == "{\"a\\u007f\":\"\\u0080\\u202e\\ufeff\\u061cé\u{20AC}\u{E000}😀\"}")
        #expect(try JSONValue.parse(bytes) == value)
    }
}
