package import Cassette
package import Determinism

/// What `stormtape.yaml` says; nil and empty where it says nothing.
package struct ProjectConfiguration: Hashable, Sendable {
    /// The agent, and how it runs.
    package struct Agent: Hashable, Sendable {
        package var command: [String] = []
        package var clock: String?
        package var pace: String?
        package var wallLimitSeconds: Double?
        package var memoryLimitMebibytes: Int64?
        package var processLimit: Int64?
        package var isIsolated: Bool?
        package var showsOutput: Bool?
        package var seed: Seed?
        package var entropy: String?
        package var standardInput: String?
        package var ask: String?
        /// Texts of the form `name=text`.
        package var values: [String] = []
    }

    /// One thing that the agent calls.
    package struct UpstreamEntry: Hashable, Sendable {
        package var name: String
        /// nil for one whose address is known.
        package var address: String?
        package var kind: UpstreamKind?
        package var wireProtocol: String?
        package var variables: [String] = []
        package var reads: [String] = []
    }

    /// A prompt.
    package enum Prompt: Hashable, Sendable {
        case text(String)
        case file(String)
    }

    /// A scenario.
    package struct ScenarioEntry: Hashable, Sendable {
        /// Where its text is.
        package enum Source: Hashable, Sendable {
            case file(String)
            case preset(String)
            /// A scenario in place, as text that `ScenarioFile` reads.
            case inline(String)
        }

        package var source: Source
        /// The name in reports; nil for the scenario's own.
        package var name: String?
        package var seeds: [Seed] = []
        package var seedText: String?
        /// What must hold in this scenario beside its own invariants.
        package var invariants: [JSONValue] = []
    }

    /// What a storm must reach.
    package struct Gates: Hashable, Sendable {
        package var minPass: Ratio?
        package var minScore: Ratio?
        package var maxOffTape: Int?
        package var isCriticalDeciding: Bool?
        package var minRuns: Int?
    }

    /// A report that is written to a file.
    package struct ReportEntry: Hashable, Sendable {
        package var format: String
        package var path: String
    }

    /// The file as it is named in messages.
    package var file: String
    package var agent = Agent()
    package var upstreams: [UpstreamEntry] = []
    package var usesProxy: Bool?
    package var cassettes: [String] = []
    package var defaultCassette: String?
    package var prompts: [Prompt] = []
    package var mutations: [String] = []
    package var scenarios: [ScenarioEntry] = []
    package var seeds: [Seed] = []
    package var seedText: String?
    package var invariants: [JSONValue] = []
    /// The cassette with the answers of judges.
    package var judges: String?
    package var gates = Gates()
    package var reports: [ReportEntry] = []
    package var history: String?
    /// The folder of failure files.
    package var failures: String?
    package var workers: Int?
    /// Where a key stands, such as `agent.clock`: its line.
    package var lines: [String: Int] = [:]

    /// A configuration that says nothing.
    package init(file: String) {
        self.file = file
    }
}
