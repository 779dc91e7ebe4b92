public import Determinism
public import Faults
public import Judgement

/// How far an explanation goes.
public struct ExplainOptions: Hashable, Sendable {
    /// How many runs may be made, counted as one worker would make them.
    public var runsMax: Int
    /// How many drawn values of each parameter are tried, beside those at the ends of its range.
    public var draws: Int
    /// How many drawn endings are tried from each point of the run.
    public var endings: Int
    /// The seed of all draws.
    public var seed: Seed

    /// Creates options.
    public init(runsMax: Int = 1_000, draws: Int = 12, endings: Int = 8, seed: Seed = Seed(0)) {
        self.runsMax = runsMax
        self.draws = max(0, draws)
        self.endings = max(1, endings)
        self.seed = seed
    }
}

/// Which values of a parameter make the plan fail.
public enum ParameterEffect: Hashable, Sendable {
    /// Every value that was tried.
    case any
    /// This one and all above that were tried, beside the least one, which has a meaning of its
    /// own, if that is given.
    case atLeast(Int64, also: Int64?)
    /// This one and all below that were tried.
    case atMost(Int64)
    /// Those of a range; its neighbours on both sides pass.
    case within(ClosedRange<Int64>)
    /// Of those that were tried only the value of the plan.
    case only
    /// These words.
    case oneOf([String])
}

/// What a parameter of one fault has to do with the failure.
public struct ParameterMeaning: Hashable, Sendable {
    /// The fault, by its place in the plan, from 0.
    public var fault: Int
    /// The parameter.
    public var name: String
    /// Its value in the plan.
    public var value: JSONValue
    /// Which values make the plan fail.
    public var effect: ParameterEffect
    /// The deadline of the agent at which the threshold lies; nil where it lies at none.
    public var deadline: ObservedDeadline?
    /// How many other values were tried, with which the fault could strike.
    public var tried: Int
    /// How many of those fail although the effect does not say so: the values that fail are no
    /// one stretch.
    public var elsewhere: Int

    /// Creates an entry.
    public init(
        fault: Int, name: String, value: JSONValue, effect: ParameterEffect,
        deadline: ObservedDeadline? = nil, tried: Int, elsewhere: Int = 0
    ) {
        self.fault = fault
        self.name = name
        self.value = value
        self.effect = effect
        self.deadline = deadline
        self.tried = tried
        self.elsewhere = elsewhere
    }
}

/// At which attempts a fault makes the plan fail.
public struct AttemptMeaning: Hashable, Sendable {
    /// The fault, by its place in the plan, from 0.
    public var fault: Int
    /// The attempts at which it makes the plan fail, ascending; that of the plan is one of them.
    public var failing: [Int]
    /// The attempts that it was tried at and where it does not.
    public var passing: [Int]

    /// Creates an entry.
    public init(fault: Int, failing: [Int], passing: [Int]) {
        self.fault = fault
        self.failing = failing
        self.passing = passing
    }
}

/// A plan that differs from the failing one as little as can be, and does not fail.
public struct NearestPassing: Hashable, Sendable {
    /// The plan.
    public var plan: Plan
    /// What it does.
    public var observation: Observation
    /// What is different, in words.
    public var change: String

    /// Creates an entry.
    public init(plan: Plan, observation: Observation, change: String) {
        self.plan = plan
        self.observation = observation
        self.change = change
    }
}

/// How often a run fails that begins as the failing one does and ends otherwise.
public struct Inevitability: Hashable, Sendable {
    /// How many faults are kept, in the order in which they struck.
    public var kept: Int
    /// How many endings fail.
    public var failing: Int
    /// How many endings were tried.
    public var endings: Int

    /// Creates an entry.
    public init(kept: Int, failing: Int, endings: Int) {
        self.kept = kept
        self.failing = failing
        self.endings = endings
    }
}

/// Why a plan fails.
public struct Explanation: Hashable, Sendable {
    /// The plan.
    public var plan: Plan
    /// What it does.
    public var observation: Observation
    /// The failure; nil when the plan does not fail so.
    public var signature: FailureSignature?
    /// The faults that can be left out one at a time, by place; none of a minimal plan.
    public var needless: [Int] = []
    /// What each parameter has to do with it, by fault.
    public var parameters: [ParameterMeaning] = []
    /// What the attempt of each fault has to do with it.
    public var attempts: [AttemptMeaning] = []
    /// The nearest plan that passes; nil when none was found.
    public var nearest: NearestPassing?
    /// The plan whose endings were drawn anew: as the failure was found, or as it is now.
    public var history: Plan?
    /// The faults of that plan in the order in which they struck, by place.
    public var order: [Int] = []
    /// How inevitable the failure was after so many faults, ascending.
    public var inevitability: [Inevitability] = []
    /// Other failures that were seen on the way.
    public var others: [OtherFailure] = []
    /// The runs that one worker makes for this; it does not depend on how many there are.
    public var runs = 0
    /// Whether all was tried; false when the budget ended first.
    public var isComplete = false

    /// Creates an explanation that says nothing yet.
    public init(plan: Plan, observation: Observation, signature: FailureSignature?) {
        self.plan = plan
        self.observation = observation
        self.signature = signature
    }

    /// The least number of faults after which every ending that was tried fails; nil when that
    /// was not tried.
    public var inevitableFrom: Int? {
        var found: Int?
        for point in inevitability.reversed() {
            guard point.failing == point.endings else { break }
            found = point.kept
        }
        return found
    }
}
