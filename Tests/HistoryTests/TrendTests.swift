import Determinism
import Foundation
import Judgement
import Testing

@testable import History

@Suite("The trend over commits")
struct TrendTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func trend(
        _ storms: [(StormRecord, [RunRecord])], last: Int = 20, scenario: String? = nil
    ) throws -> Trend {
        let ledger = try Ledger.open(folder: folder.path)
        for (storm, runs) in storms { _ = try ledger.record(storm, replays: [], runs: runs) }
        return try Ledger.openToRead(folder: folder.path).trend(last: last, scenario: scenario)
    }

    private func seeds(_ plans: [Trend.Plan]) -> [UInt64?] { plans.map(\.seed?.rawValue) }

    @Test("the same plan on the same commit with two digests is a flake, and no regression")
    func flake() throws {
        let trend = try trend([
            (Sample.storm(), [Sample.run(1), Sample.run(2)]),
            (Sample.storm(), [Sample.run(1, .hung), Sample.run(2)]),
            (Sample.storm(Sample.second), [Sample.run(1, .hung), Sample.run(2)]),
        ])
        #expect(trend.points.map { seeds($0.flakes) } == [[1], []])
        #expect(trend.points.map(\.regressions.count) == [0, 0])
    }

    @Test("on another commit it is a regression, and then a mend")
    func regression() throws {
        let trend = try trend([
            (Sample.storm(), [Sample.run(1), Sample.run(2)]),
            (Sample.storm(Sample.second), [Sample.run(1, .hung), Sample.run(2)]),
            (Sample.storm(Sample.third), [Sample.run(1), Sample.run(2)]),
        ])
        #expect(trend.points.map { seeds($0.regressions.map(\.plan)) } == [[], [1], []])
        #expect(trend.points.map { seeds($0.mends.map(\.plan)) } == [[], [], [1]])
        #expect(trend.points[1].regressions.map(\.since?.commit) == [Sample.first])
        #expect(trend.points[2].mends.map(\.signature) == [Sample.signature])
        #expect(trend.points.map { seeds($0.flakes) } == [[], [], []])
        #expect(trend.points.map(\.passMillionths) == [1_000_000, 500_000, 1_000_000])
    }

    @Test("a commit that comes back is held against its own digests")
    func returning() throws {
        let trend = try trend([
            (Sample.storm(), [Sample.run(1)]), (Sample.storm(Sample.second), [Sample.run(1)]),
            (Sample.storm(), [Sample.run(1, digest: "another")]),
        ])
        #expect(trend.points.map { seeds($0.flakes) } == [[], [], [1]])
    }

    @Test(
        "sources that may differ prove no flake",
        arguments: [
            (Sample.first, true), (Sample.first, nil), (nil, nil),
        ] as [(String?, Bool?)])
    func unknownSources(commit: String?, dirty: Bool?) throws {
        let storm = Sample.storm(commit, dirty: dirty)
        let trend = try trend([
            (storm, [Sample.run(1)]), (storm, [Sample.run(1, digest: "another")]),
        ])
        #expect(trend.points.map { seeds($0.flakes) } == [[]])
        #expect(trend.points.map(\.storms) == [2])
    }

    @Test("another clock, tool or agent is no flake")
    func otherBenches() throws {
        var clock = Sample.storm()
        clock.conditions = "real clock"
        var tool = Sample.storm()
        tool.tool = "0.2.0"
        let trend = try trend([
            (Sample.storm(), [Sample.run(1)]), (clock, [Sample.run(1, digest: "b")]),
            (tool, [Sample.run(1, digest: "c")]),
            (Sample.storm(agent: "-- ./other"), [Sample.run(1, digest: "d")]),
        ])
        #expect(trend.points.map { seeds($0.flakes) } == [[]])
    }

    @Test("a storm that saw a run differ from itself reports a flake at once")
    func nondeterministic() throws {
        let trend = try trend([(Sample.storm(dirty: true), [Sample.run(1, .nondeterministic)])])
        #expect(trend.points.map { seeds($0.flakes) } == [[1]])
    }

    @Test("saved failures count in no share, and an invalid run in none either")
    func shares() throws {
        let ledger = try Ledger.open(folder: folder.path)
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        _ = try ledger.record(
            Sample.storm(), replays: [Sample.replay(1, .hung)],
            runs: [Sample.run(2), Sample.run(3, .invalid)])
        let point = try #require(try ledger.trend(last: 1).points.first)
        #expect(point.runs == 2)
        #expect(point.standing == 1)
    }

    @Test(
        "what says nothing of the agent is neither a pass nor a failure",
        arguments: [Verdict.offTape, .passedAssumed, .nondeterministic, .invalid])
    func unjudged(verdict: Verdict) throws {
        let trend = try trend([
            (Sample.storm(), [Sample.run(1), Sample.run(2, .hung), Sample.run(3, verdict)]),
            (Sample.storm(Sample.second), [Sample.run(4, verdict)]),
        ])
        #expect(trend.points.map(\.runs) == [2, 0])
        #expect(trend.points.map(\.standing) == [1, 0])
        #expect(trend.points.map(\.passMillionths) == [500_000, nil])
    }

    @Test("saved failures are counted, those of one scenario where one is named")
    func counts() throws {
        let ledger = try Ledger.open(folder: folder.path)
        _ = try ledger.record(
            Sample.storm(), replays: [], runs: [Sample.run(1, .hung), Sample.run(2, .hung)])
        _ = try ledger.record(
            Sample.storm(scenario: "other"), replays: [], runs: [Sample.run(3, .hung)])
        for _ in 1...2 {
            _ = try ledger.record(
                Sample.storm(Sample.second), replays: [Sample.replay(1, .passed)], runs: [])
        }
        let all = try ledger.trend(last: 1)
        #expect(all.openCount == 2)
        #expect(all.mendedCount == 1)
        let one = try ledger.trend(last: 1, scenario: "refunds")
        #expect(one.openCount == 1)
        #expect(one.mendedCount == 1)
    }

    @Test("the last commits are shown, of one scenario where one is named")
    func filters() throws {
        let storms = [
            (Sample.storm(), [Sample.run(1)]),
            (Sample.storm(Sample.second, scenario: "other"), [Sample.run(1)]),
            (Sample.storm(Sample.third), [Sample.run(1, .hung)]),
        ]
        let last = try trend(storms, last: 1)
        #expect(last.points.map(\.revision?.commit) == [Sample.third])
        // What is no longer shown is compared with all the same.
        #expect(last.points.map(\.regressions.count) == [1])
        let one = try Ledger.openToRead(folder: folder.path).trend(last: 9, scenario: "other")
        #expect(one.points.map(\.revision?.commit) == [Sample.second])
        #expect(one.openCount == 0)
    }

    @Test("the trend as it is printed")
    func text() throws {
        try expectGolden("trend.txt", Array(TrendText.render(try fixed()).utf8))
    }

    @Test("the trend in JSON")
    func json() throws {
        try expectGolden("trend.json", TrendJSON.json(try fixed()).canonical() + [0x0A])
    }

    @Test("names cannot command a terminal, and no storms is said")
    func odd() throws {
        #expect(
            TrendText.render(Trend(points: [], mendedCount: 0, openCount: 0)) == "no storms yet\n")
        let trend = try trend([
            (Sample.storm(scenario: "a\u{1B}[2Jb"), [Sample.run(1, .nondeterministic)])
        ])
        #expect(!TrendText.render(trend).unicodeScalars.contains("\u{1B}"))
    }

    /// A fixed ledger: four commits, a flake, a regression, mends, a run off the tape.
    private func fixed() throws -> Trend {
        func runs(
            _ failing: [UInt64], flaky: UInt64? = nil, offTape: [UInt64] = []
        ) -> [RunRecord] {
            (1...20).map { seed in
                Sample.run(
                    seed,
                    failing.contains(seed)
                        ? .violated : offTape.contains(seed) ? .offTape : .passed,
                    digest: seed == flaky ? "another" : nil)
            }
        }
        func storm(_ commit: String, _ day: Int, dirty: Bool? = false, _ score: Int64?)
            -> StormRecord
        {
            Sample.storm(
                commit, dirty: dirty, score: score, startedAt: "2026-03-0\(day) 09:30 UTC")
        }
        return try trend([
            (storm(Sample.first, 1, 912_345), runs([3, 4, 5])),
            (storm(Sample.second, 2, 850_000), runs([3, 4, 5, 9])),
            (storm(Sample.second, 3, 850_000), runs([3, 4, 5, 9], flaky: 12)),
            (storm(Sample.second, 4, dirty: true, 900_000), runs([3, 9])),
            (storm(Sample.third, 5, dirty: nil, nil), runs([], offTape: [7])),
        ])
    }
}
