import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Which values faults need")
struct ShrinkParametersTests {
    /// A rule over the number of one parameter.
    struct Rule: Sendable, CustomTestStringConvertible {
        let text: String
        let holds: @Sendable (Int64) -> Bool

        init(_ text: String, _ holds: @escaping @Sendable (Int64) -> Bool) {
            self.text = text
            self.holds = holds
        }

        var testDescription: String { text }
    }

    private static func shrink(
        _ fault: PlannedFault, width: Int = 1, _ fails: @escaping (PlannedFault) -> Bool
    ) throws -> ShrinkResult {
        let runner = ShrinkRunner(width: width) { plan in
            plan.faults.first.map(fails) ?? false
        }
        var shrinker = Shrinker(ShrinkFixture.plan([fault]), runner: runner)
        return try shrinker.shrink()
    }

    @Test(
        "a number becomes the usual one, the smallest, or that of its threshold, to one unit",
        arguments: [
            // Fault, parameter, value, which values fail, what is left
            ("ttfb-spike", "delay_ms", 45_000, Rule("over 29,990", { $0 > 29_990 }), 29_991),
            ("ttfb-spike", "delay_ms", 86_400_000, Rule("from 1", { $0 >= 1 }), 30_000),
            ("ttfb-spike", "delay_ms", 77, Rule("77 only", { $0 == 77 }), 77),
            ("ttfb-spike", "delay_ms", 77, Rule("from 2", { $0 >= 2 }), 2),
            ("ttfb-spike", "delay_ms", 9, Rule("up to 1,234", { $0 <= 1_234 }), 1_234),
            ("ttfb-spike", "delay_ms", 900, Rule("64 to 1,000", { (64...1_000) ~= $0 }), 64),
            // A stall of 0 never ends: it is not less than one of 1 ms.
            (
                "stalled-stream", "stall_ms", 45_000, Rule("0 or over 9", { $0 == 0 || $0 > 9 }),
                10
            ),
            (
                "stalled-stream", "stall_ms", 0,
                Rule("0 or over 30,000", { $0 == 0 || $0 > 30_000 }), 30_001
            ),
            ("stalled-stream", "stall_ms", 0, Rule("0 only", { $0 == 0 }), 0),
            ("stalled-stream", "stall_ms", 500, Rule("any", { _ in true }), 0),
            // A slow trickle is the worse, the fewer bytes come.
            ("slow-drip", "bytes_per_second", 10, Rule("up to 333", { $0 <= 333 }), 333),
            ("slow-drip", "bytes_per_second", 10, Rule("any", { _ in true }), 10),
            // A status is no quantity.
            ("server-error", "code", 599, Rule("any", { _ in true }), 500),
            ("server-error", "code", 503, Rule("503 only", { $0 == 503 }), 503),
            ("server-error", "code", 599, Rule("not 500", { $0 != 500 }), 501),
            ("server-error", "code", 529, Rule("from 520", { $0 >= 520 }), 520),
            // A place is none either.
            ("stalled-stream", "at", 17, Rule("from 5", { $0 >= 5 }), 5),
            ("stalled-stream", "at", 17, Rule("any", { _ in true }), 0),
            ("stalled-stream", "at", 17, Rule("17 only", { $0 == 17 }), 17),
        ])
    func numbers(id: String, name: String, value: Int64, rule: Rule, expected: Int64) throws {
        let fault = ShrinkFixture.fault(
            id, call: 1, [JSONMember(name, .int(value)), JSONMember("at", 0)])
        for width in [1, 5] {
            let result = try Self.shrink(fault, width: width) { fault in
                fault.fault == id
                    && fault.parameters.value(name)?.intValue.map(rule.holds) == true
            }
            let left = try #require(result.plan.faults.first)
            #expect(left.parameters.value(name)?.intValue == expected)
            #expect(result.isMinimal)
            #expect(result.runs < 80)
        }
    }

    @Test("two thresholds that depend on each other are both exact")
    func sum() throws {
        let plan = ShrinkFixture.plan(
            [1, 2].map { call in
                ShrinkFixture.fault("ttfb-spike", call: call, [JSONMember("delay_ms", 40_000)])
            })
        let runner = ShrinkRunner { plan in
            let delays = [1, 2].map { ShrinkFixture.number("delay_ms", at: $0, plan) ?? 0 }
            return delays[0] + delays[1] > 60_000 && delays.allSatisfy { $0 > 100 }
        }
        var shrinker = Shrinker(plan, runner: runner)
        let result = try shrinker.shrink()
        #expect(result.isMinimal)
        #expect(ShrinkFixture.number("delay_ms", at: 1, result.plan) == 20_001)
        #expect(ShrinkFixture.number("delay_ms", at: 2, result.plan) == 40_000)
    }

