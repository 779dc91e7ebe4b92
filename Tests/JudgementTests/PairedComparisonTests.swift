import Determinism
import Judgement
import Testing

@Suite("Comparison of two versions")
struct PairedComparisonTests {
    private func run(
        _ seed: UInt64, _ outcome: CellOutcome, weight: Int = 1, calls: Int? = nil,
        milliseconds: Int64? = nil
    ) -> ComparedRun {
        ComparedRun(
            run: RunKey(scenario: "outage", seed: Seed(seed)),
            strain: Strain(category: "status", weight: weight), outcome: outcome, calls: calls,
            virtualTime: milliseconds.map { .milliseconds($0) })
    }

    private func runs(_ outcomes: [CellOutcome]) -> [ComparedRun] {
        outcomes.enumerated().map { run(UInt64($0.offset + 1), $0.element) }
    }

    @Test("runs are paired by key, in any order")
    func pairing() {
        let a = runs([.held, .held, .broken, .broken, .held])
        let b = Array(runs([.held, .broken, .held, .broken, .held]).reversed())
        let comparison = PairedComparison(a: a, b: b)
        #expect(comparison.table == PairedTable(both: 2, onlyA: 1, onlyB: 1, neither: 1))
        #expect(comparison.table.difference == Fraction(0, 5))
        #expect(comparison.lost.map(\.run.seed) == [Seed(2)])
        #expect(comparison.gained.map(\.run.seed) == [Seed(3)])
        #expect(comparison.conclusion == .undecided)
    }

    @Test("what cannot be paired or judged is counted, not compared")
    func leftOut() {
        let a = [run(1, .held), run(2, .held), run(3, .unjudged), run(4, .held), run(1, .broken)]
        let b = [run(9, .held), run(1, .held), run(3, .held), run(4, .invalid)]
        let comparison = PairedComparison(a: a, b: b)
        #expect(comparison.table == PairedTable(both: 1, onlyA: 0, onlyB: 0, neither: 0))
        #expect(comparison.onlyInA.map(\.seed) == [Seed(2)])
        #expect(comparison.onlyInB.map(\.seed) == [Seed(9)])
        #expect(comparison.unjudged.map(\.seed) == [Seed(3), Seed(4)])
        #expect(comparison.repeated == 1)
    }

    @Test("the heaviest difference comes first, then keys decide")
    func order() {
        let a = [(1, 1), (2, 5), (3, 2), (4, 5)].map { run($0.0, .held, weight: $0.1) }
        // With B a heavier fault of seed 1 fired.
        let b = [(4, 5), (1, 3), (2, 5), (3, 2)].map { run($0.0, .broken, weight: $0.1) }
        let comparison = PairedComparison(a: a, b: b)
        #expect(comparison.lost.map(\.run.seed?.rawValue) == [2, 4, 1, 3])
        #expect(comparison.lost.map(\.weight) == [5, 5, 3, 2])
        #expect(comparison.gained.isEmpty)
    }

    @Test(
        "a conclusion needs p below 5 %",
        arguments: [
            // Five against none: p = 2 / 2^5 = 0.0625; six: 2 / 2^6 = 0.03125.
            (5, 0, PairedComparison.Conclusion.undecided), (6, 0, .worse), (0, 6, .better),
            (0, 0, .undecided), (12, 2, .worse),
        ])
    func conclusion(lost: Int, gained: Int, conclusion: PairedComparison.Conclusion) {
        let same = Array(repeating: CellOutcome.held, count: 3)
        let a = Array(repeating: CellOutcome.held, count: lost)
        let b = Array(repeating: CellOutcome.held, count: gained)
        let comparison = PairedComparison(
            a: runs(same + a + b.map { _ in .broken }), b: runs(same + a.map { _ in .broken } + b))
        #expect(comparison.conclusion == conclusion)
        #expect(comparison.table.total == 3 + lost + gained)
    }

    @Test("measures are compared where both versions pass and both know them")
    func measures() throws {
        // B - A: +1, +3, 0, -2, +5 calls; seed 6 fails with B, seed 7 does not know its calls.
        let a = [4, 4, 4, 4, 4, 4].enumerated().map {
            run(UInt64($0.offset + 1), .held, calls: $0.element, milliseconds: 10)
        }
        let later = [5, 7, 4, 2, 9].enumerated().map {
            run(UInt64($0.offset + 1), .held, calls: $0.element, milliseconds: 10)
        }
        let comparison = PairedComparison(
            a: a + [run(7, .held)], b: later + [run(6, .broken, calls: 1), run(7, .held, calls: 9)])
        #expect(comparison.measures.map(\.kind) == [.calls, .virtualTime])
        let calls = try #require(comparison.measures.first)
        #expect((calls.higher, calls.lower, calls.equal) == (3, 1, 1))
        #expect(calls.median == Fraction(1, 1))
        // 2 (C(4,0) + C(4,1)) / 2^4 = 10 / 16.
        #expect(calls.p.billionths == 625_000_000)
        let time = comparison.measures[1]
        #expect(time.equal == 5)
        #expect(time.median == Fraction(0, 1))
        #expect(time.p == .one)
    }

    @Test("an even number of pairs has the mean of the two in the middle, huge ones too")
    func median() throws {
        let a = (1...4).map { run($0, .held, calls: 0) }
        let b = [-4, -1, 2, 8].enumerated().map {
            run(UInt64($0.offset + 1), .held, calls: $0.element)
        }
        let middle = PairedComparison(a: a, b: b).measures.first
        #expect(middle?.median == Fraction(1, 2))
        let huge = PairedComparison(
            a: [run(1, .held, calls: .min), run(2, .held, calls: 0)],
            b: [run(1, .held, calls: .max), run(2, .held, calls: .max)])
        #expect(huge.measures.first?.median.decimal.billionths == .max)
        #expect(huge.measures.first?.higher == 2)
    }

    @Test("no run at all says nothing")
    func empty() {
        let comparison = PairedComparison(a: [], b: [])
        #expect(comparison.table.total == 0)
        #expect(comparison.conclusion == .undecided)
        #expect(comparison.measures.isEmpty)
    }

    @Test("ten thousand pairs are compared at once")
    func many() {
        let a = runs((0..<10_000).map { $0.isMultiple(of: 3) ? .broken : .held })
        let b = runs((0..<10_000).map { $0.isMultiple(of: 5) ? .broken : .held })
        let comparison = PairedComparison(a: a, b: b)
        // Multiples of 3: 3,334; of 5: 2,000; of 15: 667.
        #expect(
            comparison.table == PairedTable(both: 5_333, onlyA: 1_333, onlyB: 2_667, neither: 667))
        #expect(comparison.conclusion == .better)
    }
}
