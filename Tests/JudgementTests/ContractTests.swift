import Determinism
import Judgement
import Testing

@Suite("Contracts")
struct ContractTests {
    private func cell(
        _ invariant: String, _ scenario: String, _ seed: UInt64, _ outcome: CellOutcome,
        _ severity: Severity = .medium
    ) -> Cell {
        Cell(
            run: RunKey(scenario: scenario, seed: Seed(seed)), invariant: invariant,
            severity: severity, outcome: outcome)
    }

    private func contract(_ gates: ContractGates = ContractGates()) -> Contract {
        Contract(
            requirements: [
                .init(invariant: "no_pii", severity: .critical),
                .init(invariant: "ends", severity: .high),
                .init(invariant: "polite", severity: .low),
            ], scenarios: ["calm", "outage"], gates: gates)
    }

    /// Every invariant in both scenarios, two seeds each; what is broken is given.
    private func cells(broken: [(invariant: String, scenario: String, seed: UInt64)]) -> [Cell] {
        ["calm", "outage"].flatMap { scenario in
            (1...2).flatMap { (seed: UInt64) in
                [("no_pii", Severity.critical), ("ends", .high), ("polite", .low)].map { row in
                    let isBroken = broken.contains { $0 == (row.0, scenario, seed) }
                    return cell(row.0, scenario, seed, isBroken ? .broken : .held, row.1)
                }
            }
        }
    }

    @Test("a contract that is kept has no reasons")
    func kept() throws {
        let verdict = try contract().judge(cells(broken: []))
        #expect(verdict.passed)
        #expect(verdict.score == Fraction(1, 1))
        #expect(verdict.matrix.resilience.text(decimals: 2) == "100.00")
        #expect(verdict.card.runs == PassShare(passed: 4, total: 4))
    }

    @Test("one broken critical invariant fails it, whatever the score")
    func critical() throws {
        let gates = ContractGates(minScore: try #require(Ratio(1, 2)))
        let verdict = try contract(gates).judge(cells(broken: [("no_pii", "outage", 2)]))
        #expect(verdict.reasons.map(\.gate) == [.critical])
        #expect(
            verdict.reasons[0].message
                == "critical `no_pii` is broken in 1 of 2 judged runs of `outage`")
        // Σ held = 4 · (3 + 2 + 1) - 3 = 21 of 24.
        #expect(verdict.score == Fraction(21, 24))
        // The matrix counts each cell once: 3 + 2·2 + 2·1 = 9 of 12.
        #expect(verdict.matrix.resilience.text(decimals: 2) == "75.00")
        #expect(verdict.matrix.rows[0].cells.map(\.outcome) == [.held, .broken])
    }

    @Test("by default nothing may be broken; a minimum score allows for something")
    func minimumScore() throws {
        let broken = cells(broken: [("polite", "calm", 1)])
        let strict = try contract().judge(broken)
        #expect(strict.reasons.map(\.gate) == [.score])
        #expect(
            strict.reasons[0].message
                == "the score 95.83 % (23/24) is below the wanted 100.00 %")
        let exact = ContractGates(minScore: try #require(Ratio(23, 24)))
        #expect(try contract(exact).judge(broken).passed)
    }

    @Test("each scenario needs its sample")
    func sample() throws {
        let few = cells(broken: []).filter { $0.run.scenario == "calm" || $0.run.seed == Seed(1) }
        let verdict = try contract(ContractGates(minSample: 2)).judge(few)
        #expect(verdict.reasons.map(\.gate) == [.sample])
        #expect(verdict.reasons[0].message == "`outage` has 1 judged run, at least 2 wanted")
        // A scenario that never ran is not passed over.
        let calm = few.filter { $0.run.scenario == "calm" }
        let absent = try contract().judge(calm)
        #expect(
            absent.reasons.map(\.message) == ["`outage` has 0 judged runs, at least 1 wanted"])
        #expect(absent.matrix.rows[0].cells[1].outcome == .unjudged)
    }

    @Test("what the contract does not name gets a row of its own")
    func furtherRows() throws {
        let hung = cell(Cell.endingInvariant, "outage", 2, .broken, .critical)
        let verdict = try contract().judge(cells(broken: []) + [hung])
        #expect(
            verdict.matrix.rows.map(\.invariant)
                == ["no_pii", "ends", "polite", Cell.endingInvariant])
        #expect(verdict.reasons.map(\.gate) == [.critical, .score])
    }

    @Test("a matrix that is empty, or in which nothing was judged, is an error")
    func errors() throws {
        let failures: [(Contract, [Cell], ContractError.Code)] = [
            (Contract(requirements: [], scenarios: ["calm"]), cells(broken: []), .noInvariants),
            (
                Contract(
                    requirements: [.init(invariant: "a", severity: .low)], scenarios: []),
                [], .noScenarios
            ),
            (contract(), [], .nothingJudged),
            (contract(), [cell("polite", "calm", 1, .unjudged)], .nothingJudged),
            (contract(), [cell("polite", "calm", 1, .invalid)], .nothingJudged),
            (contract(), [cell(Cell.endingInvariant, "calm", 1, .held)], .nothingJudged),
            (contract(), [cell("polite", "storm", 1, .held)], .unknownScenario),
            (contract(ContractGates(minSample: 0)), cells(broken: []), .wrongGate),
            (
                Contract(
                    requirements: contract().requirements, scenarios: ["calm", "outage", "calm"]),
                cells(broken: []), .repeatedName
            ),
        ]
        for (contract, cells, code) in failures {
            let error = #expect(throws: ContractError.self) { try contract.judge(cells) }
            #expect(error?.code == code)
            #expect(error?.place.isEmpty == false)
        }
    }
}
