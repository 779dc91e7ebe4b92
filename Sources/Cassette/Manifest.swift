public import Determinism

/// How a command ended.
public enum ExitStatus: Hashable, Sendable {
    /// It exited with a code.
    case code(Int)
    /// A signal ended it.
    case signal(Int)
}

/// What a cassette says of itself.
public struct Manifest: Hashable, Sendable {
    /// The version of the format.
    public static let formatVersion = 1

    /// The version of the tool that recorded.
    public var toolVersion: String
    /// The seed of the agent's own randomness while recording.
    public var seed: Seed
    /// The wall clock at the start of the recording, nanoseconds since 1970.
    public var recordedAtNanoseconds: Int64
    /// The agent's command.
    public var command: [String]
    /// The upstreams in the order in which they were declared.
    public var upstreams: [Upstream]
    /// Standard input of the agent; absent when it was empty.
    public var standardInput: [UInt8]?
    /// The prompt of the agent, where one was given.
    public var prompt: String?
    /// How the agent ended; absent when the recording was cut short.
    public var agentStatus: ExitStatus?
    /// Where the interactions come from, such as `recorded`.
    public var provenance: String
    /// What is less than exact, such as `identity-encoding-requested`, sorted.
    public var fidelity: [String]

    /// Creates a manifest.
    public init(
        toolVersion: String, seed: Seed = Seed(0), recordedAtNanoseconds: Int64 = 0,
        command: [String] = [], upstreams: [Upstream] = [], standardInput: [UInt8]? = nil,
        prompt: String? = nil, agentStatus: ExitStatus? = nil, provenance: String = "recorded",
        fidelity: [String] = []
    ) {
        self.toolVersion = toolVersion
        self.seed = seed
        self.recordedAtNanoseconds = recordedAtNanoseconds
        self.command = command
        self.upstreams = upstreams
        self.standardInput = standardInput
        self.prompt = prompt
        self.agentStatus = agentStatus
        self.provenance = provenance
        self.fidelity = fidelity
    }

    /// The upstream with this name.
    public func upstream(_ name: String) -> Upstream? {
        upstreams.first { $0.name == name }
    }
}
