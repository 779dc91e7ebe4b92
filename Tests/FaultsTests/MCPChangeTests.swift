import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("What faults of the Model Context Protocol leave as it was")
struct MCPChangeTests {
    private static let hinted =
        #"{ "jsonrpc": "2.0", "id": 3, "result": { "tools": [ { "name": "refund", "#
        + #""annotations": { "readOnlyHint": true, "destructiveHint": false } } ] } }"#

    @Test("a message that says the same already is not written anew")
    func blanks() {
        let listing = MCPSample.context("tools/list")
        let document = Sample.plain([Self.hinted])
        let event = Sample.plain(
            ["data: \(Self.hinted)\n\ndata: {}\n\n"], type: "text/event-stream",
            framing: .chunked)
        for recorded in [document, event] {
            let (delivery, outcome) = apply("mcp-annotation-lie", to: recorded, in: listing)
            #expect(
                outcome
                    == .inapplicable("the answer is already what the fault would make of it"))
            #expect(delivery == recorded)
        }
        #expect(
            apply("inj-tool-poison", to: document, in: listing).outcome == .fired)
    }

    @Test(
        "a tool that says the same already is not written anew",
        arguments: [
            ("mcp-is-error-result", #"{"content":[{"type":"text","text":"No."}],"isError":true}"#),
            ("memory-poison", #"{"content":[{"type":"text","text":"{ \"memory\": \"No.\" }"}]}"#),
        ])
    func results(id: String, result: String) {
        let text = #"{ "jsonrpc":"2.0","id":3,"result":\#(result)}"#
        let recorded = Sample.plain([text])
        let given = [JSONMember("message", "No."), JSONMember("text", "No.")]
        let (delivery, outcome) = apply(id, given, to: recorded, in: MCPSample.call())
        #expect(outcome != .fired)
        #expect(delivery == recorded)
    }

    @Test("a stream that is to be resumed ends with its mark, whatever identifiers it had")
    func marks() {
        let id = [JSONMember("variant", "duplicate")]
        var recorded = MCPSample.refund()
        let numbered = "id: 7\ndata: \(MCPSample.progress.encodedText())\n\n"
        recorded.body[0].bytes = Array(numbered.utf8)
        let (delivery, outcome) = apply("mcp-sse-resume", id, to: recorded, in: MCPSample.call())
        #expect(outcome == .fired)
        let mark = "id: stormtape/5/duplicate\nretry: 1000\ndata:\n\n"
        #expect(delivery.texts == [mark, numbered, mark])
        #expect(delivery.milliseconds == [5, 10, 10])
        // Without identifiers of its own the first mark is enough.
        let plain = apply("mcp-sse-resume", id, to: MCPSample.refund(), in: MCPSample.call())
        #expect(plain.delivery.texts.filter { $0 == mark }.count == 1)
    }

    @Test("noise in a response does not move what comes after it, nor what comes before")
    func instants() {
        let recorded = MCPSample.answer(
            [MCPSample.progress, MCPSample.response(MCPSample.refunded), MCPSample.progress],
            .lines)
        var merged = recorded
        merged.body = [
            recorded.body[0],
            Chunk(at: .milliseconds(30), bytes: recorded.body[1].bytes + recorded.body[2].bytes),
        ]
        for (before, milliseconds) in [(recorded, [10, 20, 30]), (merged, [10, 30, 30])] {
            for (id, parameter) in [
                ("mcp-stdout-noise", JSONMember("variant", "banner")),
                ("mcp-stdout-oversize-line", JSONMember("bytes", 1_024)),
            ] {
                let (delivery, outcome) = apply(
                    id, [parameter], to: before, in: MCPSample.call(stdio: true))
                #expect(outcome == .fired)
                #expect(delivery.milliseconds == milliseconds.map { Int64($0) }, "\(id)")
                #expect(delivery.body[0] == before.body[0])
                #expect(delivery.endAt == before.endAt)
                #expect(delivery.body.last?.bytes == recorded.body[2].bytes)
            }
        }
    }

    @Test(
        "what delivers the recorded response uses up its take",
        arguments: [
            ("mcp-server-request-flood", MCPEra.legacy, false),
            ("mcp-stderr-flood", .legacy, false), ("mcp-input-required", .legacy, false),
            ("mcp-input-required", .modern, true), ("mcp-rpc-error", .modern, true),
            ("mcp-rpc-error", .legacy, true), ("mcp-cancel-race", .legacy, false),
            ("tool-stale", .legacy, false), ("tool-error", .legacy, true),
        ])
    func takes(id: String, era: MCPEra, keeps: Bool) throws {
        let kind = try #require(FaultCatalogue.named(id))
        #expect(kind.keepsTake(of: MCPSample.call(era: era).interaction.request) == keeps)
    }

    @Test("signs of life stand beside other faults of the stream")
    func composed() throws {
        let call = MCPSample.call()
        let planned = try ["mcp-server-request-flood", "mcp-list-changed"].map { id in
            PlannedFault(
                fault: id,
                anchor: Anchor(
                    fingerprint: Fingerprint(Digest(hashing: [])), take: 1, attempt: 1,
                    upstream: "shop", call: 1),
                parameters: parameters(of: try #require(FaultCatalogue.named(id)), []))
        }
        let (delivery, fates) = Composer.compose(
            MCPSample.refund(), planned: planned, context: call)
        #expect(fates.map(\.fate) == [.fired, .fired])
        #expect(MCPSample.messages(delivery).count == 103)
    }
}
