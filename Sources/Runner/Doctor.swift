internal import CStormtape
internal import Capsule
internal import Cassette
internal import Determinism
internal import Gateway
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Looks at what this machine allows.
package enum Doctor {
    /// One thing that was looked at.
    package struct Check: Hashable, Sendable {
        /// What it is.
        package let name: String
        /// Whether nothing is to be done.
        package let isFine: Bool
        /// What was found.
        package let finding: String
        /// What to do; nil when nothing is.
        package let remedy: String?
    }

    /// The command by which the program asks itself, in a process of its own, for isolation.
    package static let probeCommand = "isolation-probe"

    /// Looks at everything.
    package static func examine() -> [Check] {
        let allowed = Allowed.find()
        return [
            isolation(allowed), capsule(allowed), container(allowed), turns(allowed), chunkPacing(),
        ]
            + [interpreter("python3"), interpreter("node"), proxies(), authority()]
            + baseAddresses()
    }

    /// What a worker may do, as one found out in a process of its own.
    private struct Allowed {
        var isolationRefusal: String?
        var refusals: [String]
        var takesTurns: Bool
        var capsuleRefusal: String?

        static func find() -> Allowed {
            let outcome = Doctor.output(of: [System.executablePath, probeCommand])
            guard let outcome, let json = try? JSONValue.parse(outcome.output) else {
                return Allowed(
                    isolationRefusal: "no answer", refusals: ["no answer"], takesTurns: false,
                    capsuleRefusal: "no answer")
            }
            return Allowed(
                isolationRefusal: json["isolation"]?.stringValue,
                refusals: json["refusals"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                takesTurns: json["turns"]?.boolValue ?? false,
                capsuleRefusal: json["capsule"]?.stringValue)
        }

        var json: JSONValue {
            .object([
                JSONMember("isolation", isolationRefusal.map { .string($0) } ?? .null),
                JSONMember("refusals", .array(refusals.map { .string($0) })),
                JSONMember("turns", .bool(takesTurns)),
                JSONMember("capsule", capsuleRefusal.map { .string($0) } ?? .null),
            ])
        }
    }

    /// The probe's own process: says what a worker may do.
    package static func probe() -> Int32 {
        let isolation = NetworkIsolation.enter()
        _ = stormtape_become_subreaper()
        let confinement = Confinement.explore(processor: stormtape_processor(0))
        let allowed = Allowed(
            isolationRefusal: isolation.reason, refusals: confinement.refusals,
            takesTurns: confinement.takesTurns, capsuleRefusal: confinement.capsuleRefusal)
        System.write(allowed.json.encoded(), to: 1)
        return 0
    }

    private static func isolation(_ allowed: Allowed) -> Check {
        guard let reason = allowed.isolationRefusal else {
            return Check(
                name: "network isolation", isFine: true,
                finding:
                    "agents run in a network namespace of their own; nothing foreign is reachable",
                remedy: nil)
        }
        return Check(
            name: "network isolation", isFine: false, finding: reason,
            remedy: "runs go on with other ports and a lower grade; to have it, allow "
                + "unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                + "kernel.apparmor_restrict_unprivileged_userns=0), or run as root")
    }

    private static func capsule(_ allowed: Allowed) -> Check {
        if let refusal = allowed.capsuleRefusal {
            return Check(
                name: "virtual clock", isFine: false,
                finding: "the capsule is refused: \(refusal)",
                remedy: "agents run on the real clock, grade C, and only Python and Node draw "
                    + "from the seed; the capsule needs Linux 5.16 or newer, with LD_PRELOAD and "
                    + "seccomp filters allowed")
        }
        return Check(
            name: "virtual clock", isFine: true,
            finding: "agents run on the simulation's clock, with seeded entropy", remedy: nil)
    }

    private static func container(_ allowed: Allowed) -> Check {
        guard allowed.refusals.isEmpty else {
            return Check(
                name: "container", isFine: false,
                finding: allowed.refusals.joined(separator: "; "),
                remedy: "process identifiers, paths or addresses may differ between runs, grade B")
        }
        return Check(
            name: "container", isFine: true,
            finding: "process identifiers, temporary paths and addresses repeat", remedy: nil)
    }

    private static func turns(_ allowed: Allowed) -> Check {
        guard allowed.takesTurns else {
            return Check(
                name: "threads take turns", isFine: false, finding: "SCHED_FIFO is refused",
                remedy: "runs in which several threads of an agent are awake at once may differ, "
                    + "grade B; allow it with `ulimit -r 1`, CAP_SYS_NICE, or run as root")
        }
        return Check(
            name: "threads take turns", isFine: true,
            finding: "an agent's threads share one processor in a fixed order (SCHED_FIFO)",
            remedy: nil)
    }

    private static func chunkPacing() -> Check {
        let descriptor = stormtape_sock_diag_open()
        guard descriptor >= 0 else {
            return Check(
                name: "chunk boundaries", isFine: false,
                finding: "sock_diag is refused (\(System.errorText(-descriptor)))",
                remedy: "chunks may be read together; load the kernel module inet_diag")
        }
        close(descriptor)
        return Check(
            name: "chunk boundaries", isFine: true,
            finding: "each chunk is written after the agent has read the one before", remedy: nil)
    }

    private static func interpreter(_ name: String) -> Check {
        let path = System.environment.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin"
        guard let found = System.find(name, searchPath: path) else {
            return Check(
                name: name, isFine: true, finding: "not on the PATH; needed only by such agents",
                remedy: nil)
        }
        return Check(name: name, isFine: true, finding: found, remedy: nil)
    }

    private static func proxies() -> Check {
        let set = AgentEnvironment.proxyVariables.filter { name in
            System.environment.contains { $0.name == name && !$0.value.isEmpty }
        }
        return Check(
            name: "proxies", isFine: true,
            finding: set.isEmpty
                ? "none set" : "\(set.joined(separator: ", ")) set; agents do not get them",
            remedy: nil)
    }

    /// The proxy's authority; looking does not make it.
    private static func authority() -> Check {
        let name = "proxy authority"
        let variables = LocalAuthority.trustVariables.joined(separator: ", ")
        let trust =
            "agents behind `record --proxy` are told to trust it by \(variables); a program that "
            + "reads none of these (Java, browsers) must be given its authority.pem, and Java the "
            + "proxy's address too: docs/PROXY.md"
        do {
            let folder = try LocalAuthority.folder(System.environment)
            guard !CertificateAuthority.isMissing(folder) else {
                return Check(
                    name: name, isFine: true,
                    finding: "none yet; `record --proxy` makes one in \(folder); \(trust)",
                    remedy: nil)
            }
            _ = try LocalAuthority.open(System.environment)
            return Check(name: name, isFine: true, finding: "in \(folder); \(trust)", remedy: nil)
        } catch {
            return Check(
                name: name, isFine: false, finding: error.message,
                remedy: "only `record --proxy`, and replays of its cassettes, need it")
        }
    }

    private static func baseAddresses() -> [Check] {
        UpstreamPreset.all.compactMap { preset in
            let set = preset.variables.first { name in
                System.environment.contains { $0.name == name }
            }
            guard let set else { return nil }
            return Check(
                name: preset.name, isFine: true,
                finding: "\(set) is set here; for agents it is replaced by the mount's address",
                remedy: nil)
        }
    }

    /// Runs a short command and returns what it wrote; nil when it could not start.
    private static func output(
        of command: [String]
    ) -> (status: ExitStatus, output: [UInt8])? {
        let start = AgentProcess.Start(
            command: command, environment: ["PATH=/usr/bin:/bin"], searchPath: "/usr/bin:/bin",
            standardInput: nil, capturesOutput: true)
        guard let process = try? AgentProcess(start) else { return nil }
        var bytes: [UInt8] = []
        var status: ExitStatus?
        let deadline = System.monotonicNanoseconds + 10_000_000_000
        process.run(deadlineNanoseconds: deadline, foreignWatch: -1) { signal in
            switch signal {
            case .output(_, let more): bytes += more
            case .exited(let ended): status = ended
            case .wallLimit, .woken: process.kill()
            case .foreign: break
            }
            return true
        }
        return status.map { ($0, bytes) }
    }
}
