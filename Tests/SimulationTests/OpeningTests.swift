import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("Faults on the way to a connection")
struct OpeningTests {
    /// A world under the virtual clock, and what it said so far.
    private struct Stage {
        var world: World
        var actions: ActionBuffer = []

        init(_ tape: Tape, _ faults: [PlannedFault], exchangesMax: Int = 100) {
            world = World(
                tape: tape, plan: Fixture.plan(tape, faults),
                options: WorldOptions(clock: .virtual, exchangesMax: exchangesMax))
        }

        /// Tells these events and lets the world look at them.
        @discardableResult
        mutating func tell(_ events: WorldEvent...) -> ActionBuffer {
            actions = []
            for event in events + [.quiescent] { world.handle(event, into: &actions) }
            return actions
        }

        /// Answers everything that is under way.
        mutating func finish(_ id: Int) -> [ActionBuffer] {
            var all: [ActionBuffer] = []
            while !all.joined().contains(where: { Stage.isEnd($0, of: id) }), all.count < 100 {
                all.append(tell())
            }
            return all
        }

        static func isSend(_ action: WorldAction, of id: Int) -> Bool {
            guard case .send(ExchangeID(id), _, _) = action else { return false }
            return true
        }

        private static func isEnd(_ action: WorldAction, of id: Int) -> Bool {
            guard case .send(ExchangeID(id), .end, _) = action else { return false }
            return true
        }
    }

    private func asks(_ waiter: Int, _ step: OpeningStep = .connect, _ upstream: String = "llm")
        -> WorldEvent
    {
        .asks(.thread(WaiterID(waiter)), step, upstream: upstream)
    }

    @Test(
        "strike the step that they are for, and say how it ends",
        arguments: [
            ("connect-refused", OpeningStep.connect, OpeningResult.refused),
            ("connect-timeout", .connect, .silent), ("dns-failure", .lookUp, .noName),
            ("tls-handshake-fail", .handshake, .badCertificate(.expired)),
        ])
    func results(_ fault: String, _ step: OpeningStep, _ result: OpeningResult) throws {
        let isProxied = step == .handshake
        let tape = try Fixture.tenCalls(of: isProxied ? Fixture.proxied : Fixture.upstreams)
        var stage = Stage(tape, [Fixture.fault(fault, tape)])
        #expect(stage.world.openingSteps == [step])
        let other: OpeningStep = step == .connect ? .lookUp : .connect
        #expect(stage.tell(asks(1, other)) == [.answer(.thread(WaiterID(1)), .open)])
        #expect(stage.tell(asks(1, step)) == [.answer(.thread(WaiterID(1)), result)])
        #expect(stage.tell(asks(1, step)) == [.answer(.thread(WaiterID(1)), .open)])
        let met = stage.world.trace.exchanges
        #expect(met.map(\.ending) == [.unconnected])
        #expect(met.map(\.sideEffecting) == [false])
        #expect(met.flatMap(\.fired).map(\.fault) == [fault])
        #expect(met.first?.request == Fixture.chat("question 1"))
    }

