internal import CStormtape
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
    }

    let configuration: RunConfiguration
    let tape: Tape
    let cache: DeliveryCache
    let isolation: NetworkIsolation
    /// The recorded requests were redacted; what arrives is, before it is compared.
    let redactor: Redactor

    func run(_ plan: Plan) throws -> Outcome {
        let manifest = tape.manifest
        let folder = try System.makeTemporaryFolder()
        defer { System.removeTree(folder) }
        let world = World(
            tape: tape, plan: plan, options: WorldOptions(clock: .real), cache: cache)
        let shared = PortsBox()
        let machine = AddressedWorld(world: world, redactor: redactor) {
            AddressMap(upstreams: manifest.upstreams, ports: shared.value)
        }
        let stops = StopBox()
        let server = ReplayServer(
            machine: machine,
            mounts: manifest.upstreams.map {
                MountPoint(name: $0.name, port: isolation.isolated ? $0.port : 0)
            },
            pace: configuration.sleepsForReal ? .real : .immediate,
            onStop: { _ in stops.stop() })
        let bound = try server.start()
        shared.set(bound)
        let watch = isolation.isolated ? stormtape_watch_foreign() : -1
        defer { if watch >= 0 { close(watch) } }
        do {
            try drive(server, stops, plan: plan, ports: bound, folder: folder, watch: watch)
        } catch {
            _ = try? server.shutdown()
            throw error
        }
        let exact = try server.chunkPacing() == .exact
        let trace = try server.shutdown().world.trace
        return Outcome(trace: trace, grade: grade(exactPacing: exact))
    }

    private func drive(
        _ server: ReplayServer<AddressedWorld>, _ stops: StopBox, plan: Plan,
        ports: [String: Int], folder: String, watch: Int32
    ) throws(RunnerError) {
        let agent = try AgentProcess(start(plan: plan, ports: ports, folder: folder))
        stops.onStop(agent.waker)
        let deadline =
            System.monotonicNanoseconds + configuration.wallLimitMilliseconds * 1_000_000
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

    private func start(
        plan: Plan, ports: [String: Int], folder: String
    ) -> AgentProcess.Start {
        let manifest = tape.manifest
        let inherited = System.environment
        var environment = AgentEnvironment(inherited: inherited)
        environment.prepareReplay(
            manifest.upstreams, ports: ports, seed: manifest.seed, temporaryFolder: folder)
        let prompt = plan.prompt ?? manifest.prompt
        environment["STORMTAPE_PROMPT"] = prompt
        return AgentProcess.Start(
            command: configuration.command.map { word in
                prompt.map { replacing("{prompt}", with: $0, in: word) } ?? word
            },
            environment: environment.lines,
            searchPath: inherited.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin",
            standardInput: manifest.standardInput, capturesOutput: true)
    }

    private func grade(exactPacing: Bool) -> Grade {
        var reasons = ["the agent's clock is real"]
        if !exactPacing { reasons.append("chunk boundaries are approximate on this system") }
        if let reason = isolation.reason {
            reasons.append("the network is not isolated: \(reason)")
        }
        return Grade(.c, reasons: reasons)
    }
}

/// Where the mounts are, once they are bound.
private final class PortsBox: Sendable {
    private let ports: Mutex<[String: Int]> = Mutex([:])
    var value: [String: Int] { ports.withLock { $0 } }
    func set(_ value: [String: Int]) { ports.withLock { $0 = value } }
}

/// Hands the world's wish to stop to the agent's loop, whichever of them is there first.
private final class StopBox: Sendable {
    private let state: Mutex<(stopped: Bool, wake: (@Sendable () -> Void)?)> = Mutex((false, nil))

    func stop() {
        let wake = state.withLock { state in
            state.stopped = true
            return state.wake
        }
        wake?()
    }

    func onStop(_ wake: @escaping @Sendable () -> Void) {
        let stopped = state.withLock { state in
            state.wake = wake
            return state.stopped
        }
        if stopped { wake() }
    }
}
