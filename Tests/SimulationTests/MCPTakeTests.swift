import Cassette
import Determinism
import Faults
import Simulation
import Testing
import WireProtocols

@Suite("When the take of a call of the Model Context Protocol is consumed")
struct MCPTakeTests {
    struct Case: Sendable {
        var fault: String
        var variant: String?
        var era = MCPEra.legacy
        var isStdio = false
        var method = "tools/call"
        var consumed: Bool
    }

    static let cases = [
        Case(fault: "mcp-server-request-flood", consumed: true),
        Case(
            fault: "mcp-server-request-flood", variant: "ping-unanswered", method: "ping",
            consumed: false),
        Case(fault: "mcp-stderr-flood", isStdio: true, consumed: true),
        Case(fault: "mcp-input-required", consumed: true),
        Case(fault: "mcp-input-required", variant: "never-satisfied", consumed: false),
        Case(fault: "mcp-input-required", era: .modern, consumed: false),
        Case(fault: "mcp-rpc-error", consumed: false),
        Case(fault: "mcp-is-error-result", consumed: true),
    ]

    private static func tape(_ item: Case) throws -> Tape {
        let isModern = item.era == .modern
        var headers: HeaderFields = []
        if !item.isStdio {
            headers.append("mcp-protocol-version", isModern ? "2026-07-28" : "2025-11-25")
            if !isModern { headers.append("mcp-session-id", "s1") }
        }
        let params: JSONValue = ["name": "refund", "arguments": ["cents": 5]]
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 3, "method": .string(item.method), "params": params,
        ]
        let answer: JSONValue = [
            "jsonrpc": "2.0", "id": 3, "result": ["content": [["type": "text", "text": "paid"]]],
        ]
        let text = answer.encodedText()
        let type = item.isStdio ? "application/x-ndjson" : "text/event-stream"
        let interaction = Interaction(
            ordinal: 1, upstream: "shop",
            request: RecordedRequest(
                method: "POST", target: "/mcp", headers: headers, body: message.encoded()),
            response: RecordedResponse(
                status: 200, headers: [HeaderField("content-type", type)],
                chunks: [
                    Chunk(
                        at: .milliseconds(5),
                        bytes: Array((item.isStdio ? text + "\n" : "data: \(text)\n\n").utf8))
                ], endAt: .milliseconds(5)))
        let shop = Upstream(
            name: "shop", kind: .tool,
            address: item.isStdio ? MCP.stdioScheme : "https://shop.example/mcp")
        return try Tape(
            MemoryStore(
                manifest: Manifest(toolVersion: "1", upstreams: [shop]),
                interactions: [interaction]))
    }

    @Test("it is when the recorded response came, whatever came with it", arguments: cases.indices)
    func takes(index: Int) throws {
        let item = Self.cases[index]
        let tape = try Self.tape(item)
        let given = item.variant.map { [JSONMember("variant", .string($0))] } ?? []
        let planned = Fixture.fault(item.fault, tape, given)
        var hand = Hand(tape, Fixture.plan(tape, [planned], offTape: .fail))
        hand.exchange(1, "shop", try tape.interaction(1).request)
        #expect(hand.world.trace.exchanges[0].fired == [planned])
        #expect(hand.world.trace.exchanges[0].consumed == item.consumed)
    }
}
