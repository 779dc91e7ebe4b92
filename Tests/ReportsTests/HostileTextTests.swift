import Determinism
import Faults
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("Whatever an agent writes, a report stays a report")
struct HostileTextTests {
    /// Every format with every text: the argument is a position in the list of texts.
    private static let indices = Array(Hostile.texts.indices)

    @Test("XML parses again and has the same cases", arguments: indices)
    func xml(index: Int) throws {
        let bytes = JUnitReport.storm(try Hostile.storm(Hostile.texts[index].text), Hostile.context)
        let root = try XMLCheck.parse(bytes)
        #expect(root.all("testcase").count == 3)
        #expect(root.all("failure").count == 2)
        #expect(Hostile.raw(bytes).allSatisfy { $0 == "\t" })
        #expect(!Hostile.contains("[[ATTACHMENT", in: bytes))
    }

    @Test("JSON formats parse again, without one raw control character", arguments: indices)
    func json(index: Int) throws {
        let storm = try Hostile.storm(Hostile.texts[index].text)
        let result = try Hostile.result(Hostile.texts[index].text)
        let reports = [
            CTRFReport.storm(storm, Hostile.context), SARIFReport.storm(storm, Hostile.context),
            PerfettoReport.storm(storm), JSONReport.bytes(JSONReport.storm(storm)),
            JSONReport.bytes(JSONReport.replay(result, exitCode: 1)),
            PerfettoReport.replay(
                result.summary, report: JSONReport.replay(result, exitCode: 1), scenario: "s"),
        ]
        for bytes in reports {
            #expect(bytes.last == 0x0A)
            #expect(throws: Never.self) { try JSONValue.parse(bytes.dropLast()) }
            #expect(Hostile.raw(bytes).isEmpty)
        }
    }

    @Test("the versioned JSON still says what the agent wrote", arguments: indices)
    func exact(index: Int) throws {
        let (_, text) = Hostile.texts[index]
        let storm = try JSONValue.parse(
            JSONReport.bytes(JSONReport.storm(try Hostile.storm(text))).dropLast())
        #expect(storm["runs"]?[0]?["reason"]?.stringValue == "reason: " + text)
        #expect(storm == JSONReport.storm(try Hostile.storm(text)).sortedByParsing)
    }

    @Test("annotations are one line for each, and each is ours", arguments: indices)
    func annotations(index: Int) throws {
        let bytes = AnnotationReport.storm(
            try Hostile.storm(Hostile.texts[index].text), Hostile.context)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1)
        for line in lines {
            #expect(line.hasPrefix("::error title=Stormtape%3A "))
            let parts = line.dropFirst(2).split(separator: "::", maxSplits: 1)
            #expect(parts[0].hasSuffix(",file=agents/storm.yaml,line=7"))
            #expect(!parts[0].contains("%2C,") && parts[0].split(separator: ",").count == 3)
        }
        #expect(Hostile.raw(bytes).isEmpty)
    }

    @Test("a delimiter with an accent, or behind a sign that joins it, is escaped as any other")
    func gluedDelimiters() throws {
        func glued(_ sign: String) -> String { "a\u{600}\(sign)\u{301}b" }
        #expect(!MarkdownText.cell(glued("|")).utf8.contains(UInt8(ascii: "|")))
        for text in ["`\u{301}x", "x\u{600}`"] {
            let bytes = Array(MarkdownText.code(text).utf8)
            #expect(bytes.starts(with: Array("`` ".utf8)))
            #expect(bytes.suffix(3) == Array(" ``".utf8)[...])
        }
        let xml = XMLText.content(glued("[[ATTACHMENT|x]]"))
        #expect(!Hostile.contains("[[ATTACHMENT", in: Array(xml.utf8)))

        var run = try Sample.run(seed: 1).summary
        run.invariants = run.invariants.map { result in
            var result = result
            result.message = glued("[") + glued("%") + glued("\n")
            return result
        }
        run.ruling.reason = run.invariants[1].message
        var context = Hostile.context
        context.scenarioFile = glued(",") + glued(":")
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: [run], exitCode: 1)
        let sarif = SARIFReport.storm(storm, context)
        #expect(Hostile.contains("\\\\[\u{301}", in: sarif))
        let line = AnnotationReport.storm(storm, context)
        #expect(Hostile.contains("%25\u{301}", in: line))
        #expect(Hostile.contains("%2C\u{301}", in: line))
        #expect(Hostile.contains("%3A\u{301}", in: line))
    }

    @Test("in Markdown nothing of it stands outside of code", arguments: indices)
    func markdown(index: Int) throws {
        let (_, text) = Hostile.texts[index]
        let bytes = MarkdownReport.storm(try Hostile.storm(text))
        #expect(Hostile.raw(bytes).isEmpty)
        let outside = MarkdownCheck.outside(String(decoding: bytes, as: UTF8.self))
        let calm = MarkdownCheck.outside(
            String(decoding: MarkdownReport.storm(try Hostile.storm("calm")), as: UTF8.self))
        #expect(outside == calm)
    }

    @Test("a line of ten megabytes and a letter with a million accents are cut")
    func long() throws {
        for text in [Hostile.long, Hostile.accents] {
            let storm = StormResult(
                cassette: Sample.cassette, scenario: "s", runs: [try Hostile.run(text)],
                exitCode: 1)
            let reports = [
                JUnitReport.storm(storm), MarkdownReport.storm(storm),
                AnnotationReport.storm(storm, Hostile.context),
                CTRFReport.storm(storm, Hostile.context), SARIFReport.storm(storm, Hostile.context),
                PerfettoReport.storm(storm),
            ]
            for bytes in reports { #expect(bytes.count < 200_000) }
        }
    }
}

extension JSONValue {
    /// The value as canonical text gives it back: its members in another order.
    fileprivate var sortedByParsing: JSONValue? {
        try? JSONValue.parse(canonical())
    }
}
