internal import CStormtape
internal import Cassette
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What a running agent reports.
enum AgentSignal {
    case output(standardError: Bool, [UInt8])
    case exited(ExitStatus)
    case foreign(String)
    case wallLimit
    case woken
}

/// A started agent: its process group, its output and its end, in one loop on one thread.
final class AgentProcess {
    struct Start {
        var command: [String]
        var environment: [String]
        var searchPath: String
        var standardInput: [UInt8]?
        /// Nil passes the output on to our own.
        var capturesOutput: Bool
    }

    private let pid: pid_t
    private let pidDescriptor: Int32
    private var outputs: [(descriptor: Int32, standardError: Bool)] = []
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private var reaped: ExitStatus?

    /// Starts the agent.
    init(_ start: Start) throws(RunnerError) {
        guard let name = start.command.first else {
            throw RunnerError(.usage, "no command; put it after --, as in: -- python agent.py")
        }
        guard let path = System.find(name, searchPath: start.searchPath) else {
            throw RunnerError(
                .cannotStart,
                "cannot start the agent: '\(name)' is not an executable file"
                    + (name.contains("/") ? " here" : " on the PATH"))
        }
        let input = try AgentProcess.inputDescriptor(start.standardInput)
        defer { if input >= 0 { close(input) } }
        var pipes: [[Int32]] = []
        if start.capturesOutput { pipes = try [AgentProcess.pipe(), AgentProcess.pipe()] }
        let wake = try AgentProcess.pipe()
        wakeRead = wake[0]
        wakeWrite = wake[1]
        let started = AgentProcess.spawn(
            path: path, start: start, input: input, output: pipes.first?[1] ?? 1,
            error: pipes.last?[1] ?? 2)
        for pipe in pipes { close(pipe[1]) }
        guard started > 0 else {
            for pipe in pipes { close(pipe[0]) }
            close(wake[0])
            close(wake[1])
            throw RunnerError(
                .cannotStart, "cannot start the agent '\(path)': \(System.errorText(-started))")
        }
        pid = started
        pidDescriptor = stormtape_pidfd(pid)
        if pipes.count == 2 { outputs = [(pipes[0][0], false), (pipes[1][0], true)] }
    }

    deinit {
        for output in outputs { close(output.descriptor) }
        if pidDescriptor >= 0 { close(pidDescriptor) }
        close(wakeRead)
        close(wakeWrite)
    }

    /// A closure that wakes the loop from any thread.
    var waker: @Sendable () -> Void {
        let descriptor = wakeWrite
        return { System.write([1], to: descriptor) }
    }

