public import Faults
public import Judgement

/// A failure with another signature, seen while one was shrunk or explained: another bug.
public struct OtherFailure: Hashable, Sendable {
    /// What makes it the same.
    public var signature: FailureSignature
    /// The closed plan of the first run that showed it.
    public var plan: Plan
    /// Why, in one sentence.
    public var reason: String
    /// How many runs failed so.
    public var count: Int

    /// Creates a failure.
    public init(signature: FailureSignature, plan: Plan, reason: String, count: Int = 1) {
        self.signature = signature
        self.plan = plan
        self.reason = reason
        self.count = count
    }
}

/// What became of an attempt to shrink.
public enum ShrinkOutcome: Hashable, Sendable {
    /// There is a smaller plan, or this one was the smallest.
    case shrunk
    /// The plan does not fail; the verdict is given.
    case passes(Verdict)
    /// The plan fails, and not with the signature that was asked for.
    case differs(FailureSignature)
    /// Two runs of the plan were not the same: nothing can be said of smaller ones.
    case nondeterministic
}

/// The stages of shrinking.
public enum ShrinkStage: String, Hashable, Sendable, CaseIterable {
    /// The plan is run twice.
    case confirm
    /// What did not fire is left out.
    case close
    /// No fault at all.
    case calm
    /// Each fault alone.
    case singles
    /// The smallest failing prefix, again and again.
    case prefixes
    /// One fault left out at a time.
    case sweep
    /// The recorded order of requests that wait together.
    case order
    /// An earlier attempt, or an earlier call.
    case place
    /// A milder kind of fault.
    case kind
    /// A simpler value of a parameter.
    case parameter
}

/// One step towards a smaller plan.
public struct ShrinkStep: Hashable, Sendable {
    /// The stage.
    public var stage: ShrinkStage
    /// What was reached, in words.
    public var description: String
    /// How many runs there were so far.
    public var runs: Int
    /// How many faults the plan has now.
    public var faults: Int

    /// Creates a step.
    public init(stage: ShrinkStage, description: String, runs: Int, faults: Int) {
        self.stage = stage
        self.description = description
        self.runs = runs
        self.faults = faults
    }
}

/// How far shrinking goes.
public struct ShrinkOptions: Hashable, Sendable {
    /// How many runs may be made, counted as one worker would make them.
    public var runsMax: Int
    /// Plans of at most so many faults are tried one fault at a time first.
    ///
    /// For longer ones that costs more than all the rest, and finds a smaller plan only where
    /// faults cancel each other.
    public var singlesMax: Int
    /// How many earlier calls of the same route are tried for each fault.
    public var earlierCallsMax: Int
    /// The stages that are gone through; the first always is.
    public var stages: Set<ShrinkStage>

    /// Creates options.
    public init(
        runsMax: Int = 500, singlesMax: Int = 16, earlierCallsMax: Int = 8,
        stages: Set<ShrinkStage> = Set(ShrinkStage.allCases)
    ) {
        self.runsMax = runsMax
        self.singlesMax = singlesMax
        self.earlierCallsMax = earlierCallsMax
        self.stages = stages
    }
}

/// The smallest plan that was found, and how.
public struct ShrinkResult: Hashable, Sendable {
    /// What became of it.
    public var outcome: ShrinkOutcome
    /// The smallest plan that fails with the signature; the given one when none does.
    public var plan: Plan
    /// What that plan does.
    public var observation: Observation
    /// The failure; nil when the plan does not fail.
    public var signature: FailureSignature?
    /// The given plan without what did not fire: where the shrinking began.
    public var closed: Plan
    /// Whether no fault of the plan can be left out, and no stage finds anything simpler; false
    /// when the budget ended first.
    public var isMinimal = false
    /// The steps, in order.
    public var steps: [ShrinkStep] = []
    /// Other failures that were seen on the way.
    public var others: [OtherFailure] = []
    /// The recorded interactions that the plan's run came to, or that a fault of it stands at, by
    /// ordinal, ascending; a cassette of only these is worth a try.
    public var usedOrdinals: [Int] = []
    /// The runs that one worker makes for this; it does not depend on how many there are.
    public var runs = 0
    /// The runs that were made, with those that idle workers made ahead of need.
    public var runsMade = 0

    /// Creates the result for a plan that was not shrunk.
    public init(
        outcome: ShrinkOutcome, plan: Plan, observation: Observation,
        signature: FailureSignature? = nil
    ) {
        self.outcome = outcome
        self.plan = plan
        self.observation = observation
        self.signature = signature
        closed = plan
    }
}
