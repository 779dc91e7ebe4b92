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
    private var verdicts: [Verdict] = []
    private let gates: GateSettings
    private var cells: [Cell] = []
    private var requirements: [Contract.Requirement] = []
    private var scenarios: [String] = []

    init(_ gates: GateSettings) {
        self.gates = gates
    }

    /// Adds the result of a storm.
    mutating func add(_ storm: StormResult, of storming: StormCase) {
        storms.append(storm)
        add(
            storm.cells(scenario: storming.scenario, prompt: storming.prompt),
            storm.runs.map(\.verdict), of: storming)
    }

    /// Adds runs by their cells and verdicts.
    mutating func add(_ added: [Cell], _ verdicts: [Verdict], of storming: StormCase) {
        self.verdicts += verdicts
        if !scenarios.contains(storming.scenario) { scenarios.append(storming.scenario) }
        for cell in added where cell.invariant != Cell.endingInvariant { demand(cell) }
        cells += added
    }

    /// One invariant may stand in the configuration and in a scenario: its row is as grave as the
    /// gravest of them, whichever is read first.
    private mutating func demand(_ cell: Cell) {
        let place = requirements.firstIndex { $0.invariant == cell.invariant }
        guard let place else {
            requirements.append(
                Contract.Requirement(invariant: cell.invariant, severity: cell.severity))
            return
        }
        if Self.rank(cell.severity) < Self.rank(requirements[place].severity) {
            requirements[place].severity = cell.severity
        }
    }

    /// The gravest severity is the first.
    private static func rank(_ severity: Severity) -> Int {
        Severity.allCases.firstIndex(of: severity) ?? 0
    }

    /// Whether each scenario must have a judged run: a column of several in which nothing was
    /// judged would stand beside the others as if it were kept.
    private var demandsSample: Bool { gates.isContract || storms.count > 1 }

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
        critical(verdict) + missed(verdict).map(\.message)
    }

    private func critical(_ verdict: ContractVerdict) -> [String] {
        gates.isCriticalDeciding ? broken(verdict.matrix) : []
    }

    /// The gates beside the critical one that are not reached, of those that are asked for.
    private func missed(_ verdict: ContractVerdict) -> [ContractVerdict.Reason] {
        verdict.reasons.filter { reason in
            switch reason.gate {
            case .critical: false
            case .sample: demandsSample
            case .score: gates.minScore != nil
            }
        }
    }

    private func broken(_ matrix: ContractMatrix) -> [String] {
        let rows = matrix.rows.filter {
            $0.severity == .critical && $0.invariant != Cell.endingInvariant
        }
        return rows.flatMap { row in
            row.cells.filter { isCritical(row.invariant, in: $0.scenario) }.map { cell in
                "critical `\(row.invariant)` is broken in \(cell.runs.broken) of "
                    + "\(cell.runs.judged) judged runs of `\(cell.scenario)`"
            }
        }
    }

    /// Whether a run of the scenario breaks the invariant where it is critical.
    private func isCritical(_ invariant: String, in scenario: String) -> Bool {
        cells.contains {
            $0.outcome == .broken && $0.severity == .critical && $0.invariant == invariant
                && $0.run.scenario == scenario
        }
    }

    /// Says of a single storm why it fails where its runs do not show it.
    func tell(_ outcome: Outcome) {
        switch outcome {
        case .unjudged(let why):
            if gates.isContract { Terminal.complain(VisibleText.escaped(why)) }
        case .judged(let verdict):
            for reason in reasons(verdict) { Terminal.complain(VisibleText.escaped(reason)) }
        }
    }

    /// All reasons why the storms fail, for a report of them together.
    func allReasons(_ verdict: ContractVerdict) -> [String] {
        [tally].compactMap { $0 } + reasons(verdict)
    }

    /// Why the runs alone fail the command; nil when they do not.
    private var tally: String? {
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

    /// The exit code of all: 4 before 1 before 3; 5 when nothing valid ran, or when nothing was
    /// judged of a contract or of one of its scenarios.
    func exitCode(_ outcome: Outcome) -> Int32 {
        let code = ExitCodes.of(verdicts, tolerance: gates.tolerance)
        guard code != ExitCodes.nondeterministic, code != ExitCodes.failed,
            code != ExitCodes.nothingValid
        else { return code }
        switch outcome {
        case .judged(let verdict):
            if reasons(verdict).isEmpty { return code }
            // Where nobody set a number of runs, a scenario without a judged one shows nothing.
            let showsNothing =
                gates.minRuns == nil && critical(verdict).isEmpty
                && missed(verdict).allSatisfy { $0.gate == .sample }
            guard showsNothing else { return ExitCodes.failed }
            return code == ExitCodes.passed ? ExitCodes.nothingValid : code
        case .unjudged:
            return demandsSample && code == ExitCodes.passed ? ExitCodes.nothingValid : code
        }
    }
}