    /// Reports everything until the agent ended and its output is read, or `report` says stop.
    func run(
        deadlineNanoseconds: Int64?, foreignWatch: Int32, report: (AgentSignal) -> Bool
    ) {
        var pastDeadline = false
        while true {
            var polled = outputs.map {
                pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
            }
            polled.append(pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: foreignWatch, events: Int16(POLLIN), revents: 0))
            polled.append(
                pollfd(fd: reaped == nil ? pidDescriptor : -1, events: Int16(POLLIN), revents: 0))
            let wait = timeout(deadlineNanoseconds, pastDeadline)
            if poll(&polled, nfds_t(polled.count), wait) < 0, errno != EINTR { return }
            drainForeign(foreignWatch, report)
            readOutputs(polled, report)
            if polled[polled.count - 3].revents != 0 {
                drainWake()
                guard report(.woken) else { return }
            }
            if reap() { finishOutputs(report) }
            if let reaped, outputs.isEmpty {
                drainForeign(foreignWatch, report)
                _ = report(.exited(reaped))
                return
            }
            if let deadlineNanoseconds, !pastDeadline, reaped == nil,
                System.monotonicNanoseconds >= deadlineNanoseconds
            {
                pastDeadline = true
                guard report(.wallLimit) else { return }
            }
        }
    }

    /// Ends the agent and everything it started.
    func kill() {
        Self.send(SIGKILL, to: -pid)
        if reaped == nil {
            // It may have left its group. Its status is taken here, before the sweep below
            // takes those of all children.
            Self.send(SIGKILL, to: pid)
            reaped = waitForExit()
        }
        stormtape_kill_descendants()
    }

    /// Waits for the end without watching output; for recordings, whose output passes through.
    func waitForExit() -> ExitStatus {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return AgentProcess.exitStatus(status)
    }

    private static func send(_ signal: Int32, to pid: pid_t) {
        #if canImport(Glibc)
            _ = Glibc.kill(pid, signal)
        #else
            _ = Darwin.kill(pid, signal)
        #endif
    }

    private func timeout(_ deadline: Int64?, _ pastDeadline: Bool) -> Int32 {
        // Without a process descriptor the end is looked for every 5 ms.
        let coarse: Int64 = pidDescriptor < 0 && reaped == nil ? 5 : 60_000
        guard let deadline, !pastDeadline, reaped == nil else { return Int32(coarse) }
        let left = (deadline - System.monotonicNanoseconds) / 1_000_000 + 1
        return Int32(max(0, min(left, coarse)))
    }

    /// Whether the agent ended.
    private func reap() -> Bool {
        guard reaped == nil else { return true }
        var status: Int32 = 0
        guard stormtape_reap(pid, &status) == 1 else { return false }
        reaped = AgentProcess.exitStatus(status)
        return true
    }

    /// The agent ended: what its children still hold open is not waited for.
    private func finishOutputs(_ report: (AgentSignal) -> Bool) {
        kill()
        for output in outputs {
            while let bytes = readAvailable(output.descriptor), !bytes.isEmpty {
                _ = report(.output(standardError: output.standardError, bytes))
            }
            close(output.descriptor)
        }
        outputs = []
    }

    private func readOutputs(_ polled: [pollfd], _ report: (AgentSignal) -> Bool) {
        for (index, output) in outputs.enumerated().reversed() where polled[index].revents != 0 {
            guard let bytes = readAvailable(output.descriptor) else { continue }
            if bytes.isEmpty {
                close(output.descriptor)
                outputs.remove(at: index)
            } else {
                _ = report(.output(standardError: output.standardError, bytes))
            }
        }
    }

    /// Bytes that are there; empty at the end, nil when there are none yet.
    private func readAvailable(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let got = read(descriptor, &buffer, buffer.count)
        if got < 0 { return errno == EAGAIN || errno == EINTR ? nil : [] }
        return Array(buffer[..<got])
    }

    private func drainWake() {
        _ = readAvailable(wakeRead)
    }

    private func drainForeign(_ watch: Int32, _ report: (AgentSignal) -> Bool) {
        guard watch >= 0 else { return }
        var found = stormtape_foreign()
        while stormtape_next_foreign(watch, &found) == 1 {
            _ = report(.foreign(ForeignAddress.text(found)))
        }
    }

    private static func exitStatus(_ status: Int32) -> ExitStatus {
        let decoded = Int(stormtape_decode_status(status))
        return decoded >= 256 ? .signal(decoded - 256) : .code(decoded)
    }

    private static func pipe() throws(RunnerError) -> [Int32] {
        var ends: [Int32] = [0, 0]
        let error = stormtape_pipe(&ends, 1)
        guard error == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe: \(System.errorText(-error))")
        }
        return ends
    }

    /// A file that holds the recorded standard input; -1 for none.
    private static func inputDescriptor(_ bytes: [UInt8]?) throws(RunnerError) -> Int32 {
        guard let bytes else { return -1 }
        guard let file = tmpfile() else {
            throw RunnerError(
                .cannotStart, "cannot keep standard input: \(System.errorText(errno))")
        }
        let descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3)
        fclose(file)
        System.write(bytes, to: descriptor)
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    private static func spawn(
        path: String, start: Start, input: Int32, output: Int32, error: Int32
    ) -> pid_t {
        let arguments = start.command.map { strdup($0) } + [nil]
        let environment = start.environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        return path.withCString { path in
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    var request = stormtape_spawn(
                        path: path, argv: arguments.baseAddress, envp: environment.baseAddress,
                        directory: nil, standard_input: input, standard_output: output,
                        standard_error: error, new_group: 1)
                    return stormtape_start(&request)
                }
            }
        }
    }
}

/// How a foreign address is named in reports.
enum ForeignAddress {
    static func text(_ found: stormtape_foreign) -> String {
        var found = found
        let name = withUnsafeBytes(of: &found.name) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        if !name.isEmpty { return "dns:\(name)" }
        let bytes = withUnsafeBytes(of: &found.address) { Array($0) }
        let scheme = found.protocol == 6 ? "tcp" : "udp"
        if found.version == 4 {
            let dotted = bytes[0..<4].map(String.init).joined(separator: ".")
            return "\(scheme):\(dotted):\(found.port)"
        }
        let groups = stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }
        return "\(scheme):[\(groups.joined(separator: ":"))]:\(found.port)"
    }
}
