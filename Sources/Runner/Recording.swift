internal import CStormtape
package import Cassette
internal import CassetteStore
package import Determinism
internal import Gateway
internal import Synchronization
internal import WireProtocols

/// What to record, and into what.
package struct RecordingRequest: Sendable {
    /// The path of the new cassette.
    package var cassette: String
    /// Whether a cassette that exists is replaced.
    package var overwrites: Bool
    /// The upstreams with their real addresses and variables.
    package var upstreams: [Upstream]
    /// The agent's command.
    package var command: [String]
    /// The seed of the agent's own randomness.
    package var seed: Seed
    /// The prompt; nil for none.
    package var prompt: String?
    /// What the agent reads from standard input; nil for nothing.
    package var standardInput: [UInt8]?
    /// The version of the tool.
    package var toolVersion: String

    /// Creates a request.
    package init(
        cassette: String, overwrites: Bool, upstreams: [Upstream], command: [String],
        seed: Seed, prompt: String? = nil, standardInput: [UInt8]? = nil, toolVersion: String
    ) {
        self.cassette = cassette
        self.overwrites = overwrites
        self.upstreams = upstreams
        self.command = command
        self.seed = seed
        self.prompt = prompt
        self.standardInput = standardInput
        self.toolVersion = toolVersion
    }
}

/// What a recording gave.
package struct RecordingResult: Sendable {
    /// How the agent ended.
    package var agentStatus: ExitStatus
    /// How many interactions are in the cassette.
    package var interactionCount: Int
    /// The cassette's hash.
    package var hash: Digest
    /// What went wrong on the way without losing the cassette.
    package var warnings: [String]
}

/// Records an agent: gateway up, agent through it, cassette packed and scanned.
package enum Recorder {
    /// Records; the cassette is kept whatever the agent's status is.
    package static func record(_ request: RecordingRequest) throws -> RecordingResult {
        let inherited = System.environment
        let rules = RedactionRules(secrets: secrets(in: inherited))
        let redactor = Redactor(rules)
        let sink = CassetteSink()
        let server = RecordingServer(
            options: RecordingOptions(upstreams: request.upstreams), sink: sink,
            redact: { redactor.redact($0) })
        let ports = try server.start()
        let manifest = manifest(request, ports: ports, redactor: redactor)
        let writer: CassetteWriter
        do {
            writer = try CassetteWriter.create(
                request.cassette, manifest: manifest, overwrite: request.overwrites)
        } catch {
            _ = try? server.shutdown()
            throw RunnerError(.usage, error.description)
        }
        sink.open(writer)
        let status: ExitStatus
        do {
            status = try runAgent(request, ports: ports, inherited: inherited)
        } catch {
            _ = try? server.shutdown()
            try? writer.close()
            throw error
        }
        let summary = try server.shutdown()
        return try finish(writer, status, warnings: summary.messages, redactor, request)
    }

    private static func runAgent(
        _ request: RecordingRequest, ports: [String: Int],
        inherited: [(name: String, value: String)]
    ) throws(RunnerError) -> ExitStatus {
        var environment = AgentEnvironment(inherited: inherited)
        environment.prepareRecording(request.upstreams, ports: ports, seed: request.seed)
        environment["STORMTAPE_PROMPT"] = request.prompt
        let agent = try AgentProcess(
            AgentProcess.Start(
                command: request.command.map { word in
                    request.prompt.map { replacing("{prompt}", with: $0, in: word) } ?? word
                },
                environment: environment.lines,
                searchPath: inherited.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin",
                standardInput: request.standardInput, capturesOutput: false))
        return agent.waitForExit()
    }

    private static func finish(
        _ writer: CassetteWriter, _ status: ExitStatus, warnings: [String],
        _ redactor: Redactor, _ request: RecordingRequest
    ) throws -> RecordingResult {
        try writer.setAgentStatus(status)
        let hash = try writer.pack(classify: { kind(of: $0, $1) })
        let reader = try CassetteAccess.open(request.cassette)
        let findings = redactor.scan(try CassetteText.export(reader))
        guard findings.isEmpty else {
            throw try refuse(request.cassette, findings)
        }
        return RecordingResult(
            agentStatus: status, interactionCount: reader.count, hash: hash, warnings: warnings)
    }
}
