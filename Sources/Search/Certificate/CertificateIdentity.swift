public import Determinism
public import Faults

/// What a certificate is about: all that decides which plans there are and what is seen of them.
public struct CertificateIdentity: Hashable, Sendable {
    /// The version of the keys of draws.
    public var draws: Int
    /// The hash of the cassette.
    public var cassette: Digest
    /// The digest of the agent.
    public var agent: Digest
    /// The agent in words, as its command.
    public var agentDescription: String
    /// The name of the scenario, which decides nothing.
    public var scenarioName: String
    /// The digest of what the scenario decides.
    public var scenario: Digest
    /// How the parameters of single faults were drawn.
    public var space: FaultSpace.Options
    /// The rungs that were asked for, in the order of the ladder.
    public var phases: [ExplorationPhase]
    /// How many faults a row of follow-ups has at most.
    public var followUpFaults: Int
    /// How many orders of waiting requests were tried.
    public var orders: Int
    /// The depth of these orders.
    public var orderDepth: Int
    /// The seeds of the swarm.
    public var seeds: [Seed]
    /// The hash of the cassette of judges; nil where none was there.
    public var judges: Digest?
    /// The share of the work; nil for all of it.
    public var shard: ExplorationOptions.Shard?

    /// Creates an identity.
    public init(
        cassette: Digest, agent: Digest, agentDescription: String, scenario: Scenario,
        space: FaultSpace.Options, options: ExplorationOptions
    ) {
        draws = drawSchemaVersion
        self.cassette = cassette
        self.agent = agent
        self.agentDescription = agentDescription
        scenarioName = scenario.name
        self.scenario = scenario.digest
        self.space = space
        let complete = options.withFoundations
        phases = ExplorationPhase.allCases.filter { complete.phases.contains($0) }
        followUpFaults = options.followUpFaults
        orders = options.orders
        orderDepth = options.orderDepth
        seeds = options.seeds
        shard = options.shard
    }

    init(reading reader: CertificateReader) throws(CertificateError) {
        draws = try reader.whole("draws", in: 0...Int.max)
        cassette = try reader.digest("cassette")
        agent = try reader.digest("agent")
        agentDescription = try reader.text("agent_command")
        scenarioName = try reader.text("scenario_name")
        scenario = try reader.digest("scenario")
        space = FaultSpace.Options(
            seed: try reader.seed("space_seed"),
            draws: try reader.whole("space_draws", in: 1...Int.max))
        phases = try reader.list("phases").map { value, path throws(CertificateError) in
            try CertificateReader.word(value, at: path, as: ExplorationPhase.self)
        }
        followUpFaults = try reader.whole("follow_up_faults", in: 0...Int.max)
        orders = try reader.whole("orders", in: 0...Int.max)
        orderDepth = try reader.whole("order_depth", in: ExplorationOptions.orderDepths)
        seeds = try reader.list("seeds").map { value, path throws(CertificateError) in
            try CertificateReader.seed(value, at: path)
        }
        if reader.has("judges") { judges = try reader.digest("judges") }
        guard reader.has("shard") else { return }
        let shard = try reader.object("shard", members: ["index", "count"])
        let count = try shard.whole("count", in: 1...ExplorationOptions.Shard.countMax)
        self.shard = ExplorationOptions.Shard(
            index: try shard.whole("index", in: 1...count), of: count)
    }

    static let members = [
        "draws", "cassette", "agent", "agent_command", "scenario_name", "scenario", "space_seed",
        "space_draws", "phases", "follow_up_faults", "orders", "order_depth", "seeds",
        "judges", "shard",
    ]

    /// The JSON form.
    public var json: JSONValue {
        var members = [
            JSONMember("draws", .int(Int64(draws))),
            JSONMember("cassette", .string(cassette.hex)),
            JSONMember("agent", .string(agent.hex)),
            JSONMember("agent_command", .string(agentDescription)),
            JSONMember("scenario_name", .string(scenarioName)),
            JSONMember("scenario", .string(scenario.hex)),
            JSONMember("space_seed", .string(space.seed.description)),
            JSONMember("space_draws", .int(Int64(space.draws))),
            JSONMember("phases", .array(phases.map { .string($0.rawValue) })),
            JSONMember("follow_up_faults", .int(Int64(followUpFaults))),
            JSONMember("orders", .int(Int64(orders))),
            JSONMember("order_depth", .int(Int64(orderDepth))),
            JSONMember("seeds", .array(seeds.map { .string($0.description) })),
        ]
        if let judges { members.append(JSONMember("judges", .string(judges.hex))) }
        if let shard {
            members.append(
                JSONMember(
                    "shard", ["index": .int(Int64(shard.index)), "count": .int(Int64(shard.count))])
            )
        }
        return .object(members)
    }
}
