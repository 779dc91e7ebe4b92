import Cassette
import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("A failing plan is explained")
struct ExplainTests {
    private static func explain(
        _ plan: Plan, history: Plan? = nil, width: Int = 1, options: ExplainOptions = .init(),
        _ fails: @escaping (Plan) -> Bool
    ) throws -> Explanation {
        let runner = ShrinkRunner(width: width, failing: fails)
        var explainer = Explainer(plan, history: history, runner: runner, options: options)
        return try explainer.explain()
    }

    private static func delay(_ milliseconds: Int64, call: Int = 1) -> PlannedFault {
        ShrinkFixture.fault(
            "ttfb-spike", call: call, [JSONMember("delay_ms", .int(milliseconds))])
    }

    @Test(
        "which numbers matter is told exactly, from whichever value it starts",
        arguments: [
            (0...86_400_000, 5_000, ParameterEffect.any),
            (29_991...86_400_000, 29_991, .atLeast(29_991, also: nil)),
            (29_991...86_400_000, 45_000, .atLeast(29_991, also: nil)),
            (1...1_234, 7, .atMost(1_234)), (1...1_234, 1_234, .atMost(1_234)),
            (1_000...9_999, 5_000, .within(1_000...9_999)), (77...77, 77, .only),
            (1...1, 1, .only),
        ] as [(ClosedRange<Int64>, Int64, ParameterEffect)])
    func numbers(failing: ClosedRange<Int64>, value: Int64, effect: ParameterEffect) throws {
        let found = try Self.explain(ShrinkFixture.plan([Self.delay(value)])) { plan in
            ShrinkFixture.number("delay_ms", at: 1, plan).map(failing.contains) ?? false
        }
        #expect(found.parameters.map(\.effect) == [effect])
        #expect(found.isComplete)
        #expect(found.needless.isEmpty)
    }

