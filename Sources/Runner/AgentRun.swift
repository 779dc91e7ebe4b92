internal import CStormtape
internal import Capsule
internal import Cassette
internal import Determinism
internal import Faults
internal import Gateway
internal import Reports
internal import Simulation
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// One run: the agent against the cassette under a plan, from launch to trace.
struct AgentRun {
    /// What a run gives.
    struct Outcome {
        var trace: Trace
        var grade: Grade
        /// How the agent was started; nil when no template can be made of that.
        var start: AgentProcess.Start?
        /// Whether any of the agent's programs loaded the capsule.
        var wasEntered: Bool
        /// Whether it went on from a template.
        var isCopy: Bool
    }

    let configuration: RunConfiguration
    let tape: Tape
    let cache: DeliveryCache
    let isolation: NetworkIsolation
    let confinement: Confinement
    /// The recorded requests were redacted; what arrives is, before it is compared.
    let redactor: Redactor
    /// Makes runs go on from a template; nil for none.
    let forkServer: ForkServer?

    func run(_ plan: Plan) throws -> Outcome {
        try forkServer?.run(plan, by: self) ?? execute(plan, from: nil)
    }

    /// Runs from the start, or where it can from a template.
    func execute(_ plan: Plan, from template: AgentTemplate?) throws -> Outcome {
        let manifest = tape.manifest
        let place = try RunPlace.make(confinement, wish)
        defer { place.remove() }
        let page = place.page
        let clock: ClockMode = wish.virtualTime && page != nil ? .virtual : .real
        let world = World(
            tape: tape, plan: plan,
            options: WorldOptions(
                clock: clock, questions: configuration.ask?.questions, canRestart: true),
            cache: cache)
        let shared = PortsBox()
        let machine = AddressedWorld(world: world, redactor: redactor) {
            AddressMap(upstreams: manifest.upstreams, ports: shared.value)
        }
        var steps = world.openingSteps
        let proxy = try proxy(
            manifest.upstreams, asks: steps.remove(.handshake) != nil,
            http2Upstreams: world.http2Upstreams)
        let stops = StopBox()
        let server = server(machine, proxy, clock, stops, page)
        let bound = try server.start()
        shared.set(bound)
        let watch = isolation.isolated ? Self.foreignWatches.take() : -1
        defer { Self.foreignWatches.giveBack(watch) }
        // What came after the end of the run before.
        _ = ForeignAddress.drain(watch)
        let findings = CapsuleFindings()
        var lives: AgentLives
        let mounts = mounts(bound, named: steps.contains(.lookUp))
        do {
            try configuration.ask?.demandFreePort()
            let deadEnds = try steps.isEmpty ? nil : DeadEnds()
            defer { deadEnds?.close() }
            if let deadEnds { try askForConnections(page, mounts, deadEnds) }
            lives = try AgentLives(
                start(
                    plan: plan, mounts: mounts, authority: proxy?.authority,
                    proxyPort: bound[ProxyMount.name], place: place),
                place, from: template)
            let agent = lives.launch.agent
            stops.onStop(agent.waker)
            startAsking(server, agent)
            switch clock {
            case .real: drive(server, agent, watch)
            case .virtual:
                try driveVirtual(server, &lives, stops, watch, (mounts, deadEnds), findings)
            }
        } catch {
            _ = try? server.shutdown()
            throw error
        }
        let exact = try server.chunkPacing() == .exact
        var trace = try server.shutdown().world.trace
        trace.waiting = findings.waiting
        let control = RunControl(
            clock: clock, exactPacing: exact, isolation: isolation, confinement: confinement,
            findings: findings, marks: lives.marks,
            entropy: place.entropy, wasEntered: lives.wasEntered,
            leftSurvivors: lives.leftSurvivors, trace: trace)
        // A template does not have the bundle of the proxy's authority, a file of the run.
        return Outcome(
            trace: trace, grade: control.grade, start: proxy == nil ? lives.launch.start : nil,
            wasEntered: control.wasEntered, isCopy: lives.launch.written != nil)
    }

    private static let foreignWatches = DescriptorPool { stormtape_watch_foreign() }

    /// The proxy that the agent was recorded through; nil when there was none.
    private func proxy(
        _ upstreams: [Upstream], asks: Bool, http2Upstreams: Set<String>
    ) throws -> ReplayProxy? {
        let proxied = upstreams.filter(\.isProxied)
        guard let first = proxied.first else { return nil }
        return ReplayProxy(
            authority: try LocalAuthority.open(System.environment),
            port: isolation.isolated ? first.port : 0, upstreams: proxied,
            asksBeforeHandshakes: asks, http2Upstreams: http2Upstreams)
    }

