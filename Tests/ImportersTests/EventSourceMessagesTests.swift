import Cassette
import Determinism
import Testing

@testable import Importers

@Suite("Messages that a browser lists beside a stream") struct EventSourceMessagesTests {
    private static let two = """
        {"time": 1795413160.125, "eventName": "message", "eventId": "", "data": "one"},
        {"time": 1795413160.375, "eventName": "end", "eventId": "7", "data": "two\\nlines"}
        """

    private func interaction(
        _ messages: String, _ text: String?
    ) throws -> (Interaction, ImportReport, Manifest) {
        let result = try imported([("a.har", Sample.har(messages: messages, text: text))])
        return (try #require(result.interactions.first), result.report, result.manifest)
    }

    @Test("say when each event of the body arrived, comments with the next one")
    func times() throws {
        let (interaction, report, manifest) = try interaction(
            Self.two, #": hello\n\n"# + Self.twoEvents)
        let response = try #require(interaction.response)
        #expect(response.chunks.map(\.at) == [125, 125, 375].map(SimDuration.milliseconds))
        #expect(response.headAt == .milliseconds(40))
        #expect(response.endAt == .milliseconds(500))
        #expect(text(response.chunks.first?.bytes) == ": hello\n\n")
        #expect(report.warnings.isEmpty)
        #expect(!manifest.fidelity.contains("timing-reconstructed"))
    }

    @Test("stand for a body that the archive has not")
    func body() throws {
        let (interaction, report, _) = try interaction(Self.two, nil)
        let response = try #require(interaction.response)
        #expect(
            response.chunks.map { text($0.bytes) } == [
                "data: one\n\n", "event: end\nid: 7\ndata: two\ndata: lines\n\n",
            ])
        #expect(response.chunks.map(\.at) == [125, 375].map(SimDuration.milliseconds))
        #expect(report.warnings.isEmpty)
        #expect(report.refusals.isEmpty)
    }

    @Test(
        "that are not those of the body, or before the request, change nothing",
        arguments: [
            (two, #"data: one\n\n"#, 1),
            (two.replacing("1795413160.125", with: "1795413159.9"), twoEvents, 0),
            (two.replacing("1795413160.125", with: "1795413160.4"), twoEvents, 0),
            (two.replacing("1795413160.125", with: #""soon""#), twoEvents, 0),
            ("", twoEvents, 0),
        ])
    func ignored(_ messages: String, _ body: String, _ warnings: Int) throws {
        let (interaction, report, _) = try interaction(messages, body)
        let (without, _, _) = try self.interaction("", body)
        #expect(interaction == without)
        #expect(report.warnings.count == warnings)
    }

    private static let twoEvents = #"data: one\n\nevent: end\ndata: two\ndata: lines\n\n"#

    @Test("of several lines end each of them as a client splits them")
    func lines() throws {
        let (interaction, _, _) = try interaction(
            #"{"time": 1795413160.125, "data": "a\r\nb\rc\u2028d\n"}"#, nil)
        #expect(
            text(interaction.response?.chunks.first?.bytes)
                == "data: a\ndata: b\ndata: c\u{2028}d\ndata: \n\n")
    }
}
