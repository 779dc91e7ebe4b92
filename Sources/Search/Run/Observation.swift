public import Determinism
public import Faults
public import Judgement

/// One place of a run at which a fault could have struck: a recorded answer, and how often it had
/// been asked for.
public struct ReachedAnchor: Hashable, Sendable, Comparable {
    /// The recorded interaction, by ordinal.
    public var ordinal: Int
    /// How often its take was asked for, from 1.
    public var attempt: Int

    /// Creates an anchor.
    public init(ordinal: Int, attempt: Int) {
        self.ordinal = ordinal
        self.attempt = attempt
    }

    /// In the order of the recording, then of attempts.
    public static func < (left: ReachedAnchor, right: ReachedAnchor) -> Bool {
        (left.ordinal, left.attempt) < (right.ordinal, right.attempt)
    }
}

/// What became of one fault of the plan.
public struct ObservedFault: Hashable, Sendable {
    /// Its place in the plan, from 0.
    public var index: Int
    /// The attempt at which it was met; nil when it was not.
    public var attempt: Int?
    /// What became of it.
    public var fate: FaultFate

    /// Creates an entry.
    public init(index: Int, attempt: Int?, fate: FaultFate) {
        self.index = index
        self.attempt = attempt
        self.fate = fate
    }
}

/// A deadline that the agent set while it waited for an answer.
public struct ObservedDeadline: Hashable, Sendable {
    /// The answer that it waited for.
    public var anchor: ReachedAnchor
    /// How many steps of the delivery had been written: 0 before the head.
    public var steps: Int
    /// How long it was ready to wait, from the moment it began to.
    public var length: SimDuration
    /// When that ends, counted from the moment the request was complete.
    public var sinceRequest: SimDuration

    /// Creates a deadline.
    public init(
        anchor: ReachedAnchor, steps: Int, length: SimDuration, sinceRequest: SimDuration
    ) {
        self.anchor = anchor
        self.steps = steps
        self.length = length
        self.sinceRequest = sinceRequest
    }
}

/// What became of one rule of a plan in a run.
public enum RuleOutcome: String, Hashable, Sendable, CaseIterable {
    /// It was judged and holds.
    case held = "h"
    /// It is broken.
    case broken = "b"
    /// Its moment did not come, so that it says nothing.
    case unjudged = "u"
    /// A judge has not answered yet, so that it says nothing.
    case waiting = "w"

    /// Reads a result.
    public init(_ result: InvariantResult) {
        self =
            !result.passed
            ? .broken : result.isJudged ? .held : result.lacksJudge ? .waiting : .unjudged
    }
}

/// What search sees of one run.
public struct Observation: Hashable, Sendable {
    /// The verdict.
    public var verdict: Verdict
    /// Why, in one sentence; empty for a run that passed.
    public var reason: String
    /// What is broken; nil when the run did not fail.
    public var signature: FailureSignature?
    /// The identity of the run.
    public var digest: Digest
    /// The identity of what the agent met and did: equal for two faults that no agent can tell
    /// apart.
    public var effect: Digest
    /// What became of each fault of the plan; one for every attempt has an entry for each.
    public var faults: [ObservedFault]
    /// Where faults could have struck, in the order of the run, each once.
    public var anchors: [ReachedAnchor]
    /// The deadlines that the agent set, each once.
    public var deadlines: [ObservedDeadline]
    /// How many requests waited together at most.
    public var waitedTogether: Int
    /// How often one of several requests that waited together was chosen to go first.
    public var orderChoices: Int
    /// How long the run took.
    public var virtualTime: SimDuration
    /// What became of each rule of the plan, in their order.
    public var rules: [RuleOutcome]
    /// How much of the run was under control.
    public var grade: GradeLetter

    /// Creates an observation.
    public init(
        verdict: Verdict, reason: String = "", signature: FailureSignature? = nil, digest: Digest,
        effect: Digest? = nil, faults: [ObservedFault] = [], anchors: [ReachedAnchor] = [],
        deadlines: [ObservedDeadline] = [], waitedTogether: Int = 1, orderChoices: Int = 0,
        virtualTime: SimDuration = .zero, rules: [RuleOutcome] = [], grade: GradeLetter = .a
    ) {
        self.verdict = verdict
        self.reason = reason
        self.signature = signature
        self.digest = digest
        self.effect = effect ?? digest
        self.faults = faults
        self.anchors = anchors
        self.deadlines = deadlines
        self.waitedTogether = waitedTogether
        self.orderChoices = orderChoices
        self.virtualTime = virtualTime
        self.rules = rules
        self.grade = grade
    }

    /// The places in the plan of the faults that changed a delivery.
    public var fired: Set<Int> {
        Set(faults.lazy.filter { $0.fate == .fired }.map(\.index))
    }

    /// The faults that changed a delivery, in plan order: what a closed plan holds.
    public func firedFaults(of plan: Plan) -> [PlannedFault] {
        var fired: [PlannedFault] = []
        for (index, fault) in plan.faults.enumerated() {
            for met in faults where met.index == index && met.fate == .fired {
                var fault = fault
                fault.anchor.attempt = met.attempt
                fired.append(fault)
            }
        }
        return fired
    }

    /// The plan that holds only what fired, and all else that decided the run.
    public func closed(_ plan: Plan) -> Plan {
        var closed = plan
        closed.faults = firedFaults(of: plan)
        return closed
    }
}
