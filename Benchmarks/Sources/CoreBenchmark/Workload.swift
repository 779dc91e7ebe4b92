import Cassette
import Determinism
import Faults

/// A recorded session like that of a streaming agent: every call sends the whole conversation,
/// every answer comes as server-sent events.
struct Workload {
    static let callCount = 20
    static let chunkCount = 30

    let requests: [RecordedRequest]
    let tape: Tape

    init() throws {
        requests = (1...Workload.callCount).map(Workload.request)
        let interactions = requests.enumerated().map { index, request in
            Interaction(
                ordinal: index + 1, upstream: "model",
                startedAt: SimInstant(nanoseconds: Int64(index) * 1_000_000_000),
                request: request, response: Workload.response(call: index + 1))
        }
        let manifest = Manifest(
            toolVersion: "benchmark",
            upstreams: [
                Upstream(
                    name: "model", kind: .model, wireProtocol: "openai-chat",
                    address: "https://model.example/v1")
            ])
        tape = try Tape(MemoryStore(manifest: manifest, interactions: interactions))
    }

    /// Nothing goes wrong.
    var undisturbed: Plan { Plan(cassette: tape.hash) }

    /// Three faults that change deliveries and let the agent go on.
    func disturbed() throws -> Plan {
        try plan([("ttfb-spike", 4), ("duplicate-chunk", 10), ("chunk-merge", 16)])
    }

    /// One fault of each of these kinds at each of these calls.
    func plan(_ faults: [(kind: String, call: Int)]) throws -> Plan {
        let scenario = Scenario(
            name: "benchmark",
            faults: faults.map { kind, call in
                var selector = Selector()
                selector.call = call
                return FaultEntry(fault: kind, selector: selector)
            })
        return try Expansion.expand(scenario, seed: Seed(1), tape: tape).plan
    }

    private static func request(call: Int) -> RecordedRequest {
        var messages: [JSONValue] = [message("system", "You help customers of a shop.")]
        for turn in 1...call {
            messages.append(message("user", "Question \(turn): where is order A-\(1000 + turn)?"))
            guard turn < call else { break }
            messages.append(message("assistant", String(repeating: "It is on its way. ", count: 5)))
        }
        let body: JSONValue = .object([
            JSONMember("model", .string("example-model")), JSONMember("stream", .bool(true)),
            JSONMember("messages", .array(messages)),
        ])
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions",
            headers: [HeaderField("content-type", "application/json")], body: body.encoded())
    }

    private static func message(_ role: String, _ content: String) -> JSONValue {
        .object([JSONMember("role", .string(role)), JSONMember("content", .string(content))])
    }

    private static func response(call: Int) -> RecordedResponse {
        let head = "{\"id\":\"chatcmpl-\(call)\",\"object\":\"chat.completion.chunk\","
        var chunks = (1..<chunkCount).map { number -> Chunk in
            let choice = "{\"index\":0,\"delta\":{\"content\":\"word\(number) \"}}"
            let event = "data: \(head)\"choices\":[\(choice)]}\n\n"
            return Chunk(at: .milliseconds(Int64(200 + 20 * number)), bytes: Array(event.utf8))
        }
        let last = "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}"
        let end = "data: \(head)\"choices\":[\(last)]}\n\ndata: [DONE]\n\n"
        chunks.append(Chunk(at: .milliseconds(900), bytes: Array(end.utf8)))
        return RecordedResponse(
            status: 200, headers: [HeaderField("content-type", "text/event-stream")],
            headAt: .milliseconds(200), chunks: chunks, endAt: .milliseconds(901))
    }
}
