import Determinism
import Testing
import WireProtocols

@Suite("Recorded events of OpenAI responses")
struct OpenAIResponsesCorpusTests {
    let wire = OpenAIResponses()

    @Test(
        "say what they say, and so do their edits",
        .needsCorpus,
        arguments: [
            ("azure/azure-text.1", 0), ("azure/azure-tool-call.1", 1),
            ("azure/azure-web-search-preview-tool.1", 0),
            ("azure/azure-reasoning-encrypted-content.1", 1),
            ("open-responses/responses/lmstudio-tool-call.1", 1),
            ("openai/responses/openai-custom-tool.1", 1),
            ("openai/responses/github-copilot-id-rotation.1", 0),
            ("openai/responses/openai-mcp-tool.1", 0),
            ("openai/responses/openai-reasoning-encrypted-content.1", 1),
            ("openai/responses/openai-phase.1", 0), ("openai/responses/openai-tool-search.1", 1),
            ("openai/responses/openai-web-search-tool.1", 0),
            ("openai/responses/openai-compaction.1", 0),
            ("xai/responses/xai-web-search-tool.1", 0),
        ])
    func whole(_ name: String, _ calls: Int) throws {
        let events = try Corpus.events(name)
        let summary = wire.summary(of: StreamEvent.bytes(of: events), framing: .sse)
        #expect(summary.finishReason == "completed")
        #expect(summary.toolCalls.count == calls)
        #expect(calls > 0 || !summary.text.isEmpty)
        let cut = try #require(wire.finishedForLength(events, contentEvents: 1))
        let short = wire.summary(of: StreamEvent.bytes(of: cut), framing: .sse)
        #expect(short.finishReason == "max_output_tokens")
        #expect(summary.text.hasPrefix(short.text))
        // Some files hold several responses, of which only the first is read.
        let texts = events.prefix { !wire.finishes($0) }.count {
            if case .text = wire.role(of: $0) { true } else { false }
        }
        #expect(short.text != summary.text || texts < 2)
        // The response that ends the stream says the same as its pieces.
        #expect(try repeated(cut).text == short.text)
        let empty = try #require(wire.emptied(events))
        #expect(
            wire.summary(of: empty) == AnswerSummary(finishReason: "completed", terminated: true))
        #expect(try repeated(empty) == wire.summary(of: empty))
        guard let arguments = summary.toolCalls.last?.arguments, arguments.hasPrefix("{") else {
            return
        }
        let truncated = try #require(wire.toolArgumentsTruncated(events, members: 0))
        #expect(wire.summary(of: truncated).toolCalls.last?.arguments == "{")
        #expect(try repeated(truncated) == wire.summary(of: truncated))
    }

    /// What the whole response says in the event that ends the stream.
    private func repeated(_ events: [StreamEvent]) throws -> AnswerSummary {
        let end = try #require(events.first { wire.finishes($0) }?.json?["response"])
        return wire.summary(of: end)
    }

    @Test(
        "of an error are no whole answer",
        .needsCorpus)
    func failed() throws {
        let events = try Corpus.events("openai/responses/openai-error.1")
        #expect(wire.summary(of: events) == AnswerSummary())
        #expect(events.map(wire.role) == [.start, .other, .error, .error])
    }
}
