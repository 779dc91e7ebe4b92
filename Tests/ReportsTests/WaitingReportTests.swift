import Determinism
import Testing

@testable import Reports

/// A verdict that no judge has given yet is no pass in any format, and no failure.
@Suite("Verdicts that wait for a judge")
struct WaitingReportTests {
    @Test("the formats for people and for CI say how many wait")
    func told() throws {
        let storm = try Sample.waitingStorm()
        for (name, bytes) in [
            ("text", Array(StormText.render(storm, style: TextStyle(width: 110)).utf8)),
            ("markdown", MarkdownReport.storm(storm)), ("junit", JUnitReport.storm(storm)),
            ("ctrf", CTRFReport.storm(storm, Hostile.context)),
            ("github", AnnotationReport.storm(storm, Hostile.context)),
            ("html", HTMLReport.storm(storm, details: RunDetails())),
        ] {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("3 verdicts wait for a judge"), "\(name)")
        }
    }

    @Test("a storm whose rules have no judge at all does not just say that it passed")
    func noJudge() throws {
        let run = try Sample.run(seed: 3, fault: nil, judged: [Sample.judged[0]], tape: nil)
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: [run.summary], exitCode: 0)
        let text = StormText.render(storm, style: TextStyle(width: 110))
        let note = "1 verdict waits for a judge: no cassette of judges is named; give --judges FILE"
        #expect(text.contains(note), "\(text)")
        let ctrf = try JSONValue.parse(CTRFReport.storm(storm, Hostile.context).dropLast())
        #expect(ctrf["results"]?["tests"]?[0]?["status"] == "pending")
    }

    @Test("CTRF: a run that is not broken is pending, a broken one failed")
    func ctrf() throws {
        let bytes = CTRFReport.storm(try Sample.waitingStorm(), Hostile.context)
        let results = try JSONValue.parse(bytes.dropLast())["results"]
        let counts = ["tests", "passed", "failed", "pending", "other"]
        #expect(counts.map { results?["summary"]?[$0]?.intValue } == [3, 1, 1, 1, 0])
        let tests = results?["tests"]?.arrayValue ?? []
        #expect(tests.map { $0["status"]?.stringValue } == ["pending", "failed", "passed"])
        #expect(tests.map { $0["rawStatus"]?.stringValue } == ["passed", "violated", "passed"])
        #expect(tests.map { $0["extra"]?["waiting"]?.arrayValue?.count } == [2, 1, nil])
        let message = tests.first?["message"]?.stringValue ?? ""
        #expect(message.hasPrefix("2 verdicts wait for a judge: judged_by_model("), "\(message)")
        try expectGolden("storm-waiting.ctrf.json", bytes)
    }

    @Test("SARIF: a note for each rule, at its line, and no finding")
    func sarif() throws {
        let storm = try Sample.waitingStorm()
        var context = Hostile.context
        context.invariants.append(
            InvariantPlace(source: Sample.judged[0], line: 9, column: 5))
        let bytes = SARIFReport.storm(storm, context)
        let run = try JSONValue.parse(bytes.dropLast())["runs"]?[0]
        let notes = run?["invocations"]?[0]?["toolExecutionNotifications"]?.arrayValue ?? []
        let rules = run?["tool"]?["driver"]?["rules"]?.arrayValue ?? []
        #expect(notes.count == 2)
        for (note, name) in zip(notes, ["judged_by_model", "similar_in_meaning"]) {
            #expect(note["level"] == "note")
            #expect(note["associatedRule"]?["id"]?.stringValue == name)
            let place = Int(note["associatedRule"]?["index"]?.intValue ?? -1)
            try #require(rules.indices.contains(place))
            #expect(rules[place]["id"]?.stringValue == name)
        }
        let texts = notes.map { $0["message"]?["text"]?.stringValue ?? "" }
        #expect(texts.first?.contains(#"It names \[the\] order."#) == true, "\(texts)")
        #expect(texts.first?.hasSuffix(": 2 verdicts wait for a judge") == true, "\(texts)")
        #expect(texts.last?.hasSuffix(": 1 verdict waits for a judge") == true, "\(texts)")
        let region = notes.first?["locations"]?[0]?["physicalLocation"]?["region"]
        #expect(region?["startLine"] == 9)
        #expect(notes.last?["locations"] == nil)
        let found = run?["results"]?.arrayValue?.compactMap { $0["ruleId"]?.stringValue } ?? []
        #expect(found == ["no_repeated_side_effect"])
        try expectGolden("storm-waiting.sarif", bytes)
    }

    @Test("SARIF without anything that waits has no notes")
    func calm() throws {
        let bytes = SARIFReport.storm(try Sample.storm(), Hostile.context)
        #expect(try JSONValue.parse(bytes.dropLast())["runs"]?[0]?["invocations"] == nil)
    }
}
