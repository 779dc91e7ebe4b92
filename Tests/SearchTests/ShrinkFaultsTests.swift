import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Which faults are needed")
struct ShrinkFaultsTests {
    private static func shrink(
        _ plan: Plan, _ runner: ShrinkRunner, _ options: ShrinkOptions = ShrinkOptions(),
        signature: FailureSignature? = nil
    ) throws -> ShrinkResult {
        var shrinker = Shrinker(plan, runner: runner, signature: signature, options: options)
        return try shrinker.shrink()
    }

    /// Different calls of 1 to `count`, drawn by a number.
    static func needed(_ amount: Int, of count: Int, trial: UInt64) -> Set<Int> {
        var found: Set<Int> = []
        var lane: UInt16 = 0
        while found.count < amount {
            let random = KeyedRandom(
                seed: Seed(trial), callID: UInt64(count), take: amount, attempt: 0)
            found.insert(Int(random.pick(in: 1...Int64(count), .parameter, lane: lane)))
            lane += 1
        }
        return found
    }

    @Test(
        "exactly the faults that are needed are found, wherever they are",
        arguments: [1, 2, 5, 16, 17, 64], [0, 1, 2, 3, 5])
    func monotone(count: Int, needed: Int) throws {
        for trial in UInt64(0)..<3 where needed <= count {
            let wanted = Self.needed(needed, of: count, trial: trial)
            let runner = ShrinkRunner { wanted.isSubset(of: ShrinkFixture.calls($0)) }
            let result = try Self.shrink(ShrinkFixture.plan(count: count), runner)
            #expect(result.outcome == .shrunk)
            #expect(ShrinkFixture.calls(result.plan) == wanted)
            #expect(result.plan.faults.count == wanted.count)
            #expect(result.isMinimal)
            #expect(result.signature == ShrinkFixture.bug)
            #expect(result.observation.signature == ShrinkFixture.bug)
            #expect(result.runs == runner.batches.reduce(0) { $0 + $1.count })
        }
    }

