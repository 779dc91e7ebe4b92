public import Cassette
public import Faults
public import Judgement

/// Reads the runs of one version: whether the failure that is looked for is there.
public struct BisectJudge: Sendable {
    /// What is looked for.
    public let signature: FailureSignature
    /// The faults of the plan, and for each the recorded answer that it is for; nil for one that is
    /// not on the tape.
    private var planned: [(fault: PlannedFault, ordinal: Int?)]
    /// The faults whose call the bad version makes, by place in the plan.
    private var metAtBad: Set<Int> = []
    /// Whether the bad version asks for anything.
    private var badAsks = false
    /// The faults whose call the good version makes; nil while it was not seen.
    private var metAtGood: Set<Int>?

    /// Begins to look for a failure, as the bad version showed it, of a plan on a tape.
    public init(_ signature: FailureSignature, plan: Plan, tape: Tape, bad runs: [Observation]) {
        self.signature = signature
        planned = plan.faults.map { ($0, tape.ordinal(of: $0.anchor)) }
        let failing = runs.filter { $0.signature == signature }
        metAtBad = met(failing)
        badAsks = failing.contains { !$0.anchors.isEmpty }
    }

    /// The same on another recording.
    public func moved(to tape: Tape) -> BisectJudge {
        var moved = self
        moved.planned = planned.map { ($0.fault, tape.ordinal(of: $0.fault.anchor)) }
        return moved
    }

    /// What all runs of a version say together: bad when one is bad, good when all are good.
    public func answer(_ runs: [Observation]) -> BisectAnswer {
        let answers = runs.map(answer)
        if answers.contains(.bad) { return .bad }
        return answers.first { $0 != .good } ?? .good
    }

    /// What one run says.
    public func answer(_ run: Observation) -> BisectAnswer {
        if let own = run.signature {
            guard own == signature else {
                return .skipped(BisectSkip(.otherFailure, own.text))
            }
            return premature(run).map { .skipped($0) } ?? .bad
        }
        switch run.verdict {
        case .passed: return lost(run).map { .skipped(BisectSkip(.drift, $0)) } ?? .good
        case .offTape, .passedAssumed:
            let text = run.reason.isEmpty ? "" : "; \(run.reason)"
            return .skipped(BisectSkip(.drift, "the request changed here\(text)"))
        case .violated, .hung, .crashed, .nondeterministic, .invalid:
            return .skipped(BisectSkip(.invalid, run.reason))
        }
    }

    /// A failure that comes before anything is asked, or before any fault is met, is another one: a
    /// program that does not load ends with the same exit code as one that gives up.
    private func premature(_ run: Observation) -> BisectSkip? {
        if badAsks, run.anchors.isEmpty {
            return BisectSkip(.start, "the agent ends before its first request")
        }
        guard !metAtBad.isEmpty, met([run]).isDisjoint(with: metAtBad) else { return nil }
        return BisectSkip(.otherFailure, "\(signature.text), but before any fault is met")
    }

    /// Learns from the good version which of the plan's calls a run without the failure makes:
    /// one that it never makes is missed nowhere.
    public mutating func learn(good runs: [Observation]) {
        metAtGood = met(runs)
    }

    /// Whether the good version meets no fault of a plan that has some: its passing says nothing.
    public var goodMeetsNothing: Bool {
        !metAtBad.isEmpty && metAtGood?.isDisjoint(with: metAtBad) ?? false
    }

    /// The faults of the plan whose call the good version does not make.
    public var unmetAtGood: [PlannedFault] {
        guard let metAtGood else { return [] }
        return planned.indices.filter { !metAtGood.contains($0) }.map { planned[$0].fault }
    }

    /// The first call that faults are for and that the run does not make, in words.
    private func lost(_ run: Observation) -> String? {
        let met = met([run])
        let needed = metAtGood ?? Set(planned.indices)
        let lost = planned.indices.first { needed.contains($0) && !met.contains($0) }
        guard let lost else { return nil }
        let fault = planned[lost].fault
        let call = "call \(fault.anchor.call) of \(fault.anchor.upstream)"
        guard planned[lost].ordinal != nil else { return "\(call) is not on the tape" }
        return "the request changed here; \(call) is not made, so that \(fault.fault) meets nothing"
    }

    /// The faults whose call any of the runs makes, at whatever attempt.
    private func met(_ runs: [Observation]) -> Set<Int> {
        var reached: Set<Int> = []
        for run in runs { reached.formUnion(run.anchors.lazy.map(\.ordinal)) }
        return Set(
            planned.indices.filter { place in
                planned[place].ordinal.map { reached.contains($0) } ?? false
            })
    }
}
