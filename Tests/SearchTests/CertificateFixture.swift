import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

/// A small exploration with everything that a certificate can hold.
enum CertificateFixture {
    /// The last one never fits a tape without umlauts; the one before it has nothing older to give.
    static let kinds = [
        "server-error", "rate-limit-429", "rate-limit-lying", "tool-stale", "chunk-split-utf8",
    ]

    static func scenario() -> Scenario { ExplorerFixture.scenario(kinds) }

    static func space() throws -> FaultSpace { try ExplorerFixture.space(scenario(), count: 3) }

    static func options(shard: ExplorationOptions.Shard? = nil) -> ExplorationOptions {
        var options = ExplorationOptions(phases: [
            .calm, .singles, .followUps, .boundaries, .pairs, .orders, .swarm, .liveness,
        ])
        options.seeds = [Seed(3), Seed(4)]
        options.orders = 3
        options.orderDepth = 2
        options.followUpFaults = 3
        options.shard = shard
        return options
    }

    /// Bears one error at each call, and two in all.
    static func agent() -> GroupAgent {
        var agent = GroupAgent(
            ExplorerFixture.questions(count: 3), groups: [[0, 1], [2]])
        agent.attemptsMax = 3
        agent.retriesMax = 2
        agent.timeOut = .seconds(20)
        return agent
    }

    static func explore(
        _ options: ExplorationOptions = options(), runner: (any PlanRunner)? = nil
    ) throws -> Exploration {
        let space = try space()
        func explore(_ runner: some PlanRunner) throws -> Exploration {
            var explorer = Explorer(space, runner: runner, options: options)
            return try explorer.explore()
        }
        if let runner { return try explore(runner) }
        return try explore(ExplorerFixture.runner(agent(), space))
    }

    static func identity(_ options: ExplorationOptions = options()) throws -> CertificateIdentity {
        CertificateIdentity(
            cassette: try space().base.cassette, agent: Digest(hashing: Array("agent".utf8)),
            agentDescription: "python agent.py", scenario: scenario(),
            space: FaultSpace.Options(), options: options)
    }

    static func certificate(
        _ options: ExplorationOptions = options(), runner: (any PlanRunner)? = nil
    ) throws -> Certificate {
        Certificate(try explore(options, runner: runner), identity: try identity(options))
    }

    /// A runner that remembers, so that tests may explore often.
    static func remembering() throws -> RememberingRunner<InProcessRunner<GroupAgent>> {
        RememberingRunner(ExplorerFixture.runner(agent(), try space()))
    }

    /// The certificate's JSON with a change, and a seal that fits it.
    static func resealed(_ json: JSONValue, _ change: (inout JSONValue) -> Void) -> JSONValue {
        var json = json
        change(&json)
        json["seal"] = nil
        json["seal"] = .string(Digest(hashing: json.canonical()).hex)
        return json
    }

    /// Sets a value deep inside; a number in the path is a place of a list.
    static func set(_ value: JSONValue?, in json: inout JSONValue, _ path: [String]) {
        guard let name = path.first else { return }
        let rest = Array(path.dropFirst())
        if let place = Int(name), case .array(var items) = json {
            guard items.indices.contains(place) else {
                Issue.record("no element \(place)")
                return
            }
            if rest.isEmpty {
                if let value { items[place] = value } else { items.remove(at: place) }
            } else {
                set(value, in: &items[place], rest)
            }
            json = .array(items)
        } else if rest.isEmpty {
            json[name] = value
        } else if var inner = json[name] {
            set(value, in: &inner, rest)
            json[name] = inner
        }
    }
}

/// Gives each run a grade.
final class GradedRunner: PlanRunner {
    let width = 1
    private var inner: InProcessRunner<GroupAgent>
    private let grade: (Plan) -> GradeLetter

    init(_ inner: InProcessRunner<GroupAgent>, grade: @escaping (Plan) -> GradeLetter) {
        self.inner = inner
        self.grade = grade
    }

    func run(_ plans: [Plan]) throws -> [Observation] {
        try plans.map { plan in
            var seen: Observation = try inner.run(plan)
            seen.grade = grade(plan)
            return seen
        }
    }
}

/// Gives other digests from some run on, as a nondeterministic agent does.
final class UnsteadyRunner: PlanRunner {
    let width = 1
    private var inner: InProcessRunner<GroupAgent>
    private let spoils: (Plan) -> Bool

    init(_ inner: InProcessRunner<GroupAgent>, spoils: @escaping (Plan) -> Bool) {
        self.inner = inner
        self.spoils = spoils
    }

    func run(_ plans: [Plan]) throws -> [Observation] {
        try plans.map { plan in
            var seen: Observation = try inner.run(plan)
            if spoils(plan) { seen.digest = Digest(hashing: seen.digest.bytes) }
            return seen
        }
    }
}
