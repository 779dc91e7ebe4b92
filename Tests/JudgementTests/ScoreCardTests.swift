import Determinism
import Faults
import Judgement
import Testing

@Suite("Score cards")
struct ScoreCardTests {
    private static let status = Strain(category: "status", weight: 4)

    /// Four runs, two invariants; the weights are 3 for `a` and 1 for `b`, times the strain's.
    ///
    /// | seed | strain | a | b |
    /// |---|---|---|---|
    /// | 1 | undisturbed, 1 | held 3 | broken 1 |
    /// | 2 | status, 4 | held 12 | held 4 |
    /// | 3 | status, 4 | broken 12 | unjudged |
    /// | 4 | status, 4 | invalid | invalid |
    ///
    /// Σ held = 3 + 12 + 4 = 19 of Σ judged = 3 + 1 + 12 + 4 + 12 = 32.
    private static let table: [Cell] =
        cells(1, .held, .broken, .undisturbed) + cells(2, .held, .held, status)
        + cells(3, .broken, .unjudged, status) + cells(4, .invalid, .invalid, status)

    private static func cells(
        _ seed: UInt64, _ a: CellOutcome, _ b: CellOutcome, _ strain: Strain,
        prompt: String = ""
    ) -> [Cell] {
        let run = RunKey(scenario: "outage", prompt: prompt, seed: Seed(seed))
        return [
            Cell(run: run, invariant: "a", severity: .critical, strain: strain, outcome: a),
            Cell(run: run, invariant: "b", severity: .medium, strain: strain, outcome: b),
        ]
    }

    @Test("the score weighs by severity and fault")
    func weighted() {
        let card = ScoreCard(Self.table)
        #expect(card.score == Fraction(19, 32))
        #expect(card.band == .poor)
        #expect(card.runs == PassShare(passed: 1, total: 3))
        #expect(card.invalidRuns == 1)
        #expect(card.unjudgedRuns == 0)
        #expect(card.cells.held == 3)
        #expect(card.cells.judged == 5)
        #expect(card.cells.unjudged == 1)
        #expect(card.cells.total == 8)
    }

    @Test("categories stand in the order of the catalogue, undisturbed runs first")
    func categories() {
        let other = Self.cells(5, .held, .held, Strain(category: "made-up", weight: 1))
        let transport = Self.cells(6, .held, .held, Strain(category: "transport", weight: 2))
        let card = ScoreCard(other + Self.table + transport)
        #expect(
            card.categories.map(\.category) == ["undisturbed", "transport", "status", "made-up"])
        #expect(card.categories[0].runs == PassShare(passed: 0, total: 1))
        #expect(card.categories[0].score == Fraction(3, 4))
        // Status alone: 16 of 28.
        #expect(card.categories[2].runs == PassShare(passed: 1, total: 2))
        #expect(card.categories[2].score == Fraction(4, 7))
    }

    @Test("nothing judged is no score, and not 100 %", arguments: [CellOutcome.unjudged, .invalid])
    func nothingJudged(outcome: CellOutcome) {
        let card = ScoreCard(Self.cells(1, outcome, outcome, .undisturbed))
        #expect(card.score == nil)
        #expect(card.band == nil)
        #expect(card.runs.interval == nil)
        #expect(ScoreCard([]).score == nil)
    }

    @Test(
        "bands",
        arguments: [
            (1, 1, ScoreBand.excellent), (9, 10, .excellent), (899, 1_000, .good), (4, 5, .good),
            (799, 1_000, .fair), (7, 10, .fair), (699, 1_000, .poor), (0, 1, .poor),
        ])
    func bands(passed: Int, total: Int, band: ScoreBand) throws {
        #expect(try ScoreBand(#require(Fraction(passed, total))) == band)
    }

    @Test("runs without a seed are told apart by their plans")
    func plansAlone() {
        let cells = ["p", "q"].map {
            Cell(
                run: RunKey(scenario: "s", plan: $0), invariant: "a", severity: .low,
                outcome: .held)
        }
        let card = ScoreCard(cells)
        #expect(card.runs == PassShare(passed: 2, total: 2))
    }

    @Test("a run has the family and the weight of its gravest fault")
    func strain() throws {
        let families = FaultCatalogue.families
        let kinds = try families.map { try #require($0.kinds.max { $0.weight < $1.weight }) }
        let heaviest = try #require(kinds.max { $0.weight < $1.weight })
        let lightest = try #require(FaultCatalogue.all.min { $0.weight < $1.weight })
        let both = Strain(fired: [lightest.id, heaviest.id])
        #expect(both.weight == heaviest.weight)
        #expect(both.category == FaultCatalogue.family(of: heaviest)?.name)
        #expect(Strain(fired: []) == .undisturbed)
        #expect(Strain(fired: ["no-such-fault"]) == Strain(category: "other", weight: 1))
        #expect(Strain(category: "x", weight: 9).weight == 5)
        #expect(Strain(category: "x", weight: 0).weight == 1)
    }

    @Test(
        "what a judged invariant counts as, by the verdict of its run",
        arguments: [
            (Verdict.passed, true, false, CellOutcome.held), (.violated, false, false, .broken),
            (.violated, true, false, .held), (.crashed, false, false, .broken),
            (.passedAssumed, true, false, .unjudged), (.passedAssumed, true, true, .held),
            (.offTape, true, true, .unjudged), (.offTape, false, false, .unjudged),
            (.nondeterministic, true, false, .invalid), (.invalid, false, false, .invalid),
        ])
    func outcomes(verdict: Verdict, holds: Bool, assumed: Bool, outcome: CellOutcome) throws {
        let result = InvariantResult(id: "a", invariant: ["a": 1], passed: holds, message: "")
        let cells = Cell.cells(
            of: RunKey(scenario: "s", seed: Seed(1)), strain: Self.status, verdict: verdict,
            results: [(result, .high)], countsAssumed: assumed)
        #expect(cells.map(\.invariant) == ["a", Cell.endingInvariant])
        #expect(cells[0].outcome == outcome)
        #expect(cells[0].weight == 8)
    }

    @Test("a run that hangs is broken, and one that only ended has shown nothing")
    func ending() throws {
        let run = RunKey(scenario: "s", seed: Seed(1))
        let waiting = InvariantResult(
            id: "a", invariant: ["a": 1], passed: true, message: "", isJudged: false)
        let cells = { (verdict: Verdict) in
            Cell.cells(
                of: run, strain: .undisturbed, verdict: verdict, results: [(waiting, .high)])
        }
        #expect(cells(.passed).map(\.outcome) == [.unjudged, .held])
        #expect(ScoreCard(cells(.passed)).score == nil)
        #expect(ScoreCard(cells(.passed)).unjudgedRuns == 1)
        #expect(ScoreCard(cells(.hung)).score == Fraction(0, 1))
        #expect(ScoreCard(cells(.hung)).runs == PassShare(passed: 0, total: 1))
        // A limit stopped it: violated, although no invariant is broken.
        #expect(cells(.violated).map(\.outcome) == [.unjudged, .broken])
    }

    @Test("a key is described in one line, hostile prompts too")
    func key() {
        let hostile = "a\u{1b}[31m\u{202e}b\n" + String(repeating: "x", count: 99)
        let text = RunKey(scenario: "outage", prompt: hostile, seed: Seed(7)).description
        #expect(text.hasPrefix("outage, seed 7, prompt \"a [31m b x"))
        #expect(text.hasSuffix("x…\""))
        #expect(text.count == 24 + 60 + 1)
        #expect(RunKey(scenario: "s", plan: "p") > RunKey(scenario: "s"))
    }
}
