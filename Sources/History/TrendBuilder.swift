import Determinism
import Judgement

/// Goes through storms in the order of time and compares each plan with what it did before.
struct TrendBuilder {
    /// What makes two plans comparable over commits.
    private struct Series: Hashable {
        let agent: String
        let cassette: Digest
        let plan: Digest
    }

    /// What makes two digests comparable.
    private struct Bench: Hashable {
        let series: Series
        let commit: String
        let conditions: String
        let tool: String
    }

    private struct Judged {
        let plan: Trend.Plan
        let verdict: Verdict
        let signature: String?
        let revision: Revision?
    }

    private var points: [Trend.Point] = []
    private var scores: [Int64] = []
    private var earlier: [Series: Judged] = [:]
    private var digests: [Bench: Digest] = [:]
    /// What the present point did; the order is kept beside it.
    private var present: [Series: Judged] = [:]
    private var order: [Series] = []
    private var flaky: Set<Series> = []

    /// The points of all storms; those that follow one another on the same sources are one.
    static func points(_ storms: [PastStorm]) -> [Trend.Point] {
        var builder = TrendBuilder()
        for storm in storms { builder.add(storm) }
        builder.closePoint()
        return builder.points
    }

    private mutating func add(_ storm: PastStorm) {
        if points.last?.revision != storm.revision || points.isEmpty {
            closePoint()
            points.append(
                Trend.Point(revision: storm.revision, startedAt: storm.startedAt))
        }
        let last = points.count - 1
        points[last].storms += 1
        points[last].newFailures += storm.newFailures
        if let score = storm.scoreMillionths { scores.append(score) }
        for run in storm.runs { add(run, of: storm, to: last) }
    }

    private mutating func add(_ run: PastRun, of storm: PastStorm, to point: Int) {
        guard run.verdict != .invalid else { return }
        if run.seed != nil, run.verdict == .passed || run.verdict.isFailure {
            points[point].runs += 1
            if run.verdict == .passed { points[point].standing += 1 }
        }
        let series = Series(agent: storm.agent, cassette: storm.cassette, plan: run.plan)
        let plan = Trend.Plan(scenario: storm.scenario, seed: run.seed, plan: run.plan)
        if isFlaky(run, series, storm), flaky.insert(series).inserted {
            points[point].flakes.append(plan)
        }
        if present[series] == nil { order.append(series) }
        // A saved failure may be the plan of a seed, which says more to people.
        let known = present[series]?.plan
        present[series] = Judged(
            plan: known?.seed == nil ? plan : known ?? plan, verdict: run.verdict,
            signature: run.signature,
            revision: storm.revision)
    }

    private mutating func isFlaky(
        _ run: PastRun, _ series: Series, _ storm: PastStorm
    ) -> Bool {
        if run.verdict == .nondeterministic { return true }
        guard let revision = storm.revision, revision.isExact else { return false }
        let bench = Bench(
            series: series, commit: revision.commit, conditions: storm.conditions,
            tool: storm.tool)
        guard let known = digests[bench] else {
            digests[bench] = run.digest
            return false
        }
        return known != run.digest
    }

    /// Compares the present point with what was before, and begins the next one.
    private mutating func closePoint() {
        guard let last = points.indices.last else { return }
        if !scores.isEmpty {
            points[last].scoreMillionths = scores.reduce(0, +) / Int64(scores.count)
        }
        for series in order {
            guard let now = present[series], !flaky.contains(series) else { continue }
            if let before = earlier[series] { compare(before, now, in: last) }
            earlier[series] = now
        }
        scores = []
        present = [:]
        order = []
        flaky = []
    }

    private mutating func compare(_ before: Judged, _ now: Judged, in point: Int) {
        if now.verdict.isFailure, TrendBuilder.stands(before.verdict) {
            points[point].regressions.append(
                Trend.Change(
                    plan: now.plan, since: before.revision, signature: now.signature ?? ""))
        }
        if before.verdict.isFailure, TrendBuilder.stands(now.verdict) {
            points[point].mends.append(
                Trend.Change(
                    plan: now.plan, since: before.revision, signature: before.signature ?? ""))
        }
    }

    private static func stands(_ verdict: Verdict) -> Bool {
        verdict == .passed || verdict == .passedAssumed
    }
}
