import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

@Suite("What a run says to a bisection")
struct BisectJudgeTests {
    static let bug = ShrinkFixture.bug

    let tape: Tape
    let plan: Plan

    /// Faults at the first call of the model and at the second of the shop.
    init() throws {
        let tape = try ExplorerFixture.tape()
        func fault(_ upstream: String, _ call: Int) throws -> PlannedFault {
            let entry = try #require(
                tape.entries.first { $0.upstream == upstream && $0.call == call })
            return PlannedFault(
                fault: "server-error",
                anchor: Anchor(
                    fingerprint: entry.fingerprint, take: 1, attempt: 1, upstream: upstream,
                    call: call), parameters: FaultParameters())
        }
        self.tape = tape
        plan = Plan(cassette: tape.hash, faults: [try fault("llm", 1), try fault("shop", 2)])
    }

    func run(
        _ verdict: Verdict, _ signature: FailureSignature? = nil, at ordinals: [Int],
        reason: String = ""
    ) -> Observation {
        Observation(
            verdict: verdict, reason: reason, signature: signature, digest: Digest(hashing: []),
            anchors: ordinals.map { ReachedAnchor(ordinal: $0, attempt: 1) })
    }

    /// A judge that has seen a bad version which asks for all.
    func judge() -> BisectJudge {
        BisectJudge(
            Self.bug, plan: plan, tape: tape,
            bad: [run(.violated, Self.bug, at: [1, 2, 3, 4, 5])])
    }

    func kind(_ answer: BisectAnswer) -> BisectSkip.Kind? { answer.skip?.kind }

    @Test("The same signature is bad, a pass is good, all else says nothing")
    func answers() {
        let judge = judge()
        #expect(judge.answer(run(.violated, Self.bug, at: [1, 2])) == .bad)
        #expect(judge.answer(run(.passed, at: [1, 2, 3, 4])) == .good)
        #expect(kind(judge.answer(run(.crashed, ShrinkFixture.otherBug, at: [1]))) == .otherFailure)
        #expect(kind(judge.answer(run(.invalid, at: []))) == .invalid)
    }

    @Test("Requests that left the tape and calls that are not made are drift, not a culprit")
    func drift() {
        let judge = judge()
        for verdict in [Verdict.offTape, .passedAssumed] {
            let answer = judge.answer(run(verdict, at: [1], reason: "no such order"))
            #expect(kind(answer) == .drift)
            #expect(answer.skip?.text.contains("the request changed here; no such order") == true)
        }
        let lost = judge.answer(run(.passed, at: [1, 2, 3]))
        #expect(kind(lost) == .drift)
        #expect(lost.skip?.reason.contains("call 2 of shop is not made") == true)
    }

    @Test("A call that the good version does not make either is missed nowhere")
    func learns() {
        var judge = judge()
        judge.learn(good: [run(.passed, at: [1, 2])])
        #expect(judge.answer(run(.passed, at: [1])) == .good)
        #expect(kind(judge.answer(run(.passed, at: [2]))) == .drift)
        #expect(judge.unmetAtGood.map(\.anchor.upstream) == ["shop"])
        #expect(!judge.goodMeetsNothing)
        judge.learn(good: [run(.passed, at: [2])])
        #expect(judge.goodMeetsNothing)
    }

    @Test("A failure before the first request, or before any fault, is another one")
    func premature() {
        let judge = judge()
        #expect(kind(judge.answer(run(.violated, Self.bug, at: []))) == .start)
        #expect(kind(judge.answer(run(.violated, Self.bug, at: [2, 3]))) == .otherFailure)
        let silent = BisectJudge(
            Self.bug, plan: Plan(cassette: tape.hash), tape: tape,
            bad: [run(.violated, Self.bug, at: [])])
        #expect(silent.answer(run(.violated, Self.bug, at: [])) == .bad)
    }

    @Test("Of many runs one that is bad decides, and one that says nothing spoils a pass")
    func many() {
        let judge = judge()
        let good = run(.passed, at: [1, 4])
        let bad = run(.violated, Self.bug, at: [1])
        let other = run(.crashed, ShrinkFixture.otherBug, at: [1])
        #expect(judge.answer([good, other, bad]) == .bad)
        #expect(kind(judge.answer([good, other, good])) == .otherFailure)
        #expect(judge.answer([good, good]) == .good)
    }

    @Test("On another recording faults are found by fingerprint, else by their call")
    func moves() throws {
        let other = try ExplorerFixture.tape([
            ("shop", ExplorerFixture.order(7), ExplorerFixture.response(["{}"])),
            ("shop", ExplorerFixture.order(8), ExplorerFixture.response(["{}"])),
            (
                "llm", ExplorerFixture.chat("question 1"), ExplorerFixture.words(["Answer"])
            ),
        ])
        let moved = judge().moved(to: other)
        #expect(moved.answer(run(.passed, at: [2, 3])) == .good)
        #expect(kind(moved.answer(run(.passed, at: [1, 3]))) == .drift)
        let short = judge().moved(to: try ExplorerFixture.tape(count: 1))
        #expect(
            short.answer(run(.passed, at: [1])).skip?.reason.contains("not on the tape") == true)
    }
}