    @Test("faults that mend what others broke do not hide a smaller plan")
    func nonMonotone() throws {
        // Call 3 mends what call 9 breaks, unless call 12 breaks it again; calls 5 and 6 together
        // break too.
        func fails(_ plan: Plan) -> Bool {
            let calls = ShrinkFixture.calls(plan)
            if calls.isSuperset(of: [5, 6]) { return !calls.contains(1) || calls.contains(12) }
            return calls.contains(9) && (!calls.contains(3) || calls.contains(12))
        }
        let plan = ShrinkFixture.plan(count: 20)
        for singlesMax in [0, 20] {
            let result = try Self.shrink(
                plan, ShrinkRunner(failing: fails), ShrinkOptions(singlesMax: singlesMax))
            #expect(result.isMinimal)
            #expect(fails(result.plan))
            for place in result.plan.faults.indices {
                var smaller = result.plan
                smaller.faults.remove(at: place)
                #expect(!fails(smaller), "fault \(place) can be left out")
            }
            if singlesMax == 20 { #expect(ShrinkFixture.calls(result.plan) == [9]) }
        }
    }

    /// Failing sets that are drawn at random, neither monotone nor otherwise regular.
    @Test("of any failure no fault of the result can be left out", arguments: UInt64(0)..<60)
    func irregular(trial: UInt64) throws {
        func fails(_ plan: Plan) -> Bool {
            let calls = ShrinkFixture.calls(plan)
            if calls.count == 9 { return true }
            let key = calls.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
            let random = KeyedRandom(seed: Seed(trial), callID: key, take: 0, attempt: 0)
            return random.below(4, .parameter) == 0
        }
        let runner = ShrinkRunner(failing: fails)
        let result = try Self.shrink(
            ShrinkFixture.plan(count: 9), runner, ShrinkOptions(singlesMax: Int(trial % 2) * 9))
        #expect(result.isMinimal)
        #expect(fails(result.plan))
        for place in result.plan.faults.indices {
            var smaller = result.plan
            smaller.faults.remove(at: place)
            #expect(!fails(smaller))
        }
    }

    @Test("one bug never slips into another, and the other one is kept apart")
    func slippage() throws {
        func signature(_ plan: Plan) -> FailureSignature? {
            let calls = ShrinkFixture.calls(plan)
            if calls.isSuperset(of: [4, 11]) { return ShrinkFixture.bug }
            return calls.contains(11) || calls.contains(2) ? ShrinkFixture.otherBug : nil
        }
        let runner = ShrinkRunner { ShrinkFixture.observation($0, signature($0)) }
        let result = try Self.shrink(ShrinkFixture.plan(count: 20), runner)
        #expect(ShrinkFixture.calls(result.plan) == [4, 11])
        #expect(result.others.map(\.signature) == [ShrinkFixture.otherBug])
        let other = try #require(result.others.first)
        #expect(signature(other.plan) == ShrinkFixture.otherBug)
        #expect(other.count > 1)
        // The other one is shrunk when it is asked for.
        let second = try Self.shrink(other.plan, runner, signature: ShrinkFixture.otherBug)
        #expect([[11], [2]].contains(ShrinkFixture.calls(second.plan)))
    }

    @Test("the result does not depend on the number of workers", arguments: [2, 3, 8, 64])
    func width(width: Int) throws {
        for (count, trial) in [(12, UInt64(0)), (40, 1), (33, 3)] {
            let wanted = Self.needed(3, of: count, trial: trial)
            func observe(_ plan: Plan) -> Observation {
                let calls = ShrinkFixture.calls(plan)
                let signature =
                    wanted.isSubset(of: calls)
                    ? ShrinkFixture.bug : calls.count % 3 == 1 ? ShrinkFixture.otherBug : nil
                return ShrinkFixture.observation(plan, signature)
            }
            // A budget that ends in the middle, too.
            for runsMax in [500, 7, 15] {
                let options = ShrinkOptions(runsMax: runsMax)
                let plan = ShrinkFixture.plan(count: count)
                let wide = ShrinkRunner(width: width, observe)
                var one = try Self.shrink(plan, ShrinkRunner(observe), options)
                let many = try Self.shrink(plan, wide, options)
                #expect(many.runsMade >= one.runsMade)
                #expect(many.runsMade == wide.batches.reduce(0) { $0 + $1.count })
                #expect(wide.batches.allSatisfy { $0.count <= max(2, width) })
                one.runsMade = many.runsMade
                #expect(one == many)
            }
        }
    }

    @Test("more workers need fewer rounds")
    func rounds() throws {
        let wanted = Self.needed(3, of: 200, trial: 9)
        let rounds = try [1, 3, 7].map { width in
            let runner = ShrinkRunner(width: width) {
                wanted.isSubset(of: ShrinkFixture.calls($0))
            }
            _ = try Self.shrink(ShrinkFixture.plan(count: 200), runner)
            return runner.batches.count
        }
        #expect(rounds[1] < rounds[0] * 3 / 4)
        #expect(rounds[2] < rounds[1])
    }

    @Test("a spent budget leaves a plan that fails, marked as not minimal", arguments: 0..<40)
    func budget(runsMax: Int) throws {
        let wanted: Set = [3, 17, 29]
        let runner = ShrinkRunner { wanted.isSubset(of: ShrinkFixture.calls($0)) }
        let plan = ShrinkFixture.plan(count: 40)
        let full = try Self.shrink(plan, runner)
        let result = try Self.shrink(plan, runner, ShrinkOptions(runsMax: runsMax))
        #expect(wanted.isSubset(of: ShrinkFixture.calls(result.plan)))
        #expect(result.observation.signature == ShrinkFixture.bug)
        #expect(result.runs <= max(2, runsMax))
        #expect(result.isMinimal == (runsMax >= full.runs))
    }

    @Test("time that is up ends it")
    func time() throws {
        let runner = ShrinkRunner { ShrinkFixture.calls($0).contains(7) }
        var left = 3
        var shrinker = Shrinker(
            ShrinkFixture.plan(count: 40), runner: runner,
            isSpent: {
                left -= 1
                return left < 0
            })
        let result = try shrinker.shrink()
        #expect(!result.isMinimal)
        #expect(result.runs == 5)
    }

    @Test("what cannot be shrunk is said, and nothing more is run")
    func outcomes() throws {
        let plan = ShrinkFixture.plan(count: 3)
        var run = 0
        let flaky = ShrinkRunner { plan in
            run += 1
            return ShrinkFixture.observation(plan, ShrinkFixture.bug, salt: "\(run)")
        }
        let turns = ShrinkRunner { plan in
            run += 1
            return ShrinkFixture.observation(plan, run % 2 == 0 ? ShrinkFixture.bug : nil)
        }
        let fails = ShrinkRunner { _ in true }
        let cases: [(ShrinkRunner, FailureSignature?, ShrinkOutcome)] = [
            (ShrinkRunner { _ in false }, nil, .passes(.passed)),
            (fails, ShrinkFixture.otherBug, .differs(ShrinkFixture.bug)),
            (flaky, nil, .nondeterministic), (turns, nil, .nondeterministic),
        ]
        for (runner, signature, outcome) in cases {
            let result = try Self.shrink(plan, runner, signature: signature)
            #expect(result.outcome == outcome)
            #expect(result.plan == plan)
            #expect(result.runs == 2)
            #expect(runner.batches == [[plan, plan]])
            #expect(!result.isMinimal)
            #expect(result.steps.map(\.description) == [outcome.text])
        }
    }

    @Test("what did not fire is left out at once")
    func closes() throws {
        let plan = ShrinkFixture.plan(count: 100)
        let runner = ShrinkRunner { plan in
            var fates: [Int: FaultFate] = [:]
            for (index, fault) in plan.faults.enumerated() where fault.anchor.call % 10 != 0 {
                fates[index] = .unreached
            }
            let calls = ShrinkFixture.calls(plan)
            return ShrinkFixture.observation(
                plan, calls.contains(50) ? ShrinkFixture.bug : nil, fates: fates)
        }
        let result = try Self.shrink(plan, runner)
        #expect(ShrinkFixture.calls(result.closed) == Set((1...10).map { $0 * 10 }))
        #expect(ShrinkFixture.calls(result.plan) == [50])
        #expect(result.usedOrdinals == [50])
        #expect(result.steps.map(\.stage) == [.confirm, .close, .singles])
    }

    @Test("the steps tell how it went")
    func steps() throws {
        let runner = ShrinkRunner { ShrinkFixture.calls($0).isSuperset(of: [2, 19]) }
        var told: [ShrinkStep] = []
        var shrinker = Shrinker(
            ShrinkFixture.plan(count: 20), runner: runner, progress: { told.append($0) })
        let result = try shrinker.shrink()
        #expect(result.steps == told)
        #expect(
            told.map(\.description) == [
                "it fails twice, and the same way: violated refund_once",
                "overloaded-529 at call 19 of llm is needed; 18 faults before it may be",
                "overloaded-529 at call 2 of llm is needed; 1 fault before it may be",
                "2 of 20 faults are enough",
            ])
        #expect(told.map(\.faults) == [20, 19, 3, 2])
        #expect(told.map(\.runs) == told.map(\.runs).sorted())
    }

    @Test("prefix bisection needs fewer runs than ddmin, and finds the same")
    func ddmin() throws {
        let stages: Set<ShrinkStage> = [.calm, .prefixes, .sweep]
        for (count, amount, most) in [(20, 3, 19), (50, 2, 16), (100, 1, 10)] {
            var runs = (own: 0, ddmin: 0)
            let plan = ShrinkFixture.plan(count: count)
            for trial in UInt64(0)..<10 {
                let wanted = Self.needed(amount, of: count, trial: trial)
                let runner = ShrinkRunner { wanted.isSubset(of: ShrinkFixture.calls($0)) }
                let own = try Self.shrink(plan, runner, ShrinkOptions(stages: stages))
                let other = try DeltaDebugging.ddmin(
                    plan, runner: runner, signature: ShrinkFixture.bug)
                #expect(own.plan == other.plan)
                #expect(other.isMinimal)
                // Both runs that confirm the failure are left aside: ddmin makes none.
                runs.own += own.runs - 2
                runs.ddmin += other.runs
            }
            #expect(runs.own <= most * 10, "\(count) faults, \(amount) needed")
            #expect(runs.own < runs.ddmin)
        }
    }
}
