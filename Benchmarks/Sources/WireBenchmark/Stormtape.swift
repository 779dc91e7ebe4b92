import Foundation
import Measuring

/// The `stormtape` binary, driven from outside as a user drives it.
struct Stormtape {
    let binary: String
    /// A folder of the benchmark's own.
    let folder: URL

    /// What one command took.
    struct Usage {
        var seconds: Double
        /// The largest memory of any of its processes, in bytes.
        var memoryBytesMax: Int
    }

    /// Runs a command to its end; its exit code must be 0.
    @discardableResult
    func run(_ arguments: [String]) throws -> Usage {
        let log = folder.appendingPathComponent("command.log").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = ([binary] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: pid_t = 0
        var usage = rusage()
        var status: Int32 = 0
        let spent = try seconds {
            guard posix_spawn(&process, binary, &actions, nil, &words, environ) == 0 else {
                throw Connection.Failure(description: "\(binary) does not start")
            }
            while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
        }
        guard status == 0 else {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw Connection.Failure(
                description: "stormtape \(arguments.prefix(2).joined(separator: " ")): status "
                    + "\(status)\n\(text.suffix(2_000))")
        }
        return Usage(seconds: spent, memoryBytesMax: Int(usage.ru_maxrss) * 1024)
    }

    /// Records what a client of this program does.
    @discardableResult
    func record(_ cassette: String, upstream: Int, client: [String]) throws -> Usage {
        try run(
            [
                "record", "--overwrite", "--cassette", path(cassette),
                "--upstream", "echo=http://127.0.0.1:\(upstream)",
                "--env", "\(LoadClient.addressVariable)=echo", "--",
            ] + command(client))
    }

    /// Replays a cassette to a client of this program.
    @discardableResult
    func replay(_ cassette: String, client: [String]) throws -> Usage {
        try run(["replay", "--cassette", path(cassette), "--"] + command(client))
    }

    func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    /// The figures that the last client left.
    func figures() throws -> [Double] {
        try String(contentsOfFile: path("figures"), encoding: .utf8).split(separator: " ")
            .compactMap { Double($0) }
    }

    private func command(_ client: [String]) -> [String] {
        [Stormtape.thisProgram, "client", path("figures")] + client
    }

    private static var thisProgram: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }
}