    /// Failing combinations that are drawn at random: no value has anything to do with the next.
    @Test("of any failure the result fails, and needs each fault", arguments: UInt64(0)..<30)
    func irregular(trial: UInt64) throws {
        let given = ShrinkFixture.plan(
            (1...4).flatMap { call in
                [
                    ShrinkFixture.fault(
                        "ttfb-spike", call: call, [JSONMember("delay_ms", .int(900 + Int64(trial)))]
                    ),
                    ShrinkFixture.fault(
                        "server-error", call: call, attempt: 2, [JSONMember("code", 511)]),
                ]
            }, order: 3)
        func fails(_ plan: Plan) -> Bool {
            let seed = Seed(ShrinkFixture.observation(plan, nil).digest.prefix64 &+ trial)
            return plan == given
                || KeyedRandom(seed: seed, callID: plan.order.rawValue, take: 0, attempt: 0)
                    .below(3, .parameter) == 0
        }
        let runner = ShrinkRunner(failing: fails)
        var shrinker = Shrinker(given, runner: runner, options: ShrinkOptions(singlesMax: 0))
        let result = try shrinker.shrink()
        #expect(fails(result.plan))
        #expect(result.plan.faults.count < given.faults.count)
        for place in result.plan.faults.indices where result.isMinimal {
            var smaller = result.plan
            smaller.faults.remove(at: place)
            #expect(!fails(smaller))
        }
        #expect(result.observation == ShrinkFixture.observation(result.plan, ShrinkFixture.bug))
    }

    @Test(
        "of words the first that still fails is taken",
        arguments: [(["billing-limit"], "billing-limit"), (["quota", "billing-limit"], "quota")])
    func words(failing: [String], expected: String) throws {
        let fault = ShrinkFixture.fault(
            "quota-exhausted-429", call: 1, [JSONMember("variant", "billing-limit")])
        let result = try Self.shrink(fault) { fault in
            failing.contains { .string($0) == fault.parameters.value("variant") }
        }
        #expect(
            result.plan.faults.first?.parameters.value("variant") == .string(expected))
    }

    @Test(
        "a text becomes the usual one, none, or its shortest beginning that fails",
        arguments: [
            // Which texts fail beside the plan's own, what is left
            (["ping", ""], "ping"), (["", "b"], ""), (["b", "ba", "ban"], "b"),
            (["bana", "banan", "banana"], "bana"), ([], "bananas"),
        ])
    func texts(failing: [String], expected: String) throws {
        let kind = try #require(
            FaultCatalogue.all.first { $0.parameter("text")?.usual == "ping" })
        let fault = ShrinkFixture.fault(
            kind.id, call: 1, [JSONMember("text", "bananas"), JSONMember("at", 1)])
        let result = try Self.shrink(fault) { fault in
            let text = fault.parameters.value("text")?.stringValue ?? "-"
            return text == "bananas" || failing.contains(text)
        }
        let left = result.plan.faults.first?.parameters.value("text")?.stringValue
        #expect(left == expected)
    }

    @Test("a milder kind takes the place of a worse one where the bug stays the same")
    func kinds() throws {
        let fault = ShrinkFixture.fault("rate-limit-no-header", call: 1)
        let any = try Self.shrink(fault) { _ in true }
        #expect(any.plan.faults.map(\.fault) == ["server-error"])
        let own = try Self.shrink(fault) { $0.fault.hasPrefix("rate-limit") }
        #expect(own.plan.faults.map(\.fault) == ["rate-limit-429"])
        let none = try Self.shrink(fault) { $0.fault == "rate-limit-no-header" }
        #expect(none.plan.faults == [fault])
    }

    @Test("the first attempt is enough where it fails too", arguments: [1, 2, 3, 5])
    func attempts(least: Int) throws {
        let fault = ShrinkFixture.fault("overloaded-529", call: 4, attempt: 5)
        let result = try Self.shrink(fault) { ($0.anchor.attempt ?? 0) >= least }
        #expect(result.plan.faults.first?.anchor.attempt == least)
        #expect(result.isMinimal)
    }

    @Test("an order of its own is given up where it does not matter", arguments: [true, false])
    func order(matters: Bool) throws {
        let plan = ShrinkFixture.plan([ShrinkFixture.fault("overloaded-529", call: 1)], order: 7)
        let runner = ShrinkRunner { plan in
            !plan.faults.isEmpty && (!matters || plan.order == Seed(7))
        }
        var shrinker = Shrinker(plan, runner: runner)
        let result = try shrinker.shrink()
        #expect(result.plan.order == Seed(matters ? 7 : 0))
    }
}

extension ParameterSpec {
    fileprivate var usual: String? {
        guard case .fixed(let value) = defaultValue else { return nil }
        return value.stringValue
    }
}