    @Test("are a matter of each attempt, and the request that comes at last is the next one")
    func attempts() throws {
        let tape = try Fixture.tenCalls()
        let faults = (1...2).map { Fixture.fault("connect-refused", tape, attempt: $0) }
        var stage = Stage(
            tape, faults + [Fixture.fault("rate-limit-429", tape, attempt: 3)])
        for _ in 1...2 { #expect(stage.tell(asks(1)) == [.answer(.thread(WaiterID(1)), .refused)]) }
        #expect(stage.tell(asks(1)) == [.answer(.thread(WaiterID(1)), .open)])
        stage.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
        #expect(stage.world.trace.exchanges.map(\.attempt) == [1, 2, 3])
        #expect(stage.world.trace.exchanges.map(\.id.number) == [1, 2, 3])
        #expect(stage.world.trace.exchanges.last?.status == 429)
        #expect(stage.world.trace.unreached.isEmpty)
    }

    @Test("are answered one at a time, the thread that was born first at first")
    func order() throws {
        let tape = try Fixture.tenCalls()
        var stage = Stage(tape, [Fixture.fault("connect-refused", tape)])
        #expect(stage.tell(asks(7), asks(2)) == [.answer(.thread(WaiterID(2)), .refused)])
        #expect(stage.tell() == [.answer(.thread(WaiterID(7)), .open)])
    }

    @Test("strike tunnels as they do threads, which are answered first")
    func tunnels() throws {
        let tape = try Fixture.tenCalls(of: Fixture.proxied)
        let kinds = CertificateFlaw.allCases.map(\.rawValue) + ["proto"]
        let faults = zip(1..., kinds).map { attempt, kind in
            Fixture.fault(
                "tls-handshake-fail", tape, attempt: attempt,
                [JSONMember("kind", .string(kind))])
        }
        var stage = Stage(tape, faults)
        let tunnels = (1...4).map {
            WorldEvent.asks(.tunnel(5 - $0), .handshake, upstream: "llm")
        }
        for event in tunnels { stage.world.handle(event, into: &stage.actions) }
        #expect(stage.tell(asks(9)) == [.answer(.thread(WaiterID(9)), .open)])
        let results: [OpeningResult] =
            CertificateFlaw.allCases.map { .badCertificate($0) } + [.noVersion]
        for (number, result) in zip(1..., results) {
            #expect(stage.tell() == [.answer(.tunnel(number), result)])
        }
        #expect(stage.world.trace.exchanges.map(\.ending).allSatisfy { $0 == .unconnected })
        #expect(stage.world.trace.exchanges.map(\.attempt) == [1, 2, 3, 4])
    }

    @Test("leave other upstreams and calls alone, and make the agent open a connection for theirs")
    func otherCalls() throws {
        let tape = try Fixture.tenCalls()
        var stage = Stage(tape, [Fixture.fault("connect-refused", tape, ordinal: 3)])
        #expect(stage.tell(asks(1, .connect, "shop")) == [.answer(.thread(WaiterID(1)), .open)])
        #expect(stage.tell(asks(1)) == [.answer(.thread(WaiterID(1)), .open)])
        stage.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
        // While the first call is under way, a connection is for the second.
        let all = stage.finish(1)
        // The step that makes the answer whole is known as such by the take that it uses up.
        let whole = try #require(all.first { $0.contains(.takeConsumed) })
        let close = try #require(
            whole.firstIndex(of: .closeIdle(upstream: "llm", after: ExchangeID(1))))
        let send = try #require(whole.firstIndex { Stage.isSend($0, of: 1) })
        #expect(close < send)
        let isEarly = all.prefix { $0 != whole }.joined().contains(
            .closeIdle(upstream: "llm", after: ExchangeID(1)))
        #expect(!isEarly)
        #expect(stage.tell(asks(1)) == [.answer(.thread(WaiterID(1)), .refused)])
    }

    @Test("cannot strike a request that came over an open connection, and say so")
    func inapplicable() throws {
        let tape = try Fixture.tenCalls()
        var stage = Stage(tape, [Fixture.fault("connect-refused", tape)])
        stage.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
        let fault = try #require(stage.world.trace.exchanges.first?.faults.first)
        guard case .inapplicable(let reason) = fault.outcome else {
            Issue.record("the fault was \(fault.outcome)")
            return
        }
        #expect(reason.contains("virtual clock"))
    }

    @Test(
        "are for agents that take the step: connections to mounts, handshakes behind the proxy",
        arguments: [
            ("connect-refused", true, "reaches this host through the proxy"),
            ("tls-handshake-fail", false, "`record --proxy`"),
        ])
    func otherWays(_ fault: String, _ isProxied: Bool, _ reason: String) throws {
        let tape = try Fixture.tenCalls(of: isProxied ? Fixture.proxied : Fixture.upstreams)
        var stage = Stage(tape, [Fixture.fault(fault, tape, ordinal: 3)])
        #expect(stage.world.openingSteps.isEmpty)
        stage.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
        let closed = stage.finish(1).joined().contains {
            if case .closeIdle = $0 { true } else { false }
        }
        #expect(!closed)
        stage.tell(.request(ExchangeID(2), upstream: "llm", Fixture.chat("question 2")))
        let found = try #require(stage.world.trace.exchanges.last?.faults.first)
        guard case .inapplicable(let said) = found.outcome else {
            Issue.record("the fault was \(found.outcome)")
            return
        }
        #expect(said.contains(reason))
    }

    @Test("stop an agent that tries for ever")
    func endless() throws {
        let tape = try Fixture.tenCalls()
        var stage = Stage(
            tape, [Fixture.fault("connect-refused", tape, attempt: nil)], exchangesMax: 5)
        for _ in 1...5 { stage.tell(asks(1)) }
        #expect(stage.tell(asks(1)) == [.stop(.limit("more than 5 requests"))])
    }
}
