internal import Determinism
internal import Faults
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios

/// All storms of a command as one contract: invariants times scenarios, and one exit code.
struct StormContract {
    /// What became of the contract.
    enum Outcome {
        case judged(ContractVerdict)
        /// It cannot be judged, for this reason.
        case unjudged(String)
    }

    private(set) var storms: [StormResult] = []
    private let gates: GateSettings
    private var cells: [Cell] = []
    private var requirements: [Contract.Requirement] = []
    private var scenarios: [String] = []

    init(_ gates: GateSettings) {
        self.gates = gates
    }

    /// Adds the result of a storm.
    mutating func add(_ storm: StormResult, of storming: StormCase) throws(RunnerError) {
        storms.append(storm)
        if !scenarios.contains(storming.scenario) { scenarios.append(storming.scenario) }
        for run in storm.runs {
            let key = RunKey(
                scenario: storming.scenario, prompt: storming.prompt, seed: run.seed,
                plan: run.seed == nil ? run.digest.hex : "")
            var results: [(result: InvariantResult, severity: Severity)] = []
            for result in run.invariants {
                results.append((result, severity(of: result)))
            }
            cells += Cell.cells(
                of: key, strain: Strain(fired: run.fired.map(\.planned.fault)),
                verdict: run.verdict, results: results)
        }
    }

    private mutating func severity(of result: InvariantResult) -> Severity {
        if let known = requirements.first(where: { $0.invariant == result.id }) {
            return known.severity
        }
        let severity = (try? Invariant.parse(result.invariant))?.severity ?? .medium
        requirements.append(
            Contract.Requirement(invariant: result.id, severity: severity))
        return severity
    }

    /// Judges all that was added.
    var outcome: Outcome {
        let contract = Contract(
            requirements: requirements, scenarios: scenarios,
            gates: ContractGates(
                minScore: gates.minScore ?? .never, minSample: gates.minRuns ?? 1))
        do {
            return .judged(try contract.judge(cells))
        } catch {
            return .unjudged(error.description)
        }
    }

    /// Why the contract is not kept, beside the runs that failed.
    ///
    /// That agents hang or crash is for `--min-pass` to tolerate or not.
    func reasons(_ verdict: ContractVerdict) -> [String] {
        let wanted = verdict.reasons.filter { reason in
            switch reason.gate {
            case .critical: false
            case .sample: gates.minRuns != nil
            case .score: gates.minScore != nil
            case .lowerBound, .unjudged: true
            }
        }
        return (gates.isCriticalDeciding ? broken(verdict.matrix) : []) + wanted.map(\.message)
    }

    private func broken(_ matrix: ContractMatrix) -> [String] {
        let rows = matrix.rows.filter {
            $0.severity == .critical && $0.invariant != Cell.endingInvariant
        }
        return rows.flatMap { row in
            row.cells.filter { $0.outcome == .broken }.map { cell in
                "critical `\(row.invariant)` is broken in \(cell.runs.broken) of "
                    + "\(cell.runs.judged) judged runs of `\(cell.scenario)`"
            }
        }
    }

    /// All reasons why the storms fail, for a report of them together.
    func allReasons(_ verdict: ContractVerdict) -> [String] {
        [tally].compactMap { $0 } + reasons(verdict)
    }

    /// Why the runs alone fail the command; nil when they do not.
    private var tally: String? {
        let verdicts = storms.flatMap { $0.runs.map(\.verdict) }
        switch ExitCodes.of(verdicts, tolerance: gates.tolerance) {
        case ExitCodes.failed:
            return "\(verdicts.count(where: \.isFailure)) of \(verdicts.count) runs failed"
        case ExitCodes.offTape:
            return "\(verdicts.count(where: \.isOffTape)) of \(verdicts.count) runs left the tape "
                + "or rest on assumed answers"
        case ExitCodes.nondeterministic: return "a plan gave two different runs"
        case ExitCodes.nothingValid: return "no run was valid"
        default: return nil
        }
    }

    /// The exit code of all: 4 before 1 before 3; 5 when nothing valid ran, or when a contract is
    /// asked for and nothing of it was judged.
    func exitCode(_ outcome: Outcome) -> Int32 {
        let code = ExitCodes.of(
            storms.flatMap { $0.runs.map(\.verdict) }, tolerance: gates.tolerance)
        guard code != ExitCodes.nondeterministic, code != ExitCodes.failed,
            code != ExitCodes.nothingValid
        else { return code }
        switch outcome {
        case .judged(let verdict):
            return reasons(verdict).isEmpty ? code : ExitCodes.failed
        case .unjudged:
            return gates.isContract && code == ExitCodes.passed ? ExitCodes.nothingValid : code
        }
    }
}
