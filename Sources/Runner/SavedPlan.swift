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
    /// Its number in the ledger; nil when it came from a file.
    var id: Int64?

    /// Reads a plan; one that this version cannot run is told and left out.
    ///
    /// A plan of an earlier recording is put to the present one: its anchors may still be there.
    init?(
        blob: String, signature: String, origin: String, id: Int64?, cassette: Digest,
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
        self.id = id
    }

    /// The exit code of a storm, when saved failures were replayed before its seeds.
    ///
    /// Where every run must pass, they must pass too. Where some may fail they are only reported:
    /// they would count twice there, since most of them are runs of seeds that fail as before.
    package static func exitCode(
        _ code: Int32, replayed: [SavedFailure], tolerance: Tolerance
    ) -> Int32 {
        if replayed.contains(where: { $0.run.verdict == .nondeterministic }) {
            return ExitCodes.nondeterministic
        }
        let fails = replayed.contains { $0.run.verdict.isFailure }
        guard fails, tolerance.minPass == .always,
            code == ExitCodes.passed || code == ExitCodes.offTape
        else { return code }
        return ExitCodes.failed
    }
}
