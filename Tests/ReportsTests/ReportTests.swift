import Cassette
import Determinism
import Faults
import Foundation
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("Reports of runs and storms")
struct ReportTests {
    private static let hostile =
        "\u{1B}]0;owned\u{07}\u{1B}[2J]]><x a='\"'>&amp;\u{0}\u{202E}\u{9B}31m\u{FFFE}\r\n\tend\n"

    @Test("a summary reads back as it was written", arguments: [nil, "tool-timeout"])
    func roundTrip(fault: String?) throws {
        var result = try Sample.run(seed: .max, fault: fault, error: ReportTests.hostile)
        result.trace.standardOutput = [0xFF, 0x00, 0x80]
        let request = RecordedRequest(method: "POST", target: "/chat")
        result.trace.asked = [AskedRecord(request: request), AskedRecord(request: request)]
        result.trace.asked[1].body = [0xFF]
        let summary = result.summary
        let text = summary.json.encodedText()
        #expect(try RunSummary(json: JSONValue.parse(text: text)) == summary)
        let canonical = try RunSummary(json: JSONValue.parse(summary.json.canonical()))
        #expect(canonical.json.canonical() == summary.json.canonical())
    }

    @Test("a summary of another form is refused with the path")
    func refusal() throws {
        var json = try Sample.run(seed: 1).summary.json
        json["faults"]?[0]?["exchange"] = "one"
        let error = try #require(throws: ReportFormatError.self) { try RunSummary(json: json) }
        #expect(error.path == "$.faults[0].exchange")
    }

    @Test("a storm does not depend on the order in which its runs came")
    func order() throws {
        let storm = try Sample.storm()
        let again = StormResult(
            cassette: storm.cassette, scenario: storm.scenario, runs: storm.runs.reversed(),
            nondeterministicSeeds: storm.nondeterministicSeeds, exitCode: storm.exitCode)
        #expect(again == storm)
        #expect(storm.runs.map { $0.seed?.rawValue } == [2, 3, 5, 9, 12, .max])
        #expect(JSONReport.storm(again).canonical() == JSONReport.storm(storm).canonical())
    }

    @Test("a storm's JSON has the members that scripts depend on")
    func members() throws {
        let storm = JSONReport.storm(try Sample.storm())
        for name in ["digest", "cassette", "scenario", "runs", "schema", "summary", "exit_code"] {
            #expect(storm[name] != nil, "\(name)")
        }
        let run = try #require(storm["runs"]?[0])
        for name in [
            "seed", "plan", "digest", "verdict", "grade", "virtual_ns", "faults", "planned",
            "masked", "inapplicable", "unreached", "invariants", "reproduce",
        ] {
            #expect(run[name] != nil, "\(name)")
        }
        #expect(run["seed"]?.intValue == 2)
        #expect(run["grade"] == "C")
        #expect(run["verdict"] == "violated")
        #expect(run["faults"]?[0]?["anchor"]?["call"]?.intValue == 2)
        #expect(run["faults"]?[0]?["exchange"]?.intValue == 3)
        #expect(run["masked"]?.arrayValue?.count == 1)
        #expect(run["inapplicable"]?[0]?["reason"] == "it has no body")
    }

    @Test("standard error is not in a storm's JSON: no digest vouches for it")
    func standardError() throws {
        let quiet = StormResult(
            cassette: Sample.cassette, scenario: "s",
            runs: [try Sample.run(seed: 1).summary], exitCode: 1)
        let loud = StormResult(
            cassette: Sample.cassette, scenario: "s",
            runs: [try Sample.run(seed: 1, error: "0x7f01").summary], exitCode: 1)
        #expect(JSONReport.storm(quiet) == JSONReport.storm(loud))
        #expect(quiet.digest == loud.digest)
    }

    @Test("60 seeds with 5 distinct failures make 5 stories, told by the lowest seed")
    func stories() throws {
        let kinds = [
            "lost-response-after-commit", "tool-timeout", "tool-error", "tool-stale",
            "conn-reset-mid-body",
        ]
        let runs = try (1...60).map { seed in
            try Sample.run(seed: UInt64(seed), fault: kinds[seed % 5]).summary
        }
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
        let text = StormText.render(storm, style: TextStyle())
        #expect(text.components(separatedBy: "reproduce: ").count == 6)
        #expect(text.contains("✗ violated after tool-timeout  seed 1 and 11 more"))
        #expect(text.contains("also seeds 6, 11, 16, 21, 26, 31, 36, 41 and 3 more"))
        #expect(text.contains("60 violated"))
        #expect(text.contains("5 distinct"))
    }

    @Test("nothing an agent writes reaches a terminal as a control character")
    func terminal() throws {
        var result = try Sample.run(seed: 1, error: ReportTests.hostile)
        result.trace.exchanges[0].request.target = "/\u{1B}[31m\u{202E}x"
        result.reproduce = "stormtape \u{1B}[0m"
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s\u{1B}[1m", runs: [result.summary], exitCode: 1)
        for text in [
            ReplayText.render(result.summary, style: TextStyle()),
            StormText.render(storm, style: TextStyle()),
        ] {
            let bad = text.unicodeScalars.filter {
                ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
                    || $0.value == 0x202E
            }
            #expect(bad.isEmpty)
            #expect(text.contains("␛"))
        }
    }

    @Test("colour is used when it is asked for, and changes nothing else")
    func colour() throws {
        let storm = try Sample.storm()
        let plain = StormText.render(storm, style: TextStyle())
        let painted = StormText.render(storm, style: TextStyle(color: true))
        #expect(!plain.contains("\u{1B}"))
        #expect(painted.contains("\u{1B}[1;31m✗ violated\u{1B}[0m"))
        #expect(painted.replacing(/\x{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test("lines fit the width, but for those that are to be pasted or are whole digests")
    func width() throws {
        let text = StormText.render(try Sample.storm(), style: TextStyle(width: 80))
        for line in text.split(separator: "\n") where !line.contains("reproduce: ") {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test("JUnit is well-formed XML whatever the agent wrote")
    func hostileXML() throws {
        var result = try Sample.run(seed: 1, error: ReportTests.hostile)
        result.trace.standardOutput = [0xFF, 0xC0, 0x00, 0x5D, 0x5D, 0x3E]
        result.ruling.reason = "a \"b\" <c>\n\u{1}"
        let xml = String(
            decoding: JUnitReport.replay(result.summary, scenario: "<s> & \"t\""), as: UTF8.self)
        let allowed = xml.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0xFFFE || $0 == "\n" || $0 == "\t"
        }
        #expect(allowed)
        #expect(!xml.contains("]]>"))
        #expect(xml.contains(#"classname="&lt;s&gt; &amp; &quot;t&quot;""#))
        #expect(
            xml.contains("message=\"a &quot;b&quot; &lt;c&gt;&#10;\u{FFFD}\" type=\"violated\""))
        #expect(xml.contains("]]&gt;&lt;x a="))
    }

    @Test(
        "spans of time",
        arguments: [
            (0, "0.000000000", "0 s"), (12_000, "0.000012000", "12 µs"),
            (412_000_000, "0.412000000", "412 ms"), (1_004_000_000, "1.004000000", "1.004 s"),
            (1_864_000_000_000, "1864.000000000", "31 min 4 s"),
        ] as [(Int64, String, String)])
    func times(nanoseconds: Int64, seconds: String, short: String) {
        let span = SimDuration(nanoseconds: nanoseconds)
        #expect(TimeText.seconds(span) == seconds)
        #expect(TimeText.short(span) == short)
    }
}
