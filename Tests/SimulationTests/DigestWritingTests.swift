import Cassette
import Determinism
import Faults
import Simulation
import Testing

/// The digest is written straight as bytes; its definition is the list of events as JSON.
@Suite("The digest of a trace")
struct DigestWritingTests {
    private static func ofEvents(_ trace: Trace) -> Digest {
        var rolling = RollingDigest()
        for event in trace.digestEvents { rolling.append(event.canonical()) }
        return rolling.value
    }

    private static let steps: [(upstream: String, request: RecordedRequest)] = (1...5).flatMap {
        [("llm", Fixture.chat("question \($0)")), ("shop", Fixture.tool("/orders/\($0)"))]
    }

    @Test("is that of its events, whatever fault strikes")
    func faults() throws {
        let tape = try Fixture.tenCalls()
        var fired: [String] = []
        for id in FaultCatalogue.all.map(\.id) {
            let traces = DigestWritingTests.traces(with: id, tape)
            for trace in traces {
                #expect(trace.digest == DigestWritingTests.ofEvents(trace), "\(id)")
            }
            if traces.contains(where: { !$0.firedFaults.isEmpty }) { fired.append(id) }
        }
        // The others need what this tape has not.
        #expect(fired.count >= 110, "\(fired)")
    }

    /// Runs in which a fault is planned for a model's answer and for a tool's.
    private static func traces(with id: String, _ tape: Tape) -> [Trace] {
        let drawn = (FaultCatalogue.named(id)?.parameters ?? []).compactMap { spec in
            guard case .drawn = spec.defaultValue, case .integer(let range) = spec.domain
            else { return nil as JSONMember? }
            return JSONMember(spec.name, .int(min(max(1, range.lowerBound), range.upperBound)))
        }
        return [1, 2].compactMap { ordinal in
            let plan = Fixture.plan(
                tape, [Fixture.fault(id, tape, ordinal: ordinal, attempt: nil, drawn)])
            guard plan.faults.allSatisfy(isComplete) else { return nil }
            return Fixture.run(ChatAgent(steps, timeOut: .seconds(60)), tape, plan)
        }
    }

    /// Whether every parameter has a value in its domain.
    private static func isComplete(_ planned: PlannedFault) -> Bool {
        (FaultCatalogue.named(planned.fault)?.parameters ?? []).allSatisfy { spec in
            guard let value = planned.parameters.value(spec.name) else { return false }
            return switch spec.domain {
            case .integer(let range): value.intValue.map(range.contains) ?? false
            case .choice(let words): value.stringValue.map(words.contains) ?? false
            case .text: value.stringValue != nil
            }
        }
    }

    @Test("is that of its events, whatever the agent does")
    func agents() throws {
        let tape = try Fixture.tenCalls()
        let odd = "a \"b\" \\ \n \u{1} é 🎉"
        let scripts: [[AgentOutput]] = [
            [.exit(.signal(9))],
            [.write(.standardOutput, Array(odd.utf8)), .write(.standardError, [0xFF])],
            [.request(RequestTag(7), upstream: "llm", Fixture.chat(odd))],
            [.request(RequestTag(-1), upstream: "nobody", Fixture.tool("/\(odd)?q=1"))],
            [
                .request(RequestTag(3), upstream: "llm", Fixture.chat("question 1")),
                .request(RequestTag(4), upstream: "shop", Fixture.tool("/orders/1")),
                .startTimer(WaiterID(-5), after: .milliseconds(25)), .cancel(RequestTag(4)),
            ],
            [.startTimer(WaiterID(1), after: SimDuration(nanoseconds: .max))],
        ]
        for script in scripts {
            let agent = ScriptAgent { input, _ in
                switch input {
                case .started: script
                case .timer: [.cancel(RequestTag(3)), .exit(.code(1))]
                default: []
                }
            }
            let trace = Fixture.run(agent, tape, Fixture.plan(tape, offTape: .nearest))
            #expect(trace.digest == DigestWritingTests.ofEvents(trace))
        }
    }

    @Test("is that of its events for an agent that is asked")
    func asked() throws {
        let tape = try Fixture.tenCalls()
        let question = RecordedRequest(method: "POST", target: "/é", body: Array("{}".utf8))
        var hand = Hand(
            tape, Fixture.plan(tape),
            options: WorldOptions(
                clock: .virtual,
                questions: Questions(port: 8080, ready: "/health", requests: [question])))
        func replied(_ status: Int) -> WorldEvent {
            .inquiry(.replied(Reply(isWhole: true, status: status, body: Array("\"ü\n".utf8))))
        }
        for event in [
            .inquiry(.started), .inquiry(.listens), .quiescent, replied(503), .quiescent,
            replied(200), .quiescent, replied(404), .quiescent, .exited(.signal(15)),
        ] { hand.tell(event) }
        let trace = hand.world.trace
        #expect(trace.end == .dismissed(.signal(15)))
        #expect(trace.asked.map(\.status) == [404])
        #expect(trace.digest == DigestWritingTests.ofEvents(trace))
    }

    @Test("is that of its events for a trace that was put together by hand")
    func byHand() throws {
        var trace = Trace(cassette: Digest(hashing: []), clock: .virtual)
        for number in [2, 1, 2] {
            trace.exchanges.append(
                ExchangeRecord(
                    id: ExchangeID(number), upstream: "llm", kind: .model,
                    request: Fixture.chat("\(number)"),
                    fingerprint: Fingerprint(Digest(hashing: [1])), arrivedAt: .zero))
        }
        let events: [TraceEvent] = [
            .request(ExchangeID(1)), .request(ExchangeID(9)), .agentClosed(ExchangeID(0)),
            .step(ExchangeID(9), index: 3), .foreign("10.0.0.1:80"), .woke(WaiterID(1)),
            .ended(.stopped(.hung)), .output(.standardError, byteCount: 3),
        ]
        for event in events { trace.append(event, at: SimInstant(nanoseconds: -7)) }
        #expect(trace.digest == DigestWritingTests.ofEvents(trace))
        #expect(trace.log.map(\.event) == events)
        trace.exchanges = []
        #expect(trace.digest == DigestWritingTests.ofEvents(trace))
    }
}
