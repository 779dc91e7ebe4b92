internal import Cassette
internal import Determinism
internal import Faults
internal import Judgement
internal import Search

/// What a version is run with.
enum BisectPrepared {
    /// It says nothing, for this reason.
    case skipped(BisectSkip)
    /// The configuration, the plan as it is put to this version, and the tape.
    case ready(RunConfiguration, Plan, Tape)
}

/// How versions of one sort are found, made ready and named.
struct BisectCourse<Item: Hashable & Sendable> {
    var subject: BisectReport.Subject
    /// The version as reports name it.
    var describe: (Item) throws -> BisectReport.Version
    /// Makes a version ready to be run.
    var prepare: (Item) throws -> BisectPrepared
    /// Where a prepared version runs; nil for here.
    var folder: String?
    /// The variable of a version; nil for none.
    var variable: (Item) -> (name: String, value: String)? = { _ in nil }
    /// The versions that may be the first bad one, the best to try first.
    var rank: (Bisection<Item>) throws -> [Item]
    /// Versions that have to be good too, before the search begins.
    var bases: [Item] = []
    /// The version just before another one.
    var previous: (Item) throws -> Item?
    /// The command that shows the failure at a version.
    var check: (Item) throws -> String
}

/// Runs a bisection over versions of one sort.
struct BisectEngine<Item: Hashable & Sendable> {
    private let course: BisectCourse<Item>
    private let repeats: Int?
    private let say: (String) -> Void

    private var judge: BisectJudge?
    private var repetition: Repetition?
    private var trials: [BisectReport.Trial] = []
    private var notes: [String] = []
    /// The events of one run of each version that says something.
    private var events: [Item: [JSONValue]] = [:]

    /// How often the plan is run at the bad version, when its runs are not all the same.
    private static var estimateRuns: Int { 10 }

    init(_ course: BisectCourse<Item>, repeats: Int?, say: @escaping (String) -> Void) {
        self.course = course
        self.repeats = repeats
        self.say = say
    }

    /// Searches; the report says what was found.
    mutating func search(good: Item, bad: Item) throws -> BisectReport {
        if let reason = try confirmBad(bad) { return refused(reason) }
        if let reason = try confirmGood(good) { return refused(reason) }
        var bisection = Bisection(good: good, bad: bad)
        for base in course.bases where base != good {
            let answer = try answer(base)
            if answer == .bad {
                let name = try course.describe(base).name
                return refused(
                    "\(name), from which both versions come, fails already: what made the good "
                        + "version pass is a change on its own side")
            }
            bisection.note(base, answer)
        }
        while true {
            let ranked = try course.rank(bisection)
            switch bisection.next(ranked) {
            case .test(let item):
                let left = ranked.filter { !bisection.skipped.contains($0) }.count - 1
                say("bisect: \(left) left to try, about \(steps(left)) more after this one")
                bisection.note(item, try answer(item))
            case .found(let culprit):
                return try finish(.found(try course.describe(culprit)), culprit, bisection)
            case .stuck(let items):
                let versions = try items.map(course.describe)
                return try finish(.between(versions), bisection.bad, bisection)
            }
        }
    }

    private func steps(_ count: Int) -> Int {
        var steps = 0
        var left = count
        while left > 1 {
            left /= 2
            steps += 1
        }
        return steps
    }

    // MARK: The two ends

    /// Runs the bad version until the failure and its frequency are known; says why there is
    /// nothing to look for.
    private mutating func confirmBad(_ item: Item) throws -> String? {
        let version = try course.describe(item)
        say("bisect: the bad version, \(version.title)")
        guard case .ready(let configuration, let plan, let tape) = try course.prepare(item) else {
            return "the bad version \(version.title) cannot be run"
                + (try skipText(item).map { ": \($0)" } ?? "")
        }
        let probe: BisectProbe
        do {
            probe = try inPlace(item) {
                let workers = try BisectWorkers(configuration, plan)
                _ = try workers.run()
                _ = try workers.run()
                let most =
                    workers.probe.isExact ? repeats ?? 0 : max(repeats ?? 0, Self.estimateRuns)
                while workers.probe.runs.count < most { _ = try workers.run() }
                return workers.probe
            }
        } catch let error as RunnerError where error.code == .cannotStart {
            return "the bad version \(version.title) cannot be run: \(error.message)"
        }
        guard let signature = mostFrequent(probe.runs.compactMap(\.signature)) else {
            let last = probe.runs.last
            let reason = last.map { $0.reason.isEmpty ? "" : ", \($0.reason)" } ?? ""
            return "the plan does not fail at the bad version \(version.title) in "
                + "\(probe.runs.count) runs: the verdict is "
                + "\(last?.verdict.rawValue ?? "invalid")\(reason)"
        }
        judge = BisectJudge(signature, plan: plan, tape: tape, bad: probe.runs)
        if !probe.isExact {
            let failures = probe.runs.count { $0.signature == signature }
            repetition = Repetition(failures: failures, of: probe.runs.count)
        }
        events[item] = probe.failing
        note(version, .bad, probe)
        return nil
    }

