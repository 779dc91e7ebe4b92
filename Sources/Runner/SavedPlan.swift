internal import Determinism
internal import Faults
package import Judgement
package import Reports
internal import Scenarios

/// A saved failure that is to be run again.
package struct SavedPlan {
    var plan: Plan
    var signature: String
    var origin: String
    /// Its numbers in the ledger; none when it is known from a file only.
    var ids: [Int64]

    /// Reads a plan; one that this version cannot run is told and left out.
    ///
    /// A plan of an earlier recording is put to the present one: its anchors may still be there.
    init?(
        blob: String, signature: String, origin: String, ids: [Int64], cassette: Digest,
        say: (String) -> Void
    ) {
        do {
            plan = try PlanBlob.decode(blob)
            _ = try Invariant.parse(all: plan.invariants)
        } catch {
            say("warning: a saved failure (\(signature), \(origin)) was left out: \(error)")
            return nil
        }
        plan.cassette = cassette
        self.signature = signature
        self.origin = origin
        self.ids = ids
    }

    /// Each plan once: one that is known from several places stands where it came first.
    static func merged(_ all: [SavedPlan]) -> [SavedPlan] {
        var merged: [SavedPlan] = []
        var places: [Plan: Int] = [:]
        for saved in all {
            if let place = places[saved.plan] {
                merged[place].ids += saved.ids
            } else {
                places[saved.plan] = merged.count
                merged.append(saved)
            }
        }
        return merged
    }

    /// The exit code of a storm, when saved failures were replayed before its seeds.
    ///
    /// Where every run must pass, they must pass too. Where some may fail they are only reported:
    /// they would count twice there, since most of them are runs of seeds that fail as before.
    /// So many of them may rest on what nobody recorded as runs of seeds may.
    package static func exitCode(
        _ code: Int32, replayed: [SavedFailure], tolerance: Tolerance
    ) -> Int32 {
        exitCode(code, verdicts: replayed.map(\.run.verdict), tolerance: tolerance)
    }

    static func exitCode(_ code: Int32, verdicts: [Verdict], tolerance: Tolerance) -> Int32 {
        if verdicts.contains(.nondeterministic) { return ExitCodes.nondeterministic }
        guard code == ExitCodes.passed || code == ExitCodes.offTape else { return code }
        if tolerance.minPass == .always, verdicts.contains(where: \.isFailure) {
            return ExitCodes.failed
        }
        return verdicts.count(where: \.isOffTape) > tolerance.maxOffTape
            ? ExitCodes.offTape : code
    }
}
