import Judgement
import Testing

/// Tables computed by hand, and numbers that flakestorm's own lines give in Python.
@Suite("The formulas of flakestorm")
struct FlakestormScoreTests {
    private func decimal(_ text: String) throws -> FixedDecimal {
        try #require(FixedDecimal(text: text))
    }

    @Test("robustness weighs by the kind of mutation")
    func robustness() throws {
        // paraphrase 1.0 passes, noise 0.8 fails, prompt_injection 1.5 passes, jailbreak 2.0 fails:
        // (1.0 + 1.5) / (1.0 + 0.8 + 1.5 + 2.0) = 2.5 / 5.3 = 0.4717.
        let table = [
            ("paraphrase", true), ("noise", false), ("prompt_injection", true),
            ("advanced_jailbreak", false),
        ].map { (FlakestormScores.mutationWeight($0.0), $0.1) }
        #expect(FlakestormScores.robustness(table).text(decimals: 4) == "0.4717")
        // Seven of eight with the same weight: 0.8750, as `score` prints it.
        let even = (0..<8).map { (FixedDecimal.one, $0 != 3) }
        #expect(FlakestormScores.robustness(even).text(decimals: 4) == "0.8750")
        #expect(FlakestormScores.robustness([]) == .zero)
        #expect(FlakestormScores.robustness([(.zero, true)]) == .zero)
        #expect(FlakestormScores.mutationWeight("made_up") == .one)
    }

    @Test("resilience weighs by severity and rounds to two decimals")
    func resilience() {
        // critical passes (3), high fails (2), medium and low pass (1 + 1): 5 / 7 = 71.43.
        let mixed: [(Severity, Bool)] = [
            (.critical, true), (.high, false), (.medium, true), (.low, true),
        ]
        #expect(FlakestormScores.resilience(mixed).text(decimals: 2) == "71.43")
        #expect(!FlakestormScores.failsCriticalGate(mixed))
        // critical fails: 4 / 7 = 57.14, and the gate closes.
        let grave: [(Severity, Bool)] = [
            (.critical, false), (.high, true), (.medium, true), (.low, true),
        ]
        #expect(FlakestormScores.resilience(grave).text(decimals: 2) == "57.14")
        #expect(FlakestormScores.failsCriticalGate(grave))
        #expect(FlakestormScores.resilience([]).text(decimals: 1) == "100.0")
        #expect(FlakestormScores.resilience([(.low, false)]) == .zero)
    }

    @Test(
        "a half is rounded as its floating point does",
        arguments: [
            // 23 / 160 * 100.0 is 14.374999…; 1 / 32 * 100.0 is 3.125 exactly.
            (23, 160, "14.37"), (1, 32, "3.12"), (3, 32, "9.38"), (1, 3, "33.33"), (2, 3, "66.67"),
            (1_999, 2_000, "99.95"), (19_999, 20_000, "100.00"), (1, 20_000, "0.01"),
        ])
    func pythonRounding(passed: Int, total: Int, text: String) {
        let cells = (0..<total).map { (Severity.low, $0 < passed) }
        #expect(FlakestormScores.resilience(cells).text(decimals: 2) == text)
    }

    @Test("the overall score leaves out phases that did not run")
    func overall() throws {
        let weights = FlakestormScores.phaseWeights
        #expect(weights.map(\.phase) == ["mutation", "chaos", "contract", "replay"])
        let scores = try ["0.9", "0.5", "0.7143", "1"].map { try decimal($0) }
        // 0.9·0.2 + 0.5·0.35 + 0.7143·0.35 + 1·0.1 = 0.18 + 0.175 + 0.250005 + 0.1 = 0.705005.
        let all = zip(scores, weights.map(\.weight)).map { ($0, $1) }
        #expect(try FlakestormScores.overall(all) == decimal("0.705005"))
        // Without chaos and replay: (0.18 + 0.250005) / 0.55 = 0.781827….
        let two = [all[0], all[2]]
        #expect(FlakestormScores.overall(two).text(decimals: 6) == "0.781827")
        #expect(FlakestormScores.overall([]) == .one)
    }

    @Test("ci passes when every phase reaches the minimum")
    func continuousIntegration() throws {
        let (low, high) = (try decimal("0.7"), try decimal("0.9"))
        let minimum = try decimal("0.8")
        let passes = { (phases: [FixedDecimal], overall: FixedDecimal, critical: Bool) in
            FlakestormScores.passes(
                phases: phases, overall: overall, failsCriticalGate: critical, minimum: minimum)
        }
        #expect(passes([high, minimum], high, false))
        #expect(!passes([high, low], high, false))
        #expect(!passes([high], low, false))
        #expect(!passes([high], high, true))
    }

    @Test("the percentile is floored: p99 of 100 values is not the largest")
    func percentile() {
        let values = Array((1...100).reversed())
        // int(0.5 · 99) = 49, int(0.95 · 99) = 94, int(0.99 · 99) = 98, counted from 0.
        #expect(FlakestormScores.flooredPercentile(50, of: values) == 50)
        #expect(FlakestormScores.flooredPercentile(95, of: values) == 95)
        #expect(FlakestormScores.flooredPercentile(99, of: values) == 99)
        #expect(FlakestormScores.flooredPercentile(99, of: [7]) == 7)
        #expect(FlakestormScores.flooredPercentile(100, of: [7, 9]) == 9)
        #expect(FlakestormScores.flooredPercentile(-5, of: [7, 9]) == 7)
        #expect(FlakestormScores.flooredPercentile(99, of: [Int]()) == nil)
    }
}