    @Test("the least value of a stall has its own meaning", arguments: [40_000, 0])
    func least(milliseconds: Int64) throws {
        let stall = ShrinkFixture.fault(
            "stalled-stream", call: 1,
            [JSONMember("at", 2), JSONMember("stall_ms", .int(milliseconds))])
        let found = try Self.explain(ShrinkFixture.plan([stall])) { plan in
            guard let stall = ShrinkFixture.number("stall_ms", at: 1, plan) else { return false }
            return stall == 0 || stall >= 30_001
        }
        #expect(found.parameters.map(\.name) == ["at", "stall_ms"])
        #expect(found.parameters.map(\.effect) == [.any, .atLeast(30_001, also: 0)])
        #expect(found.lines.contains("  stall_ms: only 0 ms, or from 30.001 s (30,001 ms) up."))
        #expect(
            found.nearest?.change == "with stall_ms of fault 1 at 30 s (30,000 ms)")
    }

    @Test("values that fail without any order are not told as a threshold")
    func holes() throws {
        let found = try Self.explain(ShrinkFixture.plan([Self.delay(500)])) { plan in
            // Five hundreds fail, then five pass, and so on.
            (ShrinkFixture.number("delay_ms", at: 1, plan) ?? 0) / 500 % 2 == 1
        }
        let meaning = try #require(found.parameters.first)
        #expect(meaning.effect == .within(500...999))
        #expect(meaning.elsewhere > 0)
        #expect(
            found.lines.contains(
                "  delay_ms: from 500 ms to 999 ms; but \(meaning.elsewhere) of "
                    + "\(meaning.tried) other values fail too."))
    }

    @Test(
        "a threshold is a time-out only within one millisecond of it",
        arguments: [
            (29_998, false), (29_999, true), (30_000, true), (30_001, true), (30_002, false),
        ] as [(Int64, Bool)])
    func deadlines(threshold: Int64, isTold: Bool) throws {
        let deadline = ObservedDeadline(
            anchor: ReachedAnchor(ordinal: 1, attempt: 1), steps: 0, length: .seconds(30),
            sinceRequest: .seconds(31))
        let runner = ShrinkRunner { plan in
            let delay = ShrinkFixture.number("delay_ms", at: 1, plan) ?? 0
            return ShrinkFixture.observation(
                plan, delay >= threshold ? ShrinkFixture.bug : nil,
                // Where the fault strikes nothing is seen of it.
                deadlines: plan.faults.isEmpty ? [deadline] : [])
        }
        var explainer = Explainer(ShrinkFixture.plan([Self.delay(50_000)]), runner: runner)
        let found = try explainer.explain()
        #expect(found.parameters.map(\.effect) == [.atLeast(threshold, also: nil)])
        #expect(found.parameters.first?.deadline == (isTold ? deadline : nil))
        #expect(found.lines.contains { $0.contains("time-out") } == isTold)
    }

    @Test("of two thresholds that of the last fault is the nearest way out")
    func nearest() throws {
        let plan = ShrinkFixture.plan([Self.delay(500, call: 1), Self.delay(700, call: 2)])
        let found = try Self.explain(plan) { plan in
            (1...2).allSatisfy { (ShrinkFixture.number("delay_ms", at: $0, plan) ?? 0) >= 90 }
        }
        #expect(found.nearest?.change == "with delay_ms of fault 2 at 89 ms")
        #expect(found.nearest?.plan.faults == [Self.delay(500, call: 1), Self.delay(89, call: 2)])
        #expect(found.nearest?.observation.verdict == .passed)
    }

    @Test("a value with which a fault cannot strike says nothing")
    func inapplicable() throws {
        let stall = ShrinkFixture.fault("stalled-stream", call: 1, [JSONMember("at", 3)])
        let runner = ShrinkRunner { plan in
            let at = ShrinkFixture.number("at", at: 1, plan) ?? 0
            guard at <= 6, !plan.faults.isEmpty else {
                return ShrinkFixture.observation(plan, nil, fates: [0: .inapplicable("no place")])
            }
            return ShrinkFixture.observation(plan, ShrinkFixture.bug)
        }
        var explainer = Explainer(
            ShrinkFixture.plan([stall]), runner: runner, options: ExplainOptions(draws: 40))
        let found = try explainer.explain()
        let meaning = try #require(found.parameters.first { $0.name == "at" })
        #expect(meaning.effect == .any)
        #expect((4...6).contains(meaning.tried))
    }

    @Test(
        "which words matter",
        arguments: [
            (["quota", "billing-limit"], ParameterEffect.any), (["quota"], .only),
        ])
    func words(failing: [String], effect: ParameterEffect) throws {
        let fault = ShrinkFixture.fault("quota-exhausted-429", call: 1)
        let found = try Self.explain(ShrinkFixture.plan([fault])) { plan in
            failing.contains {
                plan.faults.first?.parameters.value("variant") == .string($0)
            }
        }
        #expect(found.parameters.map(\.effect) == [effect])
        #expect(
            found.nearest?.change
                == (effect == .only
                    ? "with variant of fault 1 at \"billing-limit\""
                    : "without fault 1, quota-exhausted-429 at call 1 of llm"))
    }

    @Test(
        "at which attempts it fails",
        arguments: [
            ([1], [1, 2, 3], "Attempt: the first only."),
            ([1], [1], "Attempt: the first; a later one is not reached."),
            ([1, 2, 3], [1, 2, 3], "Attempt: any; it was tried at 1, 2, 3."),
            ([1, 3], [1, 2, 3], "Attempt: one of 1, 3."),
        ])
    func attempts(failing: [Int], reached: [Int], sentence: String) throws {
        let plan = ShrinkFixture.plan([ShrinkFixture.fault("overloaded-529", call: 1)])
        let runner = ShrinkRunner { plan in
            let attempt = plan.faults.first?.anchor.attempt ?? 0
            return ShrinkFixture.observation(
                plan, failing.contains(attempt) ? ShrinkFixture.bug : nil,
                fates: reached.contains(attempt) ? [:] : [0: .unreached])
        }
        var explainer = Explainer(plan, runner: runner)
        let found = try explainer.explain()
        #expect(found.lines.contains("  " + sentence))
    }

    @Test("an attempt that no agent makes is no reason to try as many", arguments: [5_000, .max])
    func farAttempts(own: Int) throws {
        let plan = ShrinkFixture.plan([
            ShrinkFixture.fault("overloaded-529", call: 1, attempt: own)
        ])
        let runner = ShrinkRunner { plan in
            let attempt = plan.faults.first?.anchor.attempt
            return ShrinkFixture.observation(
                plan, attempt == own ? ShrinkFixture.bug : nil,
                fates: attempt == own ? [:] : [0: .unreached])
        }
        var explainer = Explainer(
            plan, runner: runner, options: ExplainOptions(runsMax: 10_000))
        let found = try explainer.explain()
        #expect(found.attempts.map(\.failing) == [[own]])
        #expect(found.runs < 1_100)
    }

    @Test("the failure is inevitable from the fault after which no ending saves the run")
    func inevitability() throws {
        // The fourth fault decides; those before it open the way, those after it do nothing.
        let plan = ShrinkFixture.plan((1...8).map { Self.delay(1_000, call: $0) })
        let found = try Self.explain(plan, history: plan) { plan in
            ShrinkFixture.calls(plan).isSuperset(of: [2, 4])
        }
        #expect(found.needless == [0, 2, 4, 5, 6, 7])
        #expect(found.inevitableFrom == 4)
        #expect(found.order == Array(0..<8))
        #expect(found.inevitability.map(\.kept) == Array(0...8))
        for point in found.inevitability {
            #expect(point.endings >= 1)
            #expect((point.failing == point.endings) == (point.kept >= 4))
        }
        let line = try #require(found.lines.first { $0.hasPrefix("It became inevitable") })
        #expect(
            line.hasPrefix(
                "It became inevitable with the 4th of 8 faults, ttfb-spike at call 4 of llm: all "))
    }

    @Test("in a long history bisection finds that point", arguments: [1, 20, 47, 48])
    func longHistory(decisive: Int) throws {
        let history = ShrinkFixture.plan((1...48).map { Self.delay(1_000, call: $0) })
        let plan = ShrinkFixture.plan([Self.delay(1_000, call: decisive)])
        let found = try Self.explain(plan, history: history) { plan in
            ShrinkFixture.calls(plan).contains(decisive)
        }
        #expect(found.inevitableFrom == decisive)
        #expect(found.inevitability.count < 12)
    }

    @Test("the explanation does not depend on the number of workers", arguments: [2, 7, 100])
    func width(width: Int) throws {
        let plan = ShrinkFixture.plan([Self.delay(40_000), Self.delay(500, call: 2)])
        func fails(_ plan: Plan) -> Bool {
            (ShrinkFixture.number("delay_ms", at: 1, plan) ?? 0) > 30_000
                && (ShrinkFixture.number("delay_ms", at: 2, plan) ?? 0) > 17
        }
        for runsMax in [1_000, 4, 20, 45] {
            let options = ExplainOptions(runsMax: runsMax)
            let one = try Self.explain(plan, options: options, fails)
            let many = try Self.explain(plan, width: width, options: options, fails)
            #expect(one == many)
            #expect(one.isComplete == (runsMax == 1_000))
            #expect(one.runs <= runsMax)
        }
    }

    @Test("a plan that does not fail is not explained")
    func passes() throws {
        let found = try Self.explain(ShrinkFixture.plan(count: 2)) { _ in false }
        #expect(found.signature == nil)
        #expect(found.lines == ["The plan does not fail like this: the verdict is passed."])
    }

    @Test("of a plan whose runs differ nothing is said")
    func flaky() throws {
        var run = 0
        let runner = ShrinkRunner { plan in
            run += 1
            return ShrinkFixture.observation(plan, ShrinkFixture.bug, salt: "\(run)")
        }
        var explainer = Explainer(ShrinkFixture.plan(count: 1), runner: runner)
        let found = try explainer.explain()
        #expect(found.signature == nil)
        #expect(found.runs == 2)
        #expect(
            found.lines == [
                "The plan does not fail like this: the verdict is nondeterministic."
            ])
    }

    @Test("an agent that fails by itself needs no fault")
    func calm() throws {
        let found = try Self.explain(ShrinkFixture.plan([])) { _ in true }
        #expect(
            found.lines == [
                "It fails as violated refund_once.",
                "It needs no fault: the agent fails by itself.",
            ])
    }
}
