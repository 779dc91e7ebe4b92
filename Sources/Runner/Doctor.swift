internal import CStormtape
internal import Cassette
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
        [isolation(), chunkPacing(), interpreter("python3"), interpreter("node"), proxies()]
            + baseAddresses()
    }

    /// The probe's own process: exits with 0 when it could isolate itself.
    package static func probe() -> Int32 {
        let found = NetworkIsolation.enter()
        if let reason = found.reason { System.write(Array(reason.utf8), to: 1) }
        return found.isolated ? 0 : 1
    }

    private static func isolation() -> Check {
        let outcome = output(of: [System.executablePath, probeCommand])
        guard let outcome, outcome.status == .code(0) else {
            let reason = outcome.map { String(decoding: $0.output, as: UTF8.self) } ?? "no answer"
            return Check(
                name: "network isolation", isFine: false, finding: reason,
                remedy: "runs go on with other ports and a lower grade; to have it, allow "
                    + "unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                    + "kernel.apparmor_restrict_unprivileged_userns=0), or run as root")
        }
        return Check(
            name: "network isolation", isFine: true,
            finding: "agents run in a network namespace of their own; nothing foreign is reachable",
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
