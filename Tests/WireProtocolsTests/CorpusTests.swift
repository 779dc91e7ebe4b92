import Foundation
import Testing
import WireProtocols

@Suite("Recorded events of real providers")
struct CorpusTests {
    @Test(
        "keep their bytes in every protocol, and no edit breaks them",
        .needsCorpus)
    func everyFile() throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Corpus.lists().path())
            .filter { $0.hasSuffix(".chunks.txt") }.sorted()
        #expect(!paths.isEmpty)
        let wires = WireProtocols.all.filter { $0.errorEvent(.server, framing: .sse) != nil }
        var edits: [String: Int] = [:]
        // Each list is read by some of the protocols, in turn, and by all where that is asked for.
        let asksForAll = ProcessInfo.processInfo.environment["STORMTAPE_TOTALITY"] == "all"
        let step = asksForAll ? 1 : 4
        for (place, path) in paths.enumerated() {
            let events = try Corpus.events(String(path.dropLast(".chunks.txt".count)))
            for (number, wire) in wires.enumerated() where (number + place) % step == 0 {
                // The lists leave out what the protocols of OpenAI's chat end with.
                let ended = events + [StreamEvent(data: "[DONE]")]
                edits[wire.id, default: 0] += check(ended, wire, path)
            }
        }
        for wire in wires { #expect((edits[wire.id] ?? 0) > 0, "\(wire.id)") }
    }

    /// How many edits there were.
    private func check(_ events: [StreamEvent], _ wire: any WireProtocol, _ path: String) -> Int {
        let bytes = StreamEvent.bytes(of: events)
        #expect(StreamFraming.sse.events(of: bytes) == events, "\(path)")
        let content = events.count { wire.role(of: $0).isContent }
        let edits = [
            wire.finishedForLength(events, contentEvents: content / 2), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: 0),
        ].compactMap { $0 }
        for edited in edits {
            let again = StreamEvent.bytes(of: edited)
            #expect(StreamFraming.sse.events(of: again) == edited, "\(wire.id) \(path)")
            let summary = wire.summary(of: again, framing: .sse)
            #expect(summary.terminated && summary.finishReason != nil, "\(wire.id) \(path)")
        }
        return edits.count
    }

    @Test(
        "say what they say",
        .needsCorpus,
        arguments: [
            ("groq/groq-tool-call", "tool_calls", 1),
            ("deepseek/chat/deepseek-tool-call", "tool_calls", 1),
            ("openai-compatible/chat/xai-tool-call", "tool_calls", 1),
            ("mistral/mistral-tool-call", "tool_calls", 1),
            ("openai/chat/openai-text", "stop", 0), ("openai/chat/azure-model-router.1", "stop", 0),
        ])
    func openAI(_ name: String, _ reason: String, _ calls: Int) throws {
        let events = try Corpus.events(name) + [StreamEvent(data: "[DONE]")]
        let summary = OpenAIChat().summary(of: StreamEvent.bytes(of: events), framing: .sse)
        #expect(summary.finishReason == reason)
        #expect(summary.toolCalls.count == calls)
        #expect(calls > 0 || !summary.text.isEmpty)
        #expect(OpenAIChat().emptied(events) != nil)
    }

    @Test(
        "of Anthropic say what they say",
        .needsCorpus,
        arguments: [
            ("anthropic/anthropic-text", "end_turn", 0),
            ("anthropic/anthropic-tool-no-args", "tool_use", 1),
            ("anthropic/anthropic-clear-thinking.1", "end_turn", 0),
        ])
    func anthropic(_ name: String, _ reason: String, _ calls: Int) throws {
        let events = try Corpus.events(name)
        let summary = AnthropicMessages().summary(of: StreamEvent.bytes(of: events), framing: .sse)
        #expect(summary.finishReason == reason)
        #expect(summary.toolCalls.count == calls)
        #expect(summary.terminated)
    }
}