    private func mostFrequent(_ all: [FailureSignature]) -> FailureSignature? {
        var best: (signature: FailureSignature, count: Int)?
        for signature in all {
            let count = all.count { $0 == signature }
            if count > best?.count ?? 0 { best = (signature, count) }
        }
        return best?.signature
    }

    private mutating func confirmGood(_ item: Item) throws -> String? {
        let version = try course.describe(item)
        let answer = try answer(item, learns: true)
        switch answer {
        case .bad: return "the plan fails at the good version \(version.title) too"
        case .skipped(let skip):
            return "the good version \(version.title) says nothing: \(skip.text)"
                + (skip.kind == .drift
                    ? "; record a cassette that both versions can be replayed with" : "")
        case .good: break
        }
        if judge?.goodMeetsNothing == true {
            return "the good version \(version.title) passes, but it makes none of the calls that "
                + "the plan has faults for, so that its passing says nothing"
        }
        for fault in judge?.unmetAtGood ?? [] {
            notes.append(
                "the good version does not make call \(fault.anchor.call) of "
                    + "\(fault.anchor.upstream), which \(fault.fault) is for; no version is "
                    + "skipped for that")
        }
        return nil
    }

    // MARK: One version

    private mutating func answer(_ item: Item, learns: Bool = false) throws -> BisectAnswer {
        let version = try course.describe(item)
        switch try course.prepare(item) {
        case .skipped(let skip):
            note(version, .skipped(skip), BisectProbe())
            return .skipped(skip)
        case .ready(let configuration, let plan, let tape):
            guard let judge else { throw RunnerError(.internalError, "a bisection of nothing") }
            var here = judge.moved(to: tape)
            let probe: BisectProbe
            do {
                probe = try inPlace(item) {
                    let workers = try BisectWorkers(configuration, plan)
                    try run(workers, here)
                    return workers.probe
                }
            } catch let error as RunnerError where error.code == .cannotStart {
                let skip = BisectSkip(.start, error.message)
                note(version, .skipped(skip), BisectProbe())
                return .skipped(skip)
            }
            if learns {
                here.learn(good: probe.runs)
                self.judge = here
            }
            let answer = here.answer(probe.runs)
            events[item] = answer == .bad ? probe.failing : probe.events
            note(version, answer, probe)
            return answer
        }
    }

    /// Runs until the version is known to be bad, or has passed often enough.
    ///
    /// A second run of one that passes costs little beside its build, and shows an agent whose
    /// bad version happened to fail twice alike.
    private func run(_ workers: BisectWorkers, _ judge: BisectJudge) throws {
        let fixed = repeats ?? repetition?.needed
        var needed = fixed ?? 2
        while workers.probe.runs.count < needed {
            if judge.answer([try workers.run()]) == .bad { return }
            if fixed == nil, !workers.probe.isSame { needed = Self.estimateRuns }
        }
    }

    private func inPlace<Value>(_ item: Item, _ body: () throws -> Value) throws -> Value {
        try Surroundings.with(folder: course.folder, variable: course.variable(item), body)
    }

    private mutating func note(
        _ version: BisectReport.Version, _ answer: BisectAnswer, _ probe: BisectProbe
    ) {
        trials.append(
            BisectReport.Trial(
                version, answer, runs: probe.runs.count, grade: probe.grade?.rawValue))
        let reason = answer.skip.map { ": \($0.text)" } ?? ""
        say("bisect: \(answer.word)  \(version.title)\(reason)")
    }

    private func skipText(_ item: Item) throws -> String? {
        guard case .skipped(let skip) = try course.prepare(item) else { return nil }
        return skip.text
    }

    // MARK: The end

    private func refused(_ reason: String) -> BisectReport {
        report(.refused(reason))
    }

    private func report(_ outcome: BisectReport.Outcome) -> BisectReport {
        var report = BisectReport(
            course.subject, outcome: outcome, signature: judge?.signature, trials: trials,
            repetition: repeats == nil ? repetition : nil, repeats: repeats)
        report.notes = notes
        return report
    }

    private mutating func finish(
        _ outcome: BisectReport.Outcome, _ bad: Item, _ bisection: Bisection<Item>
    ) throws -> BisectReport {
        var lastGood = bisection.goods.last
        if let previous = try course.previous(bad), !bisection.skipped.contains(previous) {
            if bisection.goods.contains(previous) {
                lastGood = previous
            } else if try answer(previous) == .good {
                lastGood = previous
            }
        }
        var report = report(outcome)
        if let lastGood, let first = events[lastGood], let second = events[bad] {
            report.lastGood = try course.describe(lastGood)
            report.difference = TraceDifference(first, second)
        }
        report.check = try course.check(bad)
        return report
    }
}
