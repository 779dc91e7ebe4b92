import Cassette
import Faults
import Simulation
import Testing

@Suite("Notifications of the Model Context Protocol that no tape holds")
struct MCPNotificationTests {
    private static let progress = #"{"jsonrpc":"2.0","method":"notifications/progress"}"#
    private static let call =
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund"}}"#

    @Test(
        "are accepted, also as a batch; a batch with a call is not",
        arguments: [
            (progress, true), ("[\(progress),\(progress)]", true), ("[\(progress),\(call)]", false),
        ])
    func accepted(_ body: String, _ isAccepted: Bool) throws {
        let tape = try Fixture.tape([
            Fixture.interaction("shop", Fixture.tool("/orders"), Fixture.response(["{}"]))
        ])
        let request = RecordedRequest(
            method: "POST", target: "/mcp",
            headers: [HeaderField("mcp-protocol-version", "2025-03-26")], body: Array(body.utf8))
        var hand = Hand(tape, Fixture.plan(tape, offTape: .fail))
        hand.exchange(1, "shop", request)
        let record = try #require(hand.world.trace.exchanges.first)
        #expect((record.source == .protocolReply) == isAccepted)
        #expect((record.status == 202) == isAccepted)
    }
}
