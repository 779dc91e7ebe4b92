import Determinism
import Foundation
import Testing

/// Hostile circumstances, one test at a time: they are about time and load.
@Suite("Robustness", .serialized)
enum Robust {}

/// A problem of a test's own set-up.
struct RobustError: Error, CustomStringConvertible {
    let description: String
}

/// What a program left behind when it had ended.
struct RobustResult {
    /// The exit code, or 256 + the signal.
    var status: Int32
    var out: String
    var err: String

    /// Standard output as JSON.
    func json() throws -> JSONValue {
        do {
            return try JSONValue.parse(text: out)
        } catch {
            throw RobustError(description: "not JSON (status \(status)): \(out.prefix(500))\(err)")
        }
    }
}

/// A started program whose output is read as it comes.
final class RobustProcess {
    private let pid: pid_t
    private let output: Int32
    private let input: Int32
    private let errorPath: String
    private var pending: [UInt8] = []
    private var status: Int32?

    /// Starts a program; its standard input ends when this object does.
    init(_ command: [String]) throws {
        let (reading, writing) = try Self.pair()
        let (inputOfChild, inputOfTest) = try Self.pair()
        // Only our own end has it: a program that waits for the end of its input waits for ever.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            reading, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        defer {
            close(writing)
            close(inputOfChild)
        }
        errorPath = try RobustFolder.file("stderr")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputOfChild, 0)
        posix_spawn_file_actions_adddup2(&actions, writing, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT, 0o600)
        try SpawnActions.closeOthers(&actions)
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, command[0], &actions, nil, arguments, environ)
        guard failure == 0 else {
            throw RobustError(description: "cannot start \(command[0]): errno \(failure)")
        }
        pid = started
        output = reading
        input = inputOfTest
    }

    deinit {
        if status == nil {
            kill()
            waitpid(pid, nil, 0)
        }
        close(output)
        close(input)
    }

    /// Two ends that no other program can inherit, however many are being started.
    private static func pair() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw RobustError(description: "socketpair: errno \(errno)")
        }
        return (ends[0], ends[1])
    }

    /// The next line; nil once nobody holds the other end any more.
    func line() throws -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            guard try more() else { return nil }
        }
    }

    private func more() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let got = read(output, &buffer, buffer.count)
        guard got >= 0 else {
            throw RobustError(
                description: "no output and no end for 60 s (errno \(errno)) of process \(pid)")
        }
        pending += buffer[..<got]
        return got > 0
    }

    /// Kills it without asking.
    func kill() {
        _ = Foundation.kill(pid, SIGKILL)
    }

    /// Reads to the end of the output and waits for the program.
    func finish() throws -> RobustResult {
        while try more() {}
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
        let ended = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 256 + (raw & 0x7F)
        status = ended
        let errors = try Data(contentsOf: URL(fileURLWithPath: errorPath))
        return RobustResult(
            status: ended, out: String(decoding: pending, as: UTF8.self),
            err: String(decoding: errors, as: UTF8.self))
    }
}

/// A private folder of this test process, removed at its end.
enum RobustFolder {
    static let path: String = {
        let path = NSTemporaryDirectory() + "stormtape-robust-\(getpid())"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: RobustFolder.path) }
        return path
    }()

    /// A path in it at which nothing is yet.
    static func file(_ name: String) throws -> String {
        let folder = path + "/" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        return folder + "/" + name
    }
}

/// The built program, the interpreter and the agents.
enum RobustProgram {
    static let agents: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return tests.appendingPathComponent("../../fixtures/agents/robust").standardized.path
    }()

    static let stormtape: String = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: own ?? "").deletingLastPathComponent().path
        return folder + "/stormtape"
    }()

    /// The interpreter itself; a wrapper of a version manager would take most of the time.
    static func python() throws -> String {
        try interpreter.get()
    }

    private static let interpreter = Result<String, any Error> {
        let asking = try RobustProcess([
            "/usr/bin/env", "python3", "-c", "import sys; print(sys.executable)",
        ])
        guard let path = try asking.line(), try asking.finish().status == 0 else {
            throw RobustError(description: "these tests need python3 on the PATH")
        }
        return path
    }

    /// Runs stormtape to its end.
    static func run(_ arguments: [String]) throws -> RobustResult {
        try RobustProcess([stormtape] + arguments).finish()
    }

    /// The command of an agent with this code; `get(path)` asks the stub's mount.
    static func agent(_ code: String) throws -> [String] {
        let prelude = """
            import os, signal, socket, sys, time
            import urllib.request
            base = os.environ["STUB_URL"]
            def get(path, data=None, headers={}):
                request = urllib.request.Request(base + path, data, headers)
                return urllib.request.urlopen(request, timeout=50).read()

            """
        return [try python(), "-S", "-E", "-c", prelude + code]
    }

    static func record(
        _ cassette: String, upstream: String, options: [String] = [], _ command: [String]
    ) throws -> RobustResult {
        try run(
            ["record", "--cassette", cassette, "--upstream", "stub=\(upstream)"]
                + ["--env", "STUB_URL=stub"] + options + ["--"] + command)
    }

    /// A cassette of one agent's traffic.
    static func tape(_ code: String, _ stub: RobustStub) throws -> String {
        let cassette = try RobustFolder.file("a.cassette")
        let result = try record(cassette, upstream: stub.address, try agent(code))
        guard result.status == 0 else {
            throw RobustError(description: "record: \(result.status) \(result.err)")
        }
        return cassette
    }

    static func replay(
        _ cassette: String, options: [String] = [], _ command: [String]
    ) throws -> JSONValue {
        try run(
            ["replay", "--cassette", cassette, "--format", "json"] + options + ["--"] + command
        ).json()
    }

    static func inspect(_ cassette: String) throws -> JSONValue {
        try run(["cassette", "inspect", cassette, "--format", "json"]).json()
    }
}

/// The upstream of these tests; it ends with this object.
final class RobustStub {
    let address: String
    private let process: RobustProcess

    init() throws {
        process = try RobustProcess([
            try RobustProgram.python(), "\(RobustProgram.agents)/stub.py",
        ])
        guard let port = try process.line() else {
            throw RobustError(description: "the stub did not start")
        }
        address = "http://127.0.0.1:\(port)"
    }
}
