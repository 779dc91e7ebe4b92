internal import CStormtape
internal import Capsule
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
    /// The upstreams of which a person said what they are; the others are told by what is said to
    /// them.
    package var settledUpstreams: Set<String> = []
    /// Whether the agent is led through a proxy, whose hosts become upstreams on the way.
    package var usesProxy = false
    /// Servers in whose place others are recorded, as `HOST[:PORT]=HOST:PORT`.
    package var detours: [String] = []
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
    /// Where the agent's randomness comes from.
    package var entropy: EntropySource = .capsule
    /// What the agent is asked, when it is a server.
    package var ask: AskSource?

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
        // Before there is a cassette, which a second try would have to overwrite.
        try request.ask?.demandFreePort()
        let inherited = System.environment
        let redactor = Redactor(RedactionRules(environment: inherited))
        let sink = CassetteSink(settled: request.settledUpstreams)
        let confinement = Confinement.explore(processor: nil)
        let place = try RunPlace.make(
            confinement,
            RunPlace.Wish(
                virtualTime: false, seed: request.seed,
                wallNanoseconds: System.wallClockNanoseconds, entropy: request.entropy))
        defer { place.remove() }
        var options = RecordingOptions(upstreams: request.upstreams)
        let page = place.page
        options.onAnswerComplete = { page?.nextEntropyEpoch() }
        options.trustRoots = LocalAuthority.trustedByUser(inherited)
        options.detours = try Detours(request.detours)
        let authority = try request.usesProxy ? LocalAuthority.open(inherited) : nil
        options.proxy = authority.map { authority in
            RecordingProxy(authority: authority) { try sink.add($0) }
        }
        let server = RecordingServer(
            options: options, sink: sink, redact: { redactor.redact($0) })
        let ports = try server.start()
        do {
            let manifest = redactor.redact(
                manifest(request, ports: ports, entropy: place.entropy))
            sink.open(try create(request, manifest), manifest.upstreams)
            let trust = try authority.map {
                try place.add(LocalAuthority.bundleName, LocalAuthority.bundle($0, inherited))
            }
            let agent = start(
                request, ports: ports, trust: trust, inherited, place, confinement)
            let run = try RecordedRun(agent, ask: request.ask, listeningPort: ports.values.min())
            let summary = try server.shutdown()
            guard summary.isComplete else { throw incomplete(summary, request.cassette) }
            return try finish(
                sink, run.status,
                notes(confinement) + summary.problems.map(\.message) + run.warnings, redactor,
                request)
        } catch {
            // After a failed start nothing is running; shutting down twice does no harm.
            _ = try? server.shutdown()
            sink.close()
            guard let error = error as? CassetteFileError else { throw error }
            throw RunnerError(.usage, error.description)
        }
    }

    private static func notes(_ confinement: Confinement) -> [String] {
        confinement.capsuleRefusal.map {
            ["the capsule is refused (\($0)): only Python and Node drew from the seed"]
        } ?? []
    }

    private static func create(
        _ request: RecordingRequest, _ manifest: Manifest
    ) throws(RunnerError) -> CassetteWriter {
        do {
            return try CassetteWriter.create(
                request.cassette, manifest: manifest, overwrite: request.overwrites)
        } catch {
            let hint = error.code == .exists ? " (--overwrite)" : ""
            throw RunnerError(.usage, error.description + hint)
        }
    }

    private static func manifest(
        _ request: RecordingRequest, ports: [String: Int], entropy: EntropySource
    ) -> Manifest {
        Manifest(
            toolVersion: request.toolVersion, seed: request.seed,
            recordedAtNanoseconds: System.wallClockNanoseconds, command: request.command,
            upstreams: request.upstreams.map { upstream in
                var upstream = upstream
                upstream.port = ports[upstream.name] ?? 0
                return upstream
            },
            standardInput: request.standardInput, prompt: request.prompt,
            fidelity: ["identity-encoding-requested", "real-clock", entropy.mark].sorted())
    }

    /// The agent as a replay will start it, on the real clock.
    private static func start(
        _ request: RecordingRequest, ports: [String: Int], trust: String?,
        _ inherited: [(name: String, value: String)], _ place: RunPlace,
        _ confinement: Confinement
    ) -> AgentProcess.Start {
        var environment = AgentEnvironment(inherited: inherited)
        environment.prepareRecording(request.upstreams, ports: ports, seed: request.seed)
        if let trust, let port = ports[ProxyMount.name] {
            environment.enterProxy(
                port: port, bundle: trust, hasMounts: !request.upstreams.isEmpty)
        }
        environment.enter(place)
        environment["TMPDIR"] = place.temporaryFolder
        environment["STORMTAPE_PROMPT"] = request.prompt
        environment.showPort(of: request.ask)
        return AgentProcess.Start(
            command: request.command.map { word in
                request.prompt.map { replacing("{prompt}", with: $0, in: word) } ?? word
            },
            environment: environment.lines, searchPath: environment["PATH"] ?? "/usr/bin:/bin",
            standardInput: request.standardInput, capturesOutput: false,
            containment: place.containment,
            fixesAddresses: confinement.fixesAddresses)
    }

    private static func finish(
        _ sink: CassetteSink, _ status: ExitStatus, _ warnings: [String],
        _ redactor: Redactor, _ request: RecordingRequest
    ) throws -> RecordingResult {
        let hash = try sink.pack(status)
        let reader = try CassetteAccess.open(request.cassette)
        let findings = redactor.scan(try CassetteText.export(reader))
        guard findings.isEmpty else { throw refuse(request.cassette, findings) }
        return RecordingResult(
            agentStatus: status, interactionCount: reader.count, hash: hash, warnings: warnings)
    }

    /// What was kept stays readable, not packed, so that it is not taken for the whole.
    private static func incomplete(_ summary: RecordingSummary, _ cassette: String) -> RunnerError {
        let first = summary.problems.first(where: \.losesData)?.message ?? ""
        return RunnerError(
            .usage,
            "the cassette lacks \(summary.lossCount) of \(summary.interactionCount) "
                + "interactions, which the agent got all the same. The first: \(first) "
                + "The others can be seen with `stormtape cassette inspect \(cassette)`")
    }

    /// A cassette that leaks is moved out of the way, readable by its owner only.
    static func refuse(_ path: String, _ findings: [SecretFinding]) -> RunnerError {
        let refused = path + ".refused"
        System.move(path, to: refused, mode: 0o600)
        let kinds = Set(findings.map { "\($0.kind)" }).sorted().joined(separator: ", ")
        return RunnerError(
            .usage,
            "the cassette is refused: after redaction it still holds \(findings.count) "
                + "secret(s) (\(kinds)); it was moved to \(refused); look at it with "
                + "`stormtape cassette inspect`, keep the secret out of the agent's traffic, "
                + "then delete that file and record again")
    }
}

