import Determinism
import Faults
import Judgement
import Search
import Testing

@testable import Runner

@Suite("The tally of what became of rules")
struct CellTallyTests {
    private static let verdicts: [Verdict] = [
        .passed, .violated, .hung, .crashed, .offTape, .passedAssumed, .nondeterministic, .invalid,
    ]
    private static let faults = ["server-error", "conn-reset-mid-body", "ttfb-spike"]

    /// Cells of so many runs, each with rules, faults and a verdict that its number draws; the runs
    /// have no key.
    private static func runs(_ count: Int) -> [[Cell]] {
        (0..<count).map { number in
            let draws = KeyedRandom(
                seed: Seed(3), callID: UInt64(number), take: 0, attempt: 0)
            func drawn(_ count: Int, _ lane: UInt16) -> Int {
                Int(draws.below(UInt64(count), .parameter, lane: lane))
            }
            let results = ["ends_well", "asks_once"].enumerated().map { place, name in
                let isJudged = drawn(3, UInt16(10 + place)) > 0
                return (
                    result: InvariantResult(
                        id: name, invariant: .null,
                        passed: !isJudged || drawn(2, UInt16(20 + place)) > 0, message: "",
                        isJudged: isJudged),
                    severity: place == 0 ? Severity.critical : .low
                )
            }
            return Cell.cells(
                of: RunKey(scenario: "storm"),
                strain: Strain(fired: Array(faults.prefix(drawn(4, 1)))),
                verdict: verdicts[drawn(verdicts.count, 2)], results: results)
        }
    }

    /// The cells of every single run under a key of its own.
    private static func single(_ runs: [[Cell]]) -> [Cell] {
        runs.enumerated().flatMap { number, cells in
            cells.map { cell in
                var cell = cell
                cell.run.plan = String(number + 1)
                return cell
            }
        }
    }

    @Test("A contract comes to the same numbers as with the cells of every run")
    func sameNumbers() throws {
        let runs = Self.runs(3_000)
        var tally = CellTally()
        for cells in runs { tally.add(cells) }
        #expect(tally.cells.count < 1_000, "\(tally.cells.count) cells are kept")
        let contract = Contract(
            requirements: [
                Contract.Requirement(invariant: "ends_well", severity: .critical),
                Contract.Requirement(invariant: "asks_once", severity: .low),
            ],
            scenarios: ["storm"], gates: ContractGates(minSample: 2_900))
        let single = try contract.judge(Self.single(runs))
        let tallied = try contract.judge(tally.cells)
        #expect(tallied == single)
        // All kinds of numbers are there to be compared.
        #expect(single.card.invalidRuns > 0 && single.card.unjudgedRuns > 0)
        #expect(Set(single.reasons.map(\.gate)) == Set(ContractVerdict.Gate.allCases))
        #expect(single.card.categories.count > 2)
    }

    @Test("No run is no cell")
    func empty() {
        #expect(CellTally().cells.isEmpty)
    }
}