    private func server(
        _ machine: AddressedWorld, _ proxy: ReplayProxy?, _ clock: ClockMode, _ stops: StopBox,
        _ page: CapsulePage?
    ) -> ReplayServer<AddressedWorld> {
        ReplayServer(
            machine: machine,
            mounts: tape.manifest.upstreams.filter { !$0.isProxied }.map {
                MountPoint(name: $0.name, port: isolation.isolated ? $0.port : 0)
            },
            proxy: proxy,
            pace: configuration.sleepsForReal ? .real : .immediate, clock: clock,
            onStop: { stops.stop($0) },
            onAgentAction: { action in
                switch action {
                case .takeConsumed where clock == .real: page?.nextEntropyEpoch()
                case .kill: stops.kill()
                case .start(let birth): stops.start(birth)
                default: break
                }
            })
    }

    private func startAsking(
        _ server: ReplayServer<AddressedWorld>, _ agent: AgentProcess
    ) {
        guard let ask = configuration.ask else { return }
        let send = agent.signaller
        server.startAsking(port: ask.questions.port, fixesOwnPorts: isolation.isolated) {
            send(SIGTERM)
        }
    }

    /// What is to be taken over; with a real clock, the agent's entropy only.
    var wish: RunPlace.Wish {
        RunPlace.Wish(
            virtualTime: configuration.usesVirtualClock && !configuration.sleepsForReal,
            seed: tape.manifest.seed, wallNanoseconds: tape.manifest.recordedAtNanoseconds,
            entropy: tape.manifest.fidelity.contains(EntropySource.hook.mark) ? .hook : .capsule)
    }

    private var deadline: Int64 {
        System.monotonicNanoseconds + configuration.wallLimitMilliseconds * 1_000_000
    }

    /// Reports what the agent does as it happens: its clock is real.
    private func drive(
        _ server: ReplayServer<AddressedWorld>, _ agent: AgentProcess, _ watch: Int32
    ) {
        let shows = configuration.showsOutput
        agent.run(deadlineNanoseconds: deadline, foreignWatch: watch) { signal in
            switch signal {
            case .output(let isError, let bytes):
                if shows { System.write(bytes, to: 2) }
                server.post(.output(isError ? .standardError : .standardOutput, bytes))
            case .exited(let status): server.post(.exited(status))
            case .foreign(let address): server.post(.foreignConnection(address))
            case .wallLimit:
                server.post(.wallLimit)
                agent.kill()
            case .woken: agent.kill()
            }
            return true
        }
    }

    /// Runs one life after the other; all share the limit of real time.
    private func driveVirtual(
        _ server: ReplayServer<AddressedWorld>, _ lives: inout AgentLives, _ stops: StopBox,
        _ foreignWatch: Int32, _ asked: (mounts: [CapsulePage.Mount], deadEnds: DeadEnds?),
        _ findings: CapsuleFindings
    ) throws {
        let deadline = deadline
        let mounts = asked.deadEnds == nil ? [] : asked.mounts
        while true {
            try driveLife(
                server, lives, stops, foreignWatch, mounts, findings, deadline: deadline)
            guard let birth = stops.takeBirth() else { return }
            try lives.begin(birth, wish) { page in
                if let deadEnds = asked.deadEnds {
                    try askForConnections(page, asked.mounts, deadEnds)
                }
            }
            stops.onStop(lives.launch.agent.waker)
        }
    }

