import Cassette
import Determinism
import Faults
import Testing

@Suite("Faults that give what another interaction got")
struct NeighbourFaultTests {
    private static func run(
        _ id: String, _ given: [JSONMember] = [], on tape: Tape, _ ordinal: Int
    ) throws -> (delivery: Delivery, outcome: FaultOutcome) {
        let context = try NeighbourFixture.context(tape, ordinal)
        return apply(id, given, to: Delivery(context.interaction), in: context)
    }

    private static func expand(_ entry: FaultEntry, _ tape: Tape) throws -> ExpansionResult {
        try Expansion.expand(
            Scenario(name: "s", faults: [entry]), seed: Seed(1), tape: tape)
    }

    @Test("a changed answer is the other recorded one, byte for byte")
    func changedAnswer() throws {
        let question = NeighbourFixture.messages("q")
        let said = ["A", "B", "C"].map { NeighbourFixture.chat(question, says: $0) }
        let tape = NeighbourFixture.tape(said)
        for (alternate, ordinal) in [(1, 2), (2, 3)] {
            let (delivery, outcome) = try Self.run(
                "changed-answer", [JSONMember("alternate", .int(Int64(alternate)))], on: tape, 1)
            #expect(outcome == .fired)
            #expect(delivery == Delivery(try tape.interaction(ordinal)))
        }
    }

    @Test("without enough other answers nothing changes")
    func noChangedAnswer() throws {
        let question = NeighbourFixture.messages("q")
        let pair = NeighbourFixture.tape([
            NeighbourFixture.chat(question, says: "A"), NeighbourFixture.chat(question, says: "B"),
        ])
        let same = NeighbourFixture.tape([
            NeighbourFixture.chat(question, id: "c1"), NeighbourFixture.chat(question, id: "c2"),
        ])
        let failed = NeighbourFixture.tape([NeighbourFixture.chat(question, status: 500)])
        let none = "the cassette holds no other answer to this request"
        let few = "the cassette holds fewer than 2 other answers to this request"
        let due = "the answer that is due is an error, or is not whole"
        let retried = NeighbourFixture.tape([
            NeighbourFixture.chat(question, status: 500),
            NeighbourFixture.chat(question, says: "B"),
        ])
        let table = [
            (pair, 2, few), (same, 1, none), (failed, 1, due), (retried, 1, due),
        ]
        for (tape, alternate, reason) in table {
            let (delivery, outcome) = try Self.run(
                "changed-answer", [JSONMember("alternate", .int(Int64(alternate)))], on: tape, 1)
            #expect(outcome == .inapplicable(reason))
            #expect(delivery == Delivery(try tape.interaction(1)))
        }
    }

