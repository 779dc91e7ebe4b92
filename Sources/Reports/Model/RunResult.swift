package import Determinism
package import Faults
package import Judgement
package import Simulation

/// One run, judged, with its whole trace.
package struct RunResult: Hashable, Sendable {
    /// The seed that it was expanded from; nil for a run of a given plan.
    package var seed: Seed?
    /// The closed plan.
    package var plan: Plan
    /// The closed plan as a text that can be pasted.
    package var planBlob: String
    /// The identity of the run.
    package var digest: Digest
    /// What it amounts to, and why.
    package var ruling: Ruling
    /// How much of it was under control.
    package var grade: Grade
    /// How long it took on the clock of the run.
    package var virtualTime: SimDuration
    /// The faults that were planned before it began.
    package var planned: [PlannedFault]
    /// The log.
    package var trace: Trace
    /// What each invariant says.
    package var invariants: [InvariantResult]
    /// The command that does it again, without a label.
    package var reproduce: String

    package init(
        seed: Seed?, plan: Plan, planBlob: String, digest: Digest, ruling: Ruling, grade: Grade,
        virtualTime: SimDuration, planned: [PlannedFault], trace: Trace,
        invariants: [InvariantResult], reproduce: String
    ) {
        self.seed = seed
        self.plan = plan
        self.planBlob = planBlob
        self.digest = digest
        self.ruling = ruling
        self.grade = grade
        self.virtualTime = virtualTime
        self.planned = planned
        self.trace = trace
        self.invariants = invariants
        self.reproduce = reproduce
    }

    /// The verdict.
    package var verdict: Verdict { ruling.verdict }

    /// What reports of many runs need of this one.
    package var summary: RunSummary { RunSummary(self) }
}
