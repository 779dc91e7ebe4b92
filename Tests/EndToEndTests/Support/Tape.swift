import Determinism
import Foundation

/// A recorded cassette with the command that it was recorded from.
struct Tape: Sendable {
    /// The cassette's path.
    var cassette: String
    /// The agent's command.
    var command: [String]
    /// What `record` printed: the agent's own output.
    var recorded: CommandResult

    /// Records an agent against a server of the fixtures, which is gone when this returns.
    static func record(
        _ command: [String], server: String = "sdk/provider_stub.py", upstream: String,
        path: String = "", options: [String] = []
    ) async throws -> Tape {
        let cassette = try Scratch.folder() + "/tape.cassette"
        let result = try await LocalServer.with(server) { address in
            try await Stormtape.run(
                ["record", "--cassette", cassette, "--upstream", "\(upstream)=\(address)\(path)"]
                    + options + ["--"] + command)
        }
        guard result.status == 0 else {
            throw SetUpError("record ended with \(result.status): \(result.err)")
        }
        return Tape(cassette: cassette, command: command, recorded: result)
    }

    /// Replays the command of the recording, or another one.
    func replay(
        _ options: [String] = [], command: [String]? = nil, in folder: String? = nil
    ) async throws -> Run {
        let result = try await Stormtape.run(
            ["replay", "--cassette", cassette, "--format", "json"] + options + ["--"]
                + (command ?? self.command), in: folder)
        return try Run(result)
    }

    /// Replays under a scenario of this text.
    func replay(
        scenario: String, seed: UInt64 = 1, options: [String] = [], command: [String]? = nil
    ) async throws -> Run {
        let file = try Scratch.file("scenario.yaml", scenario)
        return try await replay(
            ["--scenario", file, "--seed", String(seed)] + options, command: command)
    }

    /// A storm of this scenario file.
    func storm(
        _ scenario: String, seeds: String, options: [String] = [], command: [String]? = nil
    ) async throws -> Run {
        let result = try await Stormtape.run(
            [
                "storm", "--no-history", "--cassette", cassette, "--scenario", scenario, "--seeds",
                seeds,
            ]
                + ["--format", "json"] + options + ["--"] + (command ?? self.command))
        return try Run(result)
    }
}

/// The built program.
enum Stormtape {
    static func run(
        _ arguments: [String], in folder: String? = nil
    ) async throws -> CommandResult {
        try await Shell.run([Checkout.stormtape()] + arguments, in: folder)
    }
}

/// The JSON report of a replay or a storm, with the exit status that came with it.
struct Run: Sendable {
    let status: Int32
    let json: JSONValue
    let err: String

    init(_ result: CommandResult) throws {
        status = result.status
        err = result.err
        do {
            json = try JSONValue.parse(Array(result.out.utf8))
        } catch {
            throw SetUpError(
                "no JSON report (exit \(result.status)): \(error)\n\(result.out)\n\(result.err)")
        }
    }

    func text(_ key: String) -> String { json[key]?.stringValue ?? "" }
    func list(_ key: String) -> [JSONValue] { json[key]?.arrayValue ?? [] }

    var verdict: String { text("verdict") }
    var digest: String { text("digest") }
    var plan: String { text("plan") }
    /// The identifiers of the faults that fired.
    var fired: [String] { list("faults").compactMap { $0["fault"]?.stringValue } }
    var runs: [JSONValue] { list("runs") }
    /// The agent's own output.
    var output: String { json["trace"]?["stdout"]?.stringValue ?? "" }
    var exchanges: [JSONValue] { json["trace"]?["exchanges"]?.arrayValue ?? [] }

    /// The agent's own output as JSON.
    func answer() throws -> JSONValue { try JSONValue.parse(Array(output.utf8)) }

    /// Where the two runs part, for the message of an expectation that they have one digest.
    func difference(from other: Run) -> String {
        let logs = [other, self].map { $0.json["trace"]?["log"]?.arrayValue ?? [] }
        var shared = zip(logs[0], logs[1]).prefix { $0 == $1 }.count
        if shared == max(logs[0].count, logs[1].count) {
            let differing = ["stdout", "stderr", "exchanges", "end", "unplayed", "foreign"].filter {
                json["trace"]?[$0] != other.json["trace"]?[$0]
            }
            return "the logs are the same; \(differing) differ"
        }
        shared = max(0, shared - 2)
        let parts = logs.map { $0.dropFirst(shared).prefix(6).map { $0.canonicalText() } }
        return """
            from entry \(shared) of \(logs[0].count) and \(logs[1].count), \
            grades \(other.text("grade")) and \(text("grade")) \(list("grade_reasons")):
            \(parts[0].joined(separator: "\n"))
            or
            \(parts[1].joined(separator: "\n"))
            """
    }

    /// The one number that a run has for each of its exchanges.
    func numbers(_ key: String) -> [Int64?] { exchanges.map { $0[key]?.intValue } }
}