    @Test("a truncated history is answered as it was answered then")
    func historyTruncate() throws {
        let tape = NeighbourFixture.tape(
            ["a", "abc", "abcde"].map {
                NeighbourFixture.chat(NeighbourFixture.messages($0), says: "After \($0).")
            })
        for (messages, ordinal) in [(1, 2), (3, 1)] {
            let (delivery, outcome) = try Self.run(
                "history-truncate", [JSONMember("messages", .int(Int64(messages)))], on: tape, 3)
            #expect(outcome == .fired)
            #expect(delivery == Delivery(try tape.interaction(ordinal)))
        }
        let first = try Self.run("history-truncate", on: tape, 1)
        #expect(
            first.outcome
                == .inapplicable(
                    "no call was recorded that lacks only the last messages of this one, "
                        + "1 or more"))
    }

    @Test("an answer in another form, or one that says the same, is not given")
    func otherForm() throws {
        let (short, long) = (NeighbourFixture.messages("a"), NeighbourFixture.messages("ab"))
        var stream = NeighbourFixture.chat(short, [JSONMember("stream", true)])
        stream.response?.headers = [HeaderField("content-type", "text/event-stream")]
        stream.response?.chunks = [Chunk(at: .zero, bytes: Array(Sample.event("x").utf8))]
        let same = NeighbourFixture.chat(short)
        let failed = NeighbourFixture.chat(long, says: "No.", status: 500)
        let table = [
            (stream, NeighbourFixture.chat(long), "is framed in another way"),
            (same, NeighbourFixture.chat(long), "says the same"),
            (same, failed, "that is due is an error, or is not whole"),
        ]
        for (earlier, late, end) in table {
            let (_, outcome) = try Self.run(
                "history-truncate", on: NeighbourFixture.tape([earlier, late]), 2)
            guard case .inapplicable(let reason) = outcome else {
                Issue.record("fired, though the answer \(end)")
                continue
            }
            #expect(reason.hasSuffix(end))
        }
    }

    @Test("a swapped response has the identifier of its request and the other result")
    func swapped() throws {
        let tape = NeighbourFixture.tape(["x", "y"].map { NeighbourFixture.call($0) })
        for (ordinal, text) in [(1, "order y"), (2, "order x")] {
            let (delivery, outcome) = try Self.run("mcp-swapped-responses", on: tape, ordinal)
            #expect(outcome == .fired)
            let expected = MCPSample.response(
                ["content": [["type": "text", "text": .string(text)]]], id: 4)
            #expect(delivery.text == expected.encodedText())
        }
    }

    @Test("a stream keeps all but the result of its response")
    func swappedStream() throws {
        let other = NeighbourFixture.call("y")
        let own = MCPSample.call()
        let context = FaultContext(
            interaction: own.interaction, upstream: own.upstream, wire: nil,
            neighbour: { $0 == .companion ? other : nil })
        let result: JSONValue = ["content": [["type": "text", "text": "order y"]]]
        for form in [MCPSample.Form.events, .lines] {
            let (delivery, outcome) = apply(
                "mcp-swapped-responses", to: MCPSample.refund(form), in: context)
            #expect(outcome == .fired)
            #expect(
                MCPSample.messages(delivery) == [MCPSample.progress, MCPSample.response(result)])
        }
    }

    @Test(
        "calls without a companion, or with one that helps nothing, stay as they are",
        arguments: [
            (["x"], nil, "no other call of this server was made along with this one"),
            (["x", "y"], ["content": []], "the other call has the same result"),
        ] as [([String], JSONValue?, String)])
    func notSwapped(orders: [String], result: JSONValue?, reason: String) throws {
        let tape = NeighbourFixture.tape(orders.map { NeighbourFixture.call($0, result: result) })
        let (delivery, outcome) = try Self.run("mcp-swapped-responses", on: tape, 1)
        #expect(outcome == .inapplicable(reason))
        #expect(delivery == Delivery(try tape.interaction(1)))
        let list = NeighbourFixture.tape([NeighbourFixture.call("x", method: "tools/list")])
        #expect(
            try Self.run("mcp-swapped-responses", on: list, 1).outcome
                == .inapplicable("the request is tools/list, not tools/call"))
    }

    @Test(
        "expands with its default or the given number",
        arguments: [("changed-answer", "alternate"), ("history-truncate", "messages")])
    func expansion(fault: String, parameter: String) throws {
        let tape = NeighbourFixture.tape(
            ["A", "B"].map { NeighbourFixture.chat(NeighbourFixture.messages("q"), says: $0) })
        var entry = FaultEntry(fault: fault)
        let plain = try Self.expand(entry, tape).plan.faults
        #expect(plain.map(\.anchor.take) == [1, 2])
        #expect(plain.map { $0.parameters.integer(parameter) } == [1, 1])
        entry.settings = [(name: parameter, setting: .fixed(2))]
        let given = try Self.expand(entry, tape).plan.faults
        #expect(given.map { $0.parameters.integer(parameter) } == [2, 2])
        entry.settings = [(name: parameter, setting: .fixed(0))]
        #expect(throws: ExpansionError.self) { try Self.expand(entry, tape) }
    }
}
