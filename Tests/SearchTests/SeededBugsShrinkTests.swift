import Cassette
import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Ten seeded bugs, made small and explained")
struct SeededBugsShrinkTests {
    @Test(
        "each is shrunk to the known minimum, and its threshold explained to the millisecond",
        arguments: SeededBug.all)
    func minimum(bug: SeededBug) throws {
        let storm = try #require(SeededStorm.all[bug.name])
        #expect(storm.plan.faults.count > 3 * bug.strength)
        var shrinker = Shrinker(
            storm.plan, runner: try bug.runner(calls: SeededStorm.calls),
            signature: storm.signature, tape: storm.tape)
        let result = try shrinker.shrink()
        #expect(result.outcome == .shrunk)
        #expect(result.isMinimal)
        #expect(bug.isMinimum(result.plan), "\(result.plan.faults)")
        guard let need = bug.minimum.first(where: { !$0.least.isEmpty }) else { return }
        var explainer = Explainer(
            result.plan, history: storm.plan, runner: try bug.runner(calls: SeededStorm.calls),
            signature: storm.signature,
            tape: storm.tape)
        let explanation = try explainer.explain()
        #expect(explanation.needless.isEmpty)
        let faults = result.plan.faults
        let meaning = try #require(
            explanation.parameters.first { meaning in
                meaning.name == need.parameter
                    && need.faults.contains(faults[meaning.fault].fault)
            })
        guard case .atLeast(let least, _) = meaning.effect else {
            Issue.record("\(meaning.effect)")
            return
        }
        #expect(least == need.least[faults[meaning.fault].anchor.upstream])
        #expect(meaning.deadline?.length == (bug.strength == 1 ? .seconds(30) : .seconds(10)))
    }

    /// What it takes to find which faults are needed; parameters are left alone by both.
    ///
    /// Delta debugging takes for granted that the plan fails, twice, and that no fault at all does
    /// not.
    @Test("no more runs are needed than by delta debugging, but for the three that confirm")
    func runs() throws {
        var lines = ["faults  needed  runs  ddmin  bug"]
        var total = (mine: 0, theirs: 0)
        for bug in SeededBug.all {
            let storm = try #require(SeededStorm.all[bug.name])
            var options = ShrinkOptions()
            options.stages = [.confirm, .close, .calm, .singles, .prefixes, .sweep]
            var shrinker = Shrinker(
                storm.plan, runner: try bug.runner(calls: SeededStorm.calls),
                signature: storm.signature,
                options: options)
            let mine = try shrinker.shrink()
            let theirs = try DeltaDebugging.ddmin(
                storm.plan, runner: try bug.runner(calls: SeededStorm.calls),
                signature: storm.signature)
            #expect(mine.plan.faults.count <= theirs.plan.faults.count)
            total.mine += mine.runs
            total.theirs += theirs.runs
            let numbers = [storm.plan.faults.count, mine.plan.faults.count, mine.runs, theirs.runs]
            lines.append(
                zip(numbers, [6, 6, 4, 5]).map { number, width in
                    let digits = String(number)
                    return String(repeating: " ", count: max(0, width - digits.count)) + digits
                }.joined(separator: "  ") + "  \(bug.name)")
        }
        print(lines.joined(separator: "\n"))
        #expect(total.mine <= total.theirs + 3 * SeededBug.all.count, "\(total)")
    }
}

/// A failure with more faults than it needs, as a storm by seed finds it.
struct SeededStorm: Sendable {
    static let calls = 16
    /// That of each bug, by name; they are looked for once.
    static let all: [String: SeededStorm] = SeededBug.all.reduce(into: [:]) { storms, bug in
        storms[bug.name] = try? bug.storm()
    }

    var plan: Plan
    var signature: FailureSignature
    var tape: Tape
}

extension SeededBug {
    /// The first seed whose failure has many faults beside those that it needs.
    func storm() throws -> SeededStorm? {
        let (tape, agent) = try make(SeededStorm.calls)
        var runner: some PlanRunner = BugRunner(agent, tape: tape)
        let scenario = Scenario(name: name, faults: stormEntries, invariants: rules)
        for seed in 0..<400 {
            let plan = try Expansion.expand(scenario, seed: Seed(UInt64(seed)), tape: tape).plan
            let seen: Observation = try runner.run(plan)
            if let signature = seen.signature, seen.fired.count > 12 {
                return SeededStorm(
                    plan: seen.closed(plan), signature: signature, tape: tape)
            }
        }
        return nil
    }

    /// What breaks the agent now and then, and much that it bears.
    private var stormEntries: [FaultEntry] {
        let noise = ["chunk-merge", "sse-comment-keepalive", "newline-crlf", "ttfb-spike"]
        let borne = noise.map { id in
            var entry = FaultEntry(
                fault: id, settings: id == "ttfb-spike" ? [("delay_ms", .range(1...900))] : [])
            entry.selector.probability = Ratio(2, 3) ?? .always
            return entry
        }
        let needed = entries.map { entry in
            var entry = entry
            entry.times = times[entry.fault] ?? 1
            entry.selector.probability = Ratio(1, 10) ?? .always
            return entry
        }
        return needed + borne
    }

    /// Whether a plan is the known minimum: these faults, and thresholds to the millisecond.
    func isMinimum(_ plan: Plan) -> Bool {
        guard plan.faults.count == minimum.count else { return false }
        var open = minimum
        for fault in plan.faults {
            let place = open.firstIndex { need in
                need.faults.contains(fault.fault)
                    && need.parameter.map {
                        fault.parameters.value($0)?.intValue
                            == need.least[fault.anchor.upstream]
                    } ?? true
            }
            guard let place else { return false }
            open.remove(at: place)
        }
        return true
    }
}
