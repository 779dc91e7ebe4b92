import Cassette
import Determinism
import Faults
import Testing

/// Tapes on which one interaction has something to do with another.
enum NeighbourFixture {
    /// Interactions in this order, numbered from 1.
    static func tape(_ interactions: [Interaction]) -> Tape {
        var numbered = interactions
        for place in numbered.indices { numbered[place].ordinal = place + 1 }
        return ExpansionFixture.tape(of: numbered)
    }

    /// Messages of a user, one for each letter.
    static func messages(_ letters: String) -> [JSONValue] {
        letters.map { ["role": "user", "content": .string(String($0))] }
    }

    /// A call to a model that gets one document.
    static func chat(
        _ messages: [JSONValue], _ more: [JSONMember] = [], says text: String = "Yes.",
        id: String = "c1", status: Int = 200, path: String = "/v1/chat/completions"
    ) -> Interaction {
        let answer =
            #"{"id":"\#(id)","choices":[{"index":0,"message":{"role":"assistant","content":"#
            + #""\#(text)"},"finish_reason":"stop"}]}"#
        let body = JSONValue.object(
            [JSONMember("model", "m"), JSONMember("messages", .array(messages))] + more)
        return Interaction(
            ordinal: 1, upstream: "openai",
            request: RecordedRequest(method: "POST", target: path, body: body.encoded()),
            response: response(answer, status: status))
    }

    /// A call of a tool, at an instant, of a server that takes its time.
    static func call(
        _ order: String, at milliseconds: Int64 = 0, took: Int64 = 10, path: String = "/mcp",
        method: String = "tools/call", result: JSONValue? = nil
    ) -> Interaction {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 4, "method": .string(method),
            "params": ["name": "look", "arguments": ["order": .string(order)]],
        ]
        let answer = MCPSample.response(
            result ?? ["content": [["type": "text", "text": .string("order " + order)]]], id: 4)
        return Interaction(
            ordinal: 1, upstream: "shop",
            startedAt: SimInstant(nanoseconds: milliseconds * 1_000_000),
            request: RecordedRequest(method: "POST", target: path, body: message.encoded()),
            response: response(answer.encodedText(), endAt: .milliseconds(took)))
    }

    private static func response(
        _ body: String, status: Int = 200, endAt: SimDuration = .milliseconds(10)
    ) -> RecordedResponse {
        RecordedResponse(
            status: status, headers: [HeaderField("content-type", "application/json")],
            chunks: [Chunk(at: .zero, bytes: Array(body.utf8))], endAt: endAt)
    }

    /// The context of an interaction of a tape, which finds its neighbours there.
    static func context(_ tape: Tape, _ ordinal: Int) throws -> FaultContext {
        let index = NeighbourIndex()
        let own = try #require(
            try FaultContext(ordinal: ordinal, tape: tape, earlier: EarlierAnswers(tape)))
        return FaultContext(
            interaction: own.interaction, upstream: own.upstream, wire: own.wire,
            neighbour: { wanted in
                index.ordinal(wanted, of: ordinal, on: tape).flatMap { try? tape.interaction($0) }
            })
    }
}