/// Where the gateway puts interactions: into the cassette, and it notes which upstreams are
/// models by what was said to them.
final class CassetteSink: RecordingSink {
    private struct State {
        var writer: CassetteWriter?
        var upstreams: [String: Upstream] = [:]
        var models: Set<String> = []
    }

    private let settled: Set<String>
    private let state: Mutex<State> = Mutex(State())

    /// Creates a sink that leaves the kind of some upstreams as it is.
    init(settled: Set<String>) {
        self.settled = settled
    }

    func open(_ writer: CassetteWriter, _ upstreams: [Upstream]) {
        state.withLock { state in
            state.writer = writer
            for upstream in upstreams { state.upstreams[upstream.name] = upstream }
        }
    }

    /// Adds an upstream that was met on the way.
    func add(_ upstream: Upstream) throws {
        let writer = state.withLock { state in
            state.upstreams[upstream.name] = upstream
            return state.writer
        }
        try writer?.update { $0.upstreams.append(upstream) }
    }

    func put(_ interaction: Interaction) throws {
        let writer = state.withLock { state in
            let upstream = state.upstreams[interaction.upstream]
            if !settled.contains(interaction.upstream),
                WireProtocols.of(interaction.request, upstream: upstream) != nil
            {
                state.models.insert(interaction.upstream)
            }
            return state.writer
        }
        guard let writer else {
            throw RunnerError(.internalError, "a request came before the cassette was made")
        }
        try writer.put(interaction)
    }

    /// Packs; `status` is nil where nobody knows how the agent ended.
    func pack(_ status: ExitStatus?) throws -> Digest {
        let (writer, models) = state.withLock { ($0.writer, $0.models) }
        guard let writer else {
            throw RunnerError(.internalError, "the cassette was never made")
        }
        try writer.update { manifest in
            manifest.agentStatus = status
            for index in manifest.upstreams.indices {
                guard models.contains(manifest.upstreams[index].name) else { continue }
                manifest.upstreams[index].kind = .model
            }
        }
        return try writer.pack()
    }

    func close() {
        // A file that cannot be closed has lost nothing that was put.
        state.withLock { try? $0.writer?.close() }
    }
}