    /// Leaves the watching to the loop that proves that the agent sleeps.
    private func driveLife(
        _ server: ReplayServer<AddressedWorld>, _ lives: AgentLives, _ stops: StopBox,
        _ foreignWatch: Int32, _ mounts: [CapsulePage.Mount], _ findings: CapsuleFindings,
        deadline: Int64
    ) throws {
        let (launch, agent) = (lives.launch, lives.launch.agent)
        guard let page = lives.place.page else {
            preconditionFailure("only a page gives a virtual clock")
        }
        let outputs = agent.handOutOutputs().map {
            CapsuleWatch.Output(
                descriptor: $0.descriptor,
                stream: $0.standardError ? .standardError : .standardOutput,
                written: ($0.standardError ? launch.written?.error : launch.written?.output) ?? [])
        }
        let takesTurns = confinement.takesTurns
        let (root, isInit) = (agent.pid, agent.isContained)
        let shows = configuration.showsOutput
        let limits = AgentLimits(
            processesMax: UInt32(configuration.processesMax),
            memoryBytesMax: UInt64(configuration.memoryMebibytesMax) << 20)
        server.watchAgent {
            CapsuleWatch(
                page: page, root: root, rootIsInit: isInit, outputs: outputs,
                foreign: { ForeignAddress.drain(foreignWatch) },
                show: { if shows { System.write($0, to: 2) } }, limits: limits,
                takesTurns: takesTurns, mounts: mounts, findings: findings)
        }
        var failure: (any Error)?
        agent.run(deadlineNanoseconds: deadline, foreignWatch: -1) { signal in
            switch signal {
            case .exited(let status):
                do { try server.agentEnded(.exited(status)) } catch { failure = error }
            case .wallLimit:
                server.post(.wallLimit)
                agent.kill()
            case .woken:
                // What hangs may say where; whether it does is not waited for without end.
                if stops.reason == .hung { agent.abort() } else { agent.kill() }
            case .output, .foreign: break
            }
            return true
        }
        if let failure { throw failure }
    }

    /// Makes the agent ask before it connects, so that its connections can fail.
    private func askForConnections(
        _ page: CapsulePage?, _ mounts: [CapsulePage.Mount], _ deadEnds: DeadEnds
    ) throws(RunnerError) {
        let unasked = page?.askFor(
            mounts, closedPort: deadEnds.closedPort, silentPort: deadEnds.silentPort)
        guard let unasked else { return }
        throw RunnerError(
            .cannotStart,
            "connections to '\(unasked.upstream)' cannot be made to fail: a cassette with so many "
                + "upstreams (\(mounts.count)) has no room for it; take dns-failure, "
                + "connect-refused and connect-timeout out of the scenario")
    }

    private func hosts(_ mounts: [CapsulePage.Mount]) -> [String: String] {
        Dictionary(
            mounts.map { ($0.upstream, "\($0.name ?? AgentEnvironment.loopback):\($0.port)") },
            uniquingKeysWith: { first, _ in first })
    }

    private func mounts(_ ports: [String: Int], named: Bool) -> [CapsulePage.Mount] {
        let upstreams = tape.manifest.upstreams
        let names = named ? AgentEnvironment.hostNames(of: upstreams.map(\.name)) : [:]
        return upstreams.compactMap { upstream in
            // Connections to the proxy are for nobody in particular.
            guard !upstream.isProxied, let port = ports[upstream.name] else { return nil }
            return CapsulePage.Mount(
                upstream: upstream.name, port: UInt16(port), name: names[upstream.name])
        }
    }

    private func start(
        plan: Plan, mounts: [CapsulePage.Mount], authority: CertificateAuthority?,
        proxyPort: Int?, place: RunPlace
    ) throws -> AgentProcess.Start {
        let manifest = tape.manifest
        let isVirtual = wish.virtualTime && place.page != nil
        let inherited = System.environment
        var environment = AgentEnvironment(inherited: inherited)
        environment.prepareReplay(
            manifest.upstreams, hosts: hosts(mounts), seed: manifest.seed,
            temporaryFolder: place.temporaryFolder)
        if let proxyPort, let authority {
            let bundle = LocalAuthority.bundle(authority, inherited)
            environment.enterProxy(
                port: proxyPort, bundle: try place.add(LocalAuthority.bundleName, bundle),
                hasMounts: !mounts.isEmpty)
        }
        environment.enter(place)
        environment.showPort(of: configuration.ask)
        let prompt = plan.prompt ?? manifest.prompt
        environment["STORMTAPE_PROMPT"] = prompt
        return AgentProcess.Start(
            command: configuration.command.map { word in
                prompt.map { replacing("{prompt}", with: $0, in: word) } ?? word
            },
            environment: environment.lines,
            searchPath: inherited.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin",
            standardInput: manifest.standardInput, capturesOutput: true,
            containment: place.containment,
            fixesAddresses: confinement.fixesAddresses,
            processor: isVirtual ? confinement.processor : nil,
            takesTurns: isVirtual && confinement.takesTurns)
    }
}

/// Where the mounts are, once they are bound.
private final class PortsBox: Sendable {
    private let ports: Mutex<[String: Int]> = Mutex([:])
    var value: [String: Int] { ports.withLock { $0 } }
    func set(_ value: [String: Int]) { ports.withLock { $0 = value } }
}
