internal import Faults
internal import Judgement

/// Ends a search of plans from inside, when its budget is used up.
struct SearchSpent: Error {}

/// Answers whether a plan fails with one signature: asks the run function once a plan.
///
/// What is decided never depends on how many workers there are. Only plans that one worker would
/// run are counted and noted; idle workers run those that may be asked for next, and what they saw
/// is kept until it is.
struct PlanOracle<Runner: PlanRunner> {
    private struct Entry {
        let observation: Observation
        var isAsked: Bool
    }

    private(set) var runner: Runner
    /// The failure that counts; all others are put aside.
    var signature: FailureSignature?
    /// The runs that one worker would have made.
    private(set) var runs = 0
    /// The runs that were made.
    private(set) var runsMade = 0
    /// Other failures that were seen, in the order in which they were.
    private(set) var others: [OtherFailure] = []
    private var cache: [Plan: Entry] = [:]
    private let runsMax: Int
    private let isSpent: () -> Bool

    init(
        _ runner: Runner, signature: FailureSignature? = nil, runsMax: Int,
        isSpent: @escaping () -> Bool = { false }
    ) {
        self.runner = runner
        self.signature = signature
        self.runsMax = runsMax
        self.isSpent = isSpent
    }

    /// How many plans can run side by side.
    var width: Int { max(1, runner.width) }

    /// Runs a plan twice, at the same time where that is possible.
    mutating func confirm(_ plan: Plan) throws -> (first: Observation, second: Observation) {
        let seen = try runner.run([plan, plan])
        runs += 2
        runsMade += 2
        cache[plan] = Entry(observation: seen[0], isAsked: true)
        return (seen[0], seen[1])
    }

    /// What a plan does; `beside` are plans that may be asked for next, the likeliest first.
    ///
    /// Throws `SearchSpent` when the plan is new and the budget is used up.
    mutating func ask(_ plan: Plan, beside: () -> [Plan] = { [] }) throws -> Observation {
        if let entry = cache[plan] {
            if !entry.isAsked { try count(plan, entry.observation) }
            return entry.observation
        }
        guard runs < runsMax, !isSpent() else { throw SearchSpent() }
        var batch = [plan]
        if width > 1 {
            var known: Set<Plan> = [plan]
            for other in beside() where batch.count < width && cache[other] == nil {
                if known.insert(other).inserted { batch.append(other) }
            }
        }
        let seen = try runner.run(batch)
        runsMade += batch.count
        for (plan, observation) in zip(batch, seen) {
            cache[plan] = Entry(observation: observation, isAsked: false)
        }
        try count(plan, seen[0])
        return seen[0]
    }

    /// Whether a plan fails with the signature.
    mutating func fails(_ plan: Plan, beside: () -> [Plan] = { [] }) throws -> Bool {
        try isFailure(ask(plan, beside: beside))
    }

    /// Whether this is the failure that counts.
    func isFailure(_ observation: Observation) -> Bool {
        observation.signature != nil && observation.signature == signature
    }

    /// What a plan was seen to do; nil when it was not asked for.
    func known(_ plan: Plan) -> Observation? {
        guard let entry = cache[plan], entry.isAsked else { return nil }
        return entry.observation
    }

    /// Between a value that passes and one that fails, the failing one whose neighbour passes.
    ///
    /// Bisection: idle workers run what may come after the next answer, whichever it is.
    mutating func edge(
        passing: Int64, failing: Int64, _ plan: (Int64) -> Plan
    ) throws -> Int64 {
        var (passing, failing) = (passing, failing)
        while let middle = Self.middle(passing, failing) {
            let (low, high, count) = (passing, failing, width)
            let fails = try fails(plan(middle)) {
                Self.following(low, high, count: count).map(plan)
            }
            if fails { failing = middle } else { passing = middle }
        }
        return failing
    }

    /// The same for values that may be far apart: first by powers of two from the passing one,
    /// when `isNearPassing`, or else from the failing one.
    mutating func farEdge(
        passing: Int64, failing: Int64, isNearPassing: Bool = true, _ plan: (Int64) -> Plan
    ) throws -> Int64 {
        let (start, goal) = isNearPassing ? (passing, failing) : (failing, passing)
        let span = goal > start ? goal - start : start - goal
        var exponents: Int64 = 0
        while exponents < 62, 1 << exponents < span { exponents += 1 }
        func value(_ exponent: Int64) -> Int64 {
            if exponent < 0 { return start }
            if exponent >= exponents { return goal }
            return goal > start ? start + 1 << exponent : start - 1 << exponent
        }
        let found = try edge(
            passing: isNearPassing ? -1 : exponents, failing: isNearPassing ? exponents : -1
        ) { plan(value($0)) }
        return try edge(
            passing: value(isNearPassing ? found - 1 : found + 1), failing: value(found), plan)
    }

    private mutating func count(_ plan: Plan, _ observation: Observation) throws {
        guard runs < runsMax else { throw SearchSpent() }
        runs += 1
        cache[plan]?.isAsked = true
        guard let other = observation.signature, other != signature else { return }
        if let known = others.firstIndex(where: { $0.signature == other }) {
            others[known].count += 1
        } else {
            others.append(
                OtherFailure(
                    signature: other, plan: observation.closed(plan), reason: observation.reason))
        }
    }

    private static func middle(_ one: Int64, _ other: Int64) -> Int64? {
        let (low, high) = (min(one, other), max(one, other))
        return high - low > 1 ? low + (high - low) / 2 : nil
    }

    /// The values that bisection may ask for, by how soon.
    private static func following(_ passing: Int64, _ failing: Int64, count: Int) -> [Int64] {
        var open = [(passing: passing, failing: failing)]
        var found: [Int64] = []
        var next = 0
        while found.count < count, next < open.count {
            let interval = open[next]
            next += 1
            guard let middle = middle(interval.passing, interval.failing) else { continue }
            found.append(middle)
            open.append((interval.passing, middle))
            open.append((middle, interval.failing))
        }
        return found
    }
}
