import Cassette
import Determinism
import Faults
import Simulation
import Testing
import WireProtocols

@Suite("Runs in which one call gets what another one got")
struct NeighbourRunTests {
    private static func chat(_ texts: [String]) -> RecordedRequest {
        let roles = ["user", "assistant"]
        let messages = texts.enumerated().map { place, text -> JSONValue in
            ["role": .string(roles[place % 2]), "content": .string(text)]
        }
        let body: JSONValue = ["model": "m", "messages": .array(messages), "stream": true]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    private static func call(_ order: String, id: Int64) -> RecordedRequest {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": .int(id), "method": "tools/call",
            "params": ["name": "look", "arguments": ["order": .string(order)]],
        ]
        return RecordedRequest(method: "POST", target: "/mcp", body: message.encoded())
    }

    private static func result(_ order: String, id: Int64) -> String {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": .int(id),
            "result": ["content": [["type": "text", "text": .string("order " + order)]]],
        ]
        return message.encodedText()
    }

    /// A model that was asked the same twice and went on each time from what it had said.
    private static func model() throws -> Tape {
        try Fixture.tape([
            Fixture.interaction("llm", chat(["buy?"]), Fixture.stream(["Yes."])),
            Fixture.interaction("llm", chat(["buy?", "Yes.", "sure?"]), Fixture.stream(["Sure."])),
            Fixture.interaction("llm", chat(["buy?"]), Fixture.stream(["No."])),
            Fixture.interaction("llm", chat(["buy?", "No.", "sure?"]), Fixture.stream(["Quite."])),
        ])
    }

    private static func server() throws -> Tape {
        try Fixture.tape([
            Fixture.interaction("shop", call("x", id: 3), Fixture.response([result("x", id: 3)])),
            Fixture.interaction("shop", call("y", id: 4), Fixture.response([result("y", id: 4)])),
        ])
    }

    private func play(
        _ requests: [(upstream: String, request: RecordedRequest)], _ tape: Tape,
        _ faults: [PlannedFault]
    ) -> Trace {
        let plan = Fixture.plan(tape, faults, offTape: .fail)
        let trace = Fixture.run(ChatAgent(requests), tape, plan)
        #expect(Fixture.run(ChatAgent(requests), tape, plan).digest == trace.digest)
        return trace
    }

    /// The bodies that a world sends, one request after the other.
    private func bodies(
        _ requests: [(upstream: String, request: RecordedRequest)], _ tape: Tape,
        _ faults: [PlannedFault]
    ) -> [String] {
        var hand = Hand(tape, Fixture.plan(tape, faults))
        for (place, item) in requests.enumerated() {
            hand.exchange(place + 1, item.upstream, item.request)
        }
        return hand.sent.compactMap { step in
            if case .body(let bytes) = step { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    @Test("a changed answer on a retry uses up the take that was due, and no other")
    func changedAnswer() throws {
        let tape = try Self.model()
        let faults = [
            Fixture.fault("conn-reset-mid-body", tape, [.init("at_bytes", 20)]),
            Fixture.fault("changed-answer", tape, attempt: 2),
        ]
        let trace = play(
            [
                ("llm", Self.chat(["buy?"])), ("llm", Self.chat(["buy?", "No.", "sure?"])),
                ("llm", Self.chat(["buy?"])), ("llm", Self.chat(["buy?", "Yes.", "sure?"])),
            ], tape, faults)
        #expect(trace.firedFaults == faults)
        #expect(trace.exchanges.map(\.ordinal) == [1, 1, 4, 3, 2])
        #expect(trace.exchanges.map(\.attempt) == [1, 2, 1, 1, 1])
        #expect(trace.exchanges.map(\.consumed) == [false, true, true, true, true])
        #expect(
            trace.exchanges.dropFirst().map(\.answer?.text)
                == ["No.", "Quite.", "No.", "Sure."])
        #expect(trace.exchanges.map(\.source) == Array(repeating: .recorded, count: 5))
        #expect(trace.unplayed == [])
        #expect(trace.end == .exited(.code(0)))
    }

    @Test("a truncated history is answered anew, and the take that was due is used up")
    func historyTruncate() throws {
        let tape = try Self.model()
        let planned = Fixture.fault("history-truncate", tape, ordinal: 2)
        let requests = [["buy?"], ["buy?", "Yes.", "sure?"]].map { ("llm", Self.chat($0)) }
        let trace = play(requests, tape, [planned])
        #expect(trace.firedFaults == [planned])
        #expect(trace.exchanges.map(\.answer?.text) == ["Yes.", "Yes."])
        #expect(trace.exchanges.map(\.consumed) == [true, true])
        #expect(trace.unplayed == [3, 4])
        #expect(trace.digest != play(requests, tape, []).digest)
    }

    @Test("swapped responses have the identifiers that the agent used")
    func swapped() throws {
        let tape = try Self.server()
        let faults = [1, 2].map { Fixture.fault("mcp-swapped-responses", tape, ordinal: $0) }
        let requests = [("shop", Self.call("x", id: 30)), ("shop", Self.call("y", id: 40))]
        let trace = play(requests, tape, faults)
        #expect(trace.firedFaults == faults)
        #expect(trace.exchanges.map(\.consumed) == [true, true])
        #expect(
            bodies(requests, tape, faults) == [Self.result("y", id: 30), Self.result("x", id: 40)])
    }

    @Test("one call of two can get a result that is not its own")
    func swappedOnce() throws {
        let tape = try Self.server()
        let planned = Fixture.fault("mcp-swapped-responses", tape, ordinal: 2)
        let requests = [("shop", Self.call("x", id: 3)), ("shop", Self.call("y", id: 4))]
        #expect(
            bodies(requests, tape, [planned]) == [Self.result("x", id: 3), Self.result("x", id: 4)])
    }

    @Test("what has no neighbour is inapplicable, and the run is as without the fault")
    func inapplicable() throws {
        let chat = ("llm", Self.chat(["buy?"]))
        let call = ("shop", Self.call("x", id: 3))
        let tape = try Fixture.tape([
            Fixture.interaction("llm", chat.1, Fixture.stream(["Yes."])),
            Fixture.interaction("shop", call.1, Fixture.response([Self.result("x", id: 3)])),
        ])
        let table = [
            ("changed-answer", 1, "the cassette holds no other answer to this request"),
            (
                "history-truncate", 1,
                "no call was recorded that lacks only the last messages of this one, 1 or more"
            ),
            (
                "mcp-swapped-responses", 2,
                "no other call of this server was made along with this one"
            ),
        ]
        let calm = play([chat, call], tape, [])
        for (fault, ordinal, reason) in table {
            let planned = Fixture.fault(fault, tape, ordinal: ordinal)
            let trace = play([chat, call], tape, [planned])
            #expect(trace.exchanges[ordinal - 1].faults.map(\.outcome) == [.inapplicable(reason)])
            #expect(trace.digest == calm.digest)
        }
    }
}
