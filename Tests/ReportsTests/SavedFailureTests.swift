import Determinism
import Judgement
import Testing

@testable import Reports

@Suite("Saved failures in a storm's report")
struct SavedFailureTests {
    private func storm(_ runs: [RunSummary]) throws -> StormResult {
        var storm = try Sample.storm()
        storm.savedFailures = runs.map {
            SavedFailure(signature: "violated\u{1B}[2J", origin: "a.failure", run: $0)
        }
        return storm
    }

    @Test("the signature names verdict, gravest fault and what is broken")
    func signature() throws {
        #expect(
            try Sample.run(seed: 1).summary.failureSignature
                == "violated after lost-response-after-commit: no_repeated_side_effect")
        #expect(try Sample.run(seed: 1, fault: nil).summary.failureSignature == nil)
    }

    @Test("they are no part of the digest, and without them the reports are as ever")
    func apart() throws {
        let with = try storm([Sample.run(seed: 1).summary])
        let without = try storm([])
        #expect(with.digest == without.digest)
        #expect(JSONReport.storm(without)["saved_failures"] == nil)
        #expect(JSONReport.storm(with)["saved_failures"]?.arrayValue?.count == 1)
        #expect(!StormText.render(without, style: TextStyle()).contains("saved failure"))
    }

    @Test("the section counts outcomes, and shows those that need a look")
    func section() throws {
        var unreached = try Sample.run(seed: 2, fault: nil).summary
        unreached.planned = [Sample.planned("tool-timeout", upstream: "tools", call: 9)]
        var passing = try Sample.run(seed: 2, fault: nil).summary
        passing.planned = []
        let failing = try Sample.run(seed: 1).summary
        let text = StormText.render(
            try storm([failing, failing, passing, unreached]), style: TextStyle())
        #expect(
            text.contains("4 saved failures   2 still fails · 1 passes · 1 not reached"), "\(text)")
        #expect(text.contains("✗ still fails  violated␛[2J  from a.failure"), "\(text)")
        #expect(text.contains("reproduce: \(failing.reproduce)"))
        #expect(!text.unicodeScalars.contains("\u{1B}"))
    }

    @Test("JUnit has a suite of them, Markdown a table, and the storm's own counts stay")
    func otherFormats() throws {
        let failing = try Sample.run(seed: 1).summary
        let storm = try storm([failing])
        let own = try self.storm([])
        let xml = String(decoding: JUnitReport.storm(storm), as: UTF8.self)
        let ownXML = String(decoding: JUnitReport.storm(own), as: UTF8.self)
        #expect(xml.contains(": saved failures\" tests=\"1\" failures=\"1\""), "\(xml)")
        #expect(!ownXML.contains("saved failures"))
        #expect(
            xml.contains("<testsuites name=\"stormtape\" tests=\"\(own.runs.count + 1)\""))
        let markdown = String(decoding: MarkdownReport.storm(storm), as: UTF8.self)
        #expect(markdown.contains("| still fails | 1 |"))
        let ownMarkdown = String(decoding: MarkdownReport.storm(own), as: UTF8.self)
        #expect(!ownMarkdown.contains("saved failures"))
    }
}
