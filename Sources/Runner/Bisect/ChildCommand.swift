internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A command that is run to its end, and what it prints.
struct ChildCommand {
    /// The exit code, or 256 and the signal.
    var status: Int
    /// What it printed; with merged errors both, in the order in which they came.
    var output: [UInt8]
    /// Whether it was ended because it took too long.
    var wasEnded = false

    /// What was printed, without the line break at its end.
    var text: String {
        let bytes = output.last == 0x0A ? output.dropLast() : output[...]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last line that is not blank.
    var lastLine: String {
        let lines = text.split { $0.isNewline }
        return lines.last { line in line.contains { !$0.isWhitespace } }.map(String.init) ?? ""
    }

    /// Variables that lead git to another repository than that of the folder.
    static let gitVariables = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
    ]

    /// How long a command may take, and how long after it was asked to end.
    struct TimeLimit {
        var milliseconds: Int64
        var graceMilliseconds: Int64 = 5_000
        /// Nanoseconds that only grow.
        var clock: () -> Int64 = { System.monotonicNanoseconds }
    }

    /// How a command ended.
    struct End {
        /// The exit code, or 256 and the signal.
        var status: Int
        /// Whether it was ended because it took too long.
        var wasEnded: Bool
    }

    /// Runs a command in a folder, and keeps the end of what it prints.
    ///
    /// One that takes longer than the limit is ended with all of its process group.
    static func run(
        _ words: [String], in folder: String, variables: [(name: String, value: String)] = [],
        limit: TimeLimit? = nil
    ) throws(RunnerError) -> ChildCommand {
        var output: [UInt8] = []
        let end = try run(words, in: folder, variables: variables, limit: limit) { bytes in
            output += bytes
            // The end says what went wrong.
            if output.count > 2 * outputMax { output.removeFirst(output.count - outputMax) }
        }
        return ChildCommand(status: end.status, output: output, wasEnded: end.wasEnded)
    }

    /// Runs a command in a folder, gives what it prints piece by piece, and returns how it ended.
    ///
    /// Where the pieces end is chance. What the command leaves running is not waited for.
    static func run(
        _ words: [String], in folder: String, variables: [(name: String, value: String)] = [],
        mergesErrors: Bool = true, limit: TimeLimit? = nil, take: (ArraySlice<UInt8>) -> Void
    ) throws(RunnerError) -> End {
        let inherited = System.environment.filter { !gitVariables.contains($0.name) }
        let searchPath = inherited.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin"
        guard let name = words.first, let path = System.find(name, searchPath: searchPath) else {
            throw RunnerError(
                .cannotStart, "'\(words.first ?? "")' is not on the PATH; install it")
        }
        var ends: [Int32] = [0, 0]
        let error = stormtape_pipe(&ends, 1)
        guard error == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe: \(System.errorText(-error))")
        }
        let names = variables.map(\.name)
        let environment = inherited.filter { !names.contains($0.name) } + variables
        let pid = start(
            path, words, environment, folder, output: ends[1], errors: mergesErrors ? ends[1] : -1)
        close(ends[1])
        defer { close(ends[0]) }
        guard pid > 0 else {
            throw RunnerError(.cannotStart, "cannot start \(name): \(System.errorText(-pid))")
        }
        return follow(pid, ends[0], limit, take)
    }

    private static func start(
        _ path: String, _ words: [String], _ environment: [(name: String, value: String)],
        _ folder: String, output: Int32, errors: Int32
    ) -> pid_t {
        let arguments = words.map { strdup($0) } + [nil]
        let lines = environment.map { strdup("\($0.name)=\($0.value)") } + [nil]
        defer { for pointer in arguments + lines { free(pointer) } }
        return path.withCString { path in
            folder.withCString { folder in
                arguments.withUnsafeBufferPointer { arguments in
                    lines.withUnsafeBufferPointer { lines in
                        var request = stormtape_spawn(
                            path: path, argv: arguments.baseAddress, envp: lines.baseAddress,
                            directory: folder, standard_input: -1, standard_output: output,
                            standard_error: errors, new_group: 1, fixed_addresses: 0,
                            processor: -1, takes_turns: 0, control: -1, control_at: -1)
                        return stormtape_start(&request)
                    }
                }
            }
        }
    }

    /// What is kept of a command that prints without end.
    private static let outputMax = 4 << 20
    /// The most that a pipe holds.
    private static let pipeMax = 1 << 20

    /// Reads until the command has ended and the pipe is empty.
    private static func follow(
        _ pid: pid_t, _ descriptor: Int32, _ limit: TimeLimit?, _ take: (ArraySlice<UInt8>) -> Void
    ) -> End {
        let handle = ProcessHandle(pid)
        var patience = Patience(limit)
        var isOpen = true
        while true {
            var polled = [
                pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            // Without a process descriptor the end is looked for every 5 ms.
            poll(&polled, 2, handle.descriptor < 0 ? 5 : patience.pollMilliseconds)
            // What it wrote is in the pipe by then; what others go on writing is not its own.
            let hasEnded = Self.hasEnded(pid)
            if isOpen { isOpen = drain(descriptor, atMost: pipeMax, take) }
            guard hasEnded else {
                if let signal = patience.signalThatIsDue() { kill(-pid, signal) }
                continue
            }
            // Not waited for yet, it keeps the number of its group from being another's.
            if patience.isOver { kill(-pid, SIGKILL) }
            var status: Int32 = 0
            _ = stormtape_reap(pid, &status)
            return End(
                status: Int(stormtape_decode_status(status)), wasEnded: patience.isOver)
        }
    }

    /// Whether a child has ended; it stays to be waited for.
    private static func hasEnded(_ pid: pid_t) -> Bool {
        var found = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &found, WEXITED | WNOHANG | WNOWAIT)
        // One that somebody else waited for has ended too.
        return result != 0 || found.si_signo != 0
    }

    /// Takes what is there; false when there will be no more.
    private static func drain(
        _ descriptor: Int32, atMost limit: Int, _ take: (ArraySlice<UInt8>) -> Void
    ) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var left = limit
        while left > 0 {
            let got = read(descriptor, &buffer, min(left, buffer.count))
            if got < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN
            }
            guard got > 0 else { return false }
            take(buffer[..<got])
            left -= got
        }
        return true
    }
}

/// When a command that takes too long is asked to end, and when it is made to.
private struct Patience {
    /// Whether it took too long.
    private(set) var isOver = false

    private let limit: ChildCommand.TimeLimit?
    /// When the next signal is due; nil for never.
    private var end: Int64?

    init(_ limit: ChildCommand.TimeLimit?) {
        self.limit = limit
        end = limit.map { $0.clock() + $0.milliseconds * 1_000_000 }
    }

    /// How long may be waited before it is looked at again; -1 for ever.
    var pollMilliseconds: Int32 {
        guard let limit, let end else { return -1 }
        return Int32(clamping: max(0, (end - limit.clock() + 999_999) / 1_000_000))
    }

    /// The signal that is due now, each once; nil for none.
    mutating func signalThatIsDue() -> Int32? {
        guard let limit, let end, limit.clock() >= end else { return nil }
        guard !isOver else {
            self.end = nil
            return SIGKILL
        }
        isOver = true
        self.end = limit.clock() + limit.graceMilliseconds * 1_000_000
        return SIGTERM
    }
}
