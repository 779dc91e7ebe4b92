import Cassette
import Determinism
import Foundation
import Importers
import Testing
import WireProtocols

@Suite("Conversations of other projects") struct ConversationCorpusTests {
    private static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]
    /// Each request is read by one protocol in so many besides its own.
    private static let step =
        ProcessInfo.processInfo.environment["STORMTAPE_TOTALITY"] == "all" ? 1 : 8

    @Test(
        "are read without harm, and every result in them finds its call",
        .enabled(if: path != nil, "set STORMTAPE_CORPUS to the folder of recorded traffic"),
        arguments: [
            ("go-vcr-docker-agent", 45, 8, 45), ("ruby-vcr-ruby_llm", 231, 97, 208),
            ("vcrpy-chatlas", 415, 148, 404), ("vcrpy-llm-anthropic", 27, 4, 27),
            ("traces-generated", 18, 9, 12),
        ])
    func folder(_ name: String, _ asked: Int, _ results: Int, _ counted: Int) throws {
        let root = URL(filePath: try #require(Self.path)).appending(path: name).path()
        let imported = Importer.run(
            try ImportFile.find([root]),
            options: ImportOptions(
                known: [], redactor: Redactor(RedactionRules()), toolVersion: "1.0"))
        var found = (asked: 0, results: 0, counted: 0)
        for interaction in imported.interactions {
            let request = interaction.request
            for (number, wire) in WireProtocols.all.enumerated()
            where (number + interaction.ordinal) % Self.step == 0 {
                _ = wire.conversation(of: request)
            }
            let upstream = imported.manifest.upstreams.first { $0.name == interaction.upstream }
            guard let wire = WireProtocols.of(request, upstream: upstream),
                !wire.id.hasSuffix("-resource")
            else { continue }
            let place: Comment = "\(wire.id) in \(name) at \(interaction.ordinal)"
            found.asked += 1
            let conversation = try #require(wire.conversation(of: request), place)
            found.results += check(conversation, request, place)
            guard let usage = usage(of: interaction, wire) else { continue }
            found.counted += 1
            #expect(usage.inputTokens > 0 && usage.outputTokens >= 0, place)
        }
        #expect(found == (asked, results, counted))
    }

    /// How many results there are.
    private func check(
        _ conversation: Conversation, _ request: RecordedRequest, _ place: Comment
    ) -> Int {
        let body = try? JSONValue.parse(request.body)
        let continues = body?["previous_response_id"]?.stringValue != nil
        var calls: Set<String> = []
        var results = 0
        for part in conversation.messages.flatMap(\.parts) {
            if case .toolCall(let call) = part { calls.insert(call.id) }
            guard case .toolResult(let result) = part else { continue }
            results += 1
            if let id = result.callID { #expect(continues || calls.contains(id), place) }
        }
        return results
    }

    private func usage(of interaction: Interaction, _ wire: any WireProtocol) -> AnswerUsage? {
        guard let response = interaction.response else { return nil }
        let framing = wire.framing(of: interaction.request, headers: response.headers)
        return wire.usage(of: response.body, framing: framing)
    }
}
