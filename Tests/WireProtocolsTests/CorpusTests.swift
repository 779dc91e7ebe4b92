import Foundation
import Testing
import WireProtocols

/// The folder of recorded traffic; tests that need it are skipped where it is not given.
private enum Corpus {
    static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]
    static let isGiven = path != nil
}

@Suite("Recorded events of real providers")
struct CorpusTests {
    @Test(
        "keep their bytes in every protocol, and no edit breaks them",
        .enabled(
            if: Corpus.isGiven, "set STORMTAPE_CORPUS to the folder of recorded traffic"))
    func everyFile() throws {
        let root = URL(filePath: try #require(Corpus.path)).appending(path: "sse-vercel-ai")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path())
            .filter { $0.hasSuffix(".chunks.txt") }.sorted()
        #expect(!paths.isEmpty)
        for path in paths {
            let data = try Data(contentsOf: root.appending(path: path))
            let lines = data.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            check(
                lines.map { StreamEvent(data: $0) } + [StreamEvent(data: "[DONE]")], OpenAIChat(),
                path)
            check(lines.map { StreamEvent(data: $0) }, AnthropicMessages(), path)
        }
    }

    private func check(_ events: [StreamEvent], _ wire: any WireProtocol, _ path: String) {
        let bytes = StreamEvent.bytes(of: events)
        #expect(StreamFraming.sse.events(of: bytes) == events, "\(path)")
        let content = events.count { wire.role(of: $0).isContent }
        let edits = [
            wire.finishedForLength(events, contentEvents: content / 2), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: 0),
        ]
        for case .some(let edited) in edits {
            let again = StreamEvent.bytes(of: edited)
            #expect(StreamFraming.sse.events(of: again) == edited, "\(path)")
            let summary = wire.summary(of: again, framing: .sse)
            #expect(summary.terminated && summary.finishReason != nil, "\(path)")
        }
    }

    @Test(
        "say what they say",
        .enabled(
            if: Corpus.isGiven, "set STORMTAPE_CORPUS to the folder of recorded traffic"),
        arguments: [
            ("groq/groq-tool-call", "tool_calls", 1),
            ("deepseek/chat/deepseek-tool-call", "tool_calls", 1),
            ("openai-compatible/chat/xai-tool-call", "tool_calls", 1),
            ("mistral/mistral-tool-call", "tool_calls", 1),
            ("openai/chat/openai-text", "stop", 0), ("openai/chat/azure-model-router.1", "stop", 0),
        ])
    func openAI(_ name: String, _ reason: String, _ calls: Int) throws {
        let events = try Self.events(name) + [StreamEvent(data: "[DONE]")]
        let summary = OpenAIChat().summary(of: StreamEvent.bytes(of: events), framing: .sse)
        #expect(summary.finishReason == reason)
        #expect(summary.toolCalls.count == calls)
        #expect(calls > 0 || !summary.text.isEmpty)
        #expect(OpenAIChat().emptied(events) != nil)
    }

    @Test(
        "of Anthropic say what they say",
        .enabled(
            if: Corpus.isGiven, "set STORMTAPE_CORPUS to the folder of recorded traffic"),
        arguments: [
            ("anthropic/anthropic-text", "end_turn", 0),
            ("anthropic/anthropic-tool-no-args", "tool_use", 1),
            ("anthropic/anthropic-clear-thinking.1", "end_turn", 0),
        ])
    func anthropic(_ name: String, _ reason: String, _ calls: Int) throws {
        let events = try Self.events(name)
        let summary = AnthropicMessages().summary(of: StreamEvent.bytes(of: events), framing: .sse)
        #expect(summary.finishReason == reason)
        #expect(summary.toolCalls.count == calls)
        #expect(summary.terminated)
    }

    private static func events(_ name: String) throws -> [StreamEvent] {
        let root = URL(filePath: try #require(Corpus.path)).appending(path: "sse-vercel-ai")
        let data = try Data(contentsOf: root.appending(path: name + ".chunks.txt"))
        return data.split(separator: 0x0A).map {
            StreamEvent(data: String(decoding: $0, as: UTF8.self))
        }
    }
}
