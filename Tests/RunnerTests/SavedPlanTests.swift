import Determinism
import Faults
import Judgement
import Scenarios
import Testing

@testable import Runner

@Suite("Failures that were saved")
struct SavedPlanTests {
    private static let some = Tolerance(minPass: .never)

    @Test(
        "What is replayed decides the exit code where no run may fail or leave the tape",
        arguments: [
            (0, [], Tolerance(), 0),
            (0, [.passed], Tolerance(), 0),
            (0, [.passed, .violated], Tolerance(), 1),
            (3, [.hung], Tolerance(), 1),
            (0, [.crashed], some, 0),
            (3, [.crashed], some, 3),
            (0, [.offTape], Tolerance(), 3),
            (0, [.passedAssumed], Tolerance(), 3),
            (0, [.passedAssumed, .offTape], Tolerance(maxOffTape: 1), 3),
            (0, [.passedAssumed, .passed], Tolerance(maxOffTape: 1), 0),
            (0, [.offTape], some, 3),
            (0, [.offTape, .violated], Tolerance(), 1),
            (0, [.offTape, .violated], some, 3),
            (0, [.invalid], Tolerance(), 0),
            (1, [.offTape], Tolerance(), 1),
            (5, [.offTape], Tolerance(), 5),
            (5, [.violated], Tolerance(), 5),
            (1, [.nondeterministic], Tolerance(), 4),
            (0, [.offTape, .violated, .nondeterministic], some, 4),
        ] as [(Int32, [Verdict], Tolerance, Int32)])
    func exitCode(code: Int32, verdicts: [Verdict], tolerance: Tolerance, wanted: Int32) {
        #expect(
            SavedPlan.exitCode(code, verdicts: verdicts, tolerance: tolerance) == wanted)
    }

    @Test("A plan of a file and of rows of the ledger is one, and keeps all its numbers")
    func merged() throws {
        func saved(_ seed: UInt64, _ origin: String, _ ids: [Int64]) throws -> SavedPlan {
            let plan = Plan(cassette: Digest(hashing: [1]), order: Seed(seed))
            return try #require(
                SavedPlan(
                    blob: PlanBlob.encode(plan), signature: "hung", origin: origin, ids: ids,
                    cassette: Digest(hashing: [2])
                ) { _ in })
        }
        let merged = SavedPlan.merged([
            try saved(1, "a.failure", []), try saved(2, "row 7", [7]),
            try saved(1, "row 8", [8]), try saved(1, "row 9", [9]),
        ])
        #expect(merged.map(\.origin) == ["a.failure", "row 7"])
        #expect(merged.map(\.ids) == [[8, 9], [7]])
    }
}
