internal import Determinism
internal import Faults
internal import Judgement

/// A storm or a single run, as formats that show many runs take it.
struct ReportInput {
    let scenario: String
    let runs: [RunSummary]
    /// The digest of the storm, or of the one run.
    let digest: Digest
    /// Nil when it is not known.
    let cassette: Digest?
    /// Nil when the command does not say.
    let exitCode: Int32?
    /// Failures of earlier storms that failed again; they are no runs of this one.
    let savedFailures: [SavedFailure]

    init(_ storm: StormResult) {
        scenario = storm.scenario
        runs = storm.runs
        digest = storm.digest
        cassette = storm.cassette
        exitCode = storm.exitCode
        savedFailures = storm.savedFailures.filter(\.stillFails)
    }

    init(_ run: RunSummary, scenario: String, cassette: Digest?) {
        self.scenario = scenario
        runs = [run]
        digest = run.digest
        self.cassette = cassette
        exitCode = nil
        savedFailures = []
    }

    /// How long all runs took together.
    var virtualTime: SimDuration {
        runs.reduce(.zero) { $0 + $1.virtualTime }
    }

    var failureCount: Int { runs.count(where: \.verdict.isFailure) }

    var passedCount: Int { runs.count { $0.verdict == .passed } }

    /// Whether not one run failed or says nothing.
    var isAllPassed: Bool { passedCount == runs.count }

    /// Whether something failed, in this storm or as an earlier one did.
    var isFailed: Bool { failureCount > 0 || !savedFailures.isEmpty }

    /// Whether the command, if it says so, ends well.
    var endsWell: Bool { exitCode ?? ExitCodes.passed == ExitCodes.passed }

    /// `4 of 60 runs failed`, or what else is to be said first.
    ///
    /// What is bad comes before what is good; what waits for a judge is said last.
    var headline: String {
        outcome + (OpenVerdicts.text(of: runs).map { "; \($0)" } ?? "")
    }

    private var outcome: String {
        let count = savedFailures.count
        let noun = count == 1 ? "saved failure still fails" : "saved failures still fail"
        if count > 0 {
            let saved = "\(count) \(noun)"
            return failureCount > 0 ? "\(runsText); \(saved)" : "\(saved); \(runsText)"
        }
        // Failures, and that no run took place, say themselves why a storm does not end well.
        guard !isFailed, !runs.isEmpty, !endsWell, let exitCode else { return runsText }
        return "exit code \(exitCode), though \(runsText)"
    }

    private var runsText: String {
        let count = runs.count
        let noun = count == 1 ? "run" : "runs"
        if count == 0 { return "no run took place" }
        if failureCount > 0 { return "\(failureCount) of \(count) \(noun) failed" }
        if isAllPassed { return count == 1 ? "the run passed" : "all \(count) runs passed" }
        return "\(passedCount) of \(count) \(noun) passed, none failed"
    }

    var mark: String {
        isFailed ? "✗" : isAllPassed && !runs.isEmpty && endsWell ? "✓" : "!"
    }
}

extension RunSummary {
    /// `seed 7`, or the begin of the plan's digest, which no version of an agent changes.
    var label: String {
        seed.map { "seed \($0)" } ?? "plan \(planDigest.hex.prefix(12))"
    }

    /// `seed 7: tool-timeout, http-429`: the same for every version of an agent, for what is
    /// planned depends on the seed and the cassette only.
    var title: String {
        let faults = planned.map { BoundedText.line($0.fault, 60) }
        guard !faults.isEmpty else { return label + ": no fault" }
        let more = faults.count > 6 ? " and \(faults.count - 6) more" : ""
        return label + ": " + faults.prefix(6).joined(separator: ", ") + more
    }

    /// What decided the verdict, and what else broke.
    var reasonLines: [String] {
        let broken = broken.map { "\($0.id): \($0.message)" }
        return ([ruling.reason] + broken.filter { $0 != ruling.reason }).filter { !$0.isEmpty }
    }

    /// The hash of the plan in the form in which it is pasted.
    var planDigest: Digest { Digest(hashing: Array(plan.utf8)) }
}

/// Gives every run a name that no other has: readers keep one case of each name.
struct CaseNames {
    private var counts: [String: Int] = [:]

    mutating func name(_ run: RunSummary) -> String {
        let title = run.title
        let count = (counts[title] ?? 0) + 1
        counts[title] = count
        return count == 1 ? title : "\(title) (\(count))"
    }
}

extension FailureGroup {
    /// `violated after tool-timeout`.
    var headline: String {
        let run = example
        let cause = run.verdict.isFailure ? FailureGroup.cause(of: run) : nil
        return run.verdict.rawValue + (cause.map { " after \(BoundedText.line($0, 60))" } ?? "")
    }

    /// `seed 1 and 11 more`.
    var runsText: String {
        others.isEmpty ? example.label : "\(example.label) and \(others.count) more"
    }
}
