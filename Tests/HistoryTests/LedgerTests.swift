import Determinism
import Foundation
import GRDB
import Judgement
import Testing

@testable import History

@Suite("The run ledger")
struct LedgerTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> Ledger { try Ledger.open(folder: folder.path) }

    @Test("a failing plan is saved, and found again by cassette, or by scenario and agent")
    func finding() throws {
        let change = try open().record(
            Sample.storm(), replays: [], runs: [Sample.run(1, .violated), Sample.run(2)])
        #expect(change.newSignatures == [Sample.signature])
        let ledger = try open()
        func found(_ cassette: String, _ scenario: String, _ agent: String) throws -> [String] {
            try ledger.savedFailures(
                cassette: Sample.digest(cassette), scenario: scenario, agent: agent
            ).map(\.blob)
        }
        #expect(try found("cassette", "another", "-- ./other") == ["stp1.plan 1"])
        #expect(try found("recorded anew", "refunds", "-- ./agent") == ["stp1.plan 1"])
        #expect(try found("recorded anew", "refunds", "-- ./other") == [])
        #expect(try found("recorded anew", "another", "-- ./agent") == [])
    }

    @Test("what fails on the new recording takes the place of what failed on the old one")
    func recordedAnew() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .violated)])
        _ = try ledger.record(
            Sample.storm(cassette: "new"), replays: [],
            runs: [Sample.run(1, .violated, plan: "plan on the new one")])
        let found = try ledger.savedFailures(
            cassette: Sample.digest("new"), scenario: "refunds", agent: "-- ./agent")
        #expect(found.map(\.blob) == ["stp1.plan on the new one"])
    }

    @Test("times and last seen count storms, not runs")
    func times() throws {
        let ledger = try open()
        let early = Sample.storm(startedAt: "2026-01-01 00:00 UTC")
        _ = try ledger.record(early, replays: [], runs: [Sample.run(1, .hung)])
        let change = try ledger.record(
            Sample.storm(startedAt: "2026-02-01 00:00 UTC"), replays: [Sample.replay(1, .hung)],
            runs: [Sample.run(1, .hung)])
        #expect(change.newSignatures == [])
        let plan = try #require(try ledger.failingPlans().first)
        #expect(plan.times == 2)
        #expect(plan.firstSeen == "2026-01-01 00:00 UTC")
        #expect(plan.lastSeen == "2026-02-01 00:00 UTC")
    }

    @Test("of failures that are alike three plans are kept")
    func alike() throws {
        let ledger = try open()
        let change = try ledger.record(
            Sample.storm(), replays: [],
            runs: (1...9).map { Sample.run($0, .crashed) }
                + [Sample.run(10, .violated, signature: "violated: other")])
        #expect(
            try ledger.failingPlans().map(\.blob).sorted() == [
                "stp1.plan 1", "stp1.plan 10", "stp1.plan 2", "stp1.plan 3",
            ])
        #expect(change.newSignatures == [Sample.signature, "violated: other"])
    }

    @Test(
        "two passes in a row on changed sources mend, and nothing less does",
        arguments: [
            ([(Sample.second, false), (Sample.second, false)], [Verdict.passed, .passed], true),
            ([(Sample.second, false), (Sample.third, false)], [.passed, .passed], true),
            ([(Sample.first, true), (Sample.first, true)], [.passed, .passed], true),
            ([(Sample.first, false), (Sample.first, false)], [.passed, .passed], false),
            ([(Sample.second, false)], [.passed], false),
            ([(Sample.second, false), (Sample.second, false)], [.passed, .hung], false),
            ([(Sample.second, false), (Sample.second, false)], [.hung, .passed], false),
            ([(Sample.second, false), (Sample.second, false)], [.passed, .passedAssumed], false),
            ([(Sample.second, false), (Sample.second, false)], [.passed, .offTape], false),
        ] as [([(String, Bool)], [Verdict], Bool)])
    func mending(commits: [(String, Bool)], verdicts: [Verdict], isMended: Bool) throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        var mended: [FailingPlan] = []
        for (commit, verdict) in zip(commits, verdicts) {
            mended += try ledger.record(
                Sample.storm(commit.0, dirty: commit.1), replays: [Sample.replay(1, verdict)],
                runs: []
            ).mended
        }
        #expect(mended.count == (isMended ? 1 : 0))
        let plan = try #require(try ledger.failingPlans().first)
        #expect((plan.mendedAt != nil) == isMended)
        let saved = try ledger.savedFailures(
            cassette: Sample.digest("cassette"), scenario: "refunds", agent: "-- ./agent")
        #expect(saved.isEmpty == isMended)
    }

    @Test("a pass in which no fault fired, or of another agent, mends nothing")
    func emptyPasses() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        for _ in 1...3 {
            _ = try ledger.record(
                Sample.storm(Sample.second), replays: [Sample.replay(1, .passed, reached: false)],
                runs: [])
            _ = try ledger.record(
                Sample.storm(Sample.second, agent: "-- ./other"),
                replays: [Sample.replay(1, .passed)], runs: [])
        }
        #expect(try ledger.failingPlans().map(\.mendedAt) == [nil])
    }

    @Test("those that are not wanted take no place of the others")
    func wanted() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        let storm = Sample.storm()
        let count = Ledger.replaysMax + 1
        for seed in 2...UInt64(count) {
            let run = Sample.run(seed, .hung, signature: "hung \(seed)")
            _ = try ledger.record(storm, replays: [], runs: [run])
        }
        let all = try ledger.savedFailures(
            cassette: storm.cassette, scenario: storm.scenario, agent: storm.agent)
        #expect(all.map(\.id) == Array(2...Int64(count)))
        let wanted = try ledger.savedFailures(
            cassette: storm.cassette, scenario: storm.scenario, agent: storm.agent
        ) { $0.id <= 2 }
        #expect(wanted.map(\.id) == [1, 2])
    }

    @Test("a plan that has several rows is noted in each of them, and stands in the runs once")
    func rows() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        _ = try ledger.record(
            Sample.storm(cassette: "new"), replays: [], runs: [Sample.run(1, .hung)])
        for _ in 1...2 {
            let replay = ReplayRecord(
                ids: [1, 2], run: Sample.run(nil, .passed), wasReached: true)
            _ = try ledger.record(Sample.storm(Sample.second), replays: [replay], runs: [])
        }
        #expect(try ledger.failingPlans().count { $0.mendedAt != nil } == 2)
        let runs = try ledger.read { try Int.fetchAll($0, sql: "SELECT number FROM run") }
        #expect(runs.count == 4)
    }

    @Test(
        "what another agent does changes nothing of a saved failure",
        arguments: [Verdict.hung, .nondeterministic])
    func otherAgent(verdict: Verdict) throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        func replay(_ agent: String, _ verdict: Verdict) throws {
            _ = try ledger.record(
                Sample.storm(Sample.second, agent: agent, startedAt: "2026-02-01 00:00 UTC"),
                replays: [Sample.replay(1, verdict)], runs: [])
        }
        try replay("-- ./agent", .passed)
        try replay("-- ./other", verdict)
        try replay("-- ./agent", .passed)
        let plan = try #require(try ledger.failingPlans().first)
        #expect(plan.times == 1)
        #expect(plan.lastSeen == plan.firstSeen)
        #expect(plan.mendedAt == "2026-02-01 00:00 UTC")
    }

    @Test("what was mended and fails again is open again, and said")
    func returning() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        for _ in 1...2 {
            _ = try ledger.record(
                Sample.storm(Sample.second), replays: [Sample.replay(1, .passed)], runs: [])
        }
        let change = try ledger.record(
            Sample.storm(Sample.third), replays: [], runs: [Sample.run(1, .hung)])
        #expect(change.returned.map(\.blob) == ["stp1.plan 1"])
        #expect(try ledger.failingPlans().map(\.mendedAt) == [nil])
    }

    @Test("the runs of old storms go, the storms stay")
    func pruning() throws {
        let ledger = try open()
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1)])
        try ledger.write { db in
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = 2000 WHERE name = 'storm'")
        }
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1), Sample.run(2)])
        let counts = try ledger.read { db in
            [
                try Int.fetchOne(db, sql: "SELECT count(*) FROM storm"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM run"),
            ]
        }
        #expect(counts == [2, 2])
    }
}