@Suite("The report of a bisection")
struct BisectReportTests {
    static let versions = (1...3).map { number in
        BisectReport.Version(
            String(repeating: String(number), count: 40), text: "change \(number)\u{1B}[2J",
            author: "A <a@example.org>", date: "2026-01-0\(number)")
    }

    static func report(_ outcome: BisectReport.Outcome) -> BisectReport {
        var report = BisectReport(
            .commits, outcome: outcome, signature: ShrinkFixture.bug,
            trials: [
                .init(versions[2], .bad, runs: 10, grade: "B"),
                .init(versions[0], .good, runs: 2, grade: "A"),
                .init(versions[1], .skipped(BisectSkip(.drift, "call 1")), runs: 1, grade: "A"),
            ], repetition: Repetition(failures: 10, of: 10))
        report.check = "stormtape replay"
        return report
    }

    @Test("names the culprit with its author, what was tried, and how to check it")
    func found() throws {
        let report = Self.report(.found(Self.versions[2]))
        let text = report.lines().joined(separator: "\n")
        #expect(text.hasPrefix("The first bad commit is 333333333333 change 3"))
        for part in [
            "A <a@example.org>", "2026-01-03", "violated refund_once", "anchor drift: call 1",
            "check: stormtape replay", "good means 2 of 2 passed", "(10 runs)",
        ] { #expect(text.contains(part), "\(part) in\n\(text)") }
        #expect(!text.unicodeScalars.contains("\u{1B}"))
        #expect(report.json["culprit"]?["version"]?.stringValue == Self.versions[2].name)
        #expect(report.json["found"]?.boolValue == true)
        #expect(report.json["trials"]?.arrayValue?.count == 3)
    }

    @Test("lists the candidates when versions that say nothing are in the way")
    func between() {
        let report = Self.report(.between([Self.versions[1], Self.versions[2]]))
        let text = report.lines().joined(separator: "\n")
        #expect(text.contains("one of these 2"))
        #expect(text.contains("  222222222222 change 2"))
        #expect(!report.isFound)
        #expect(report.json["candidates"]?.arrayValue?.count == 2)
    }

    @Test("names how often a version had to pass, however that was settled")
    func repeats() {
        let estimate = Repetition(failures: 9, of: 10)
        for (repetition, given, needed) in [
            (nil, nil, 2), (estimate, nil, 3), (nil, 5, 5),
        ] as [(Repetition?, Int?, Int64)] {
            let report = BisectReport(
                .values, outcome: .refused("it passes"), repetition: repetition, repeats: given)
            #expect(report.json["repeats"]?.intValue == needed)
        }
    }

    @Test("says why there is nothing to search for")
    func refused() {
        let report = Self.report(.refused("it passes"))
        #expect(report.lines()[0] == "Nothing to bisect: it passes")
        #expect(report.json["reason"]?.stringValue == "it passes")
    }
}
