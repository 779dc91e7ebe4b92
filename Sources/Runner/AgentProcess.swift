internal import CStormtape
internal import Capsule
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
    struct Start: Hashable {
        var command: [String]
        var environment: [String]
        var searchPath: String
        var standardInput: [UInt8]?
        /// False passes the output on to our own.
        var capturesOutput: Bool
        /// The container it is to live in; nil for none.
        var containment: Containment?
        /// Whether its memory is laid out the same every time.
        var fixesAddresses = false
        /// The one processor it may use; nil for all.
        var processor: Int32?
        /// Whether its threads take turns on that processor.
        var takesTurns = false
        /// The agent's end of the channel to a template; nil for any other agent.
        var control: Int32?
    }

    /// Process identifiers and a view of the file system of its own, with a folder at a fixed place.
    struct Containment: Hashable {
        var source: String?
        var target: String?
    }

    /// The agent, or in a container the init that ends with it.
    var pid: pid_t { handle.pid }
    /// Whether `pid` is an init.
    let isContained: Bool
    /// Where its status comes from.
    private enum End {
        /// From waiting for it.
        case awaited
        /// From the init of its container.
        case contained(UnsafeMutablePointer<Int32>)
        /// From the init of a copy, which is no child of this process.
        case copied(CapsulePage)
    }

    private let end: End
    private let handle: ProcessHandle
    private var handedOut: [(descriptor: Int32, standardError: Bool)] = []
    private var outputs: [(descriptor: Int32, standardError: Bool)] = []
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private var reaped: ExitStatus?
    private var killAt: Int64?
    private static let graceNanoseconds: Int64 = 1_000_000_000

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
        let status = start.containment == nil ? nil : stormtape_status_open()
        isContained = status != nil
        end = status.map { .contained($0) } ?? .awaited
        var stage: String?
        let started = AgentProcess.spawn(
            path: path, start: start,
            descriptors: (input, pipes.first?[1] ?? 1, pipes.last?[1] ?? 2),
            status: status, refused: &stage)
        for pipe in pipes { close(pipe[1]) }
        guard started > 0 else {
            for pipe in pipes { close(pipe[0]) }
            close(wake[0])
            close(wake[1])
            stormtape_status_close(status)
            let what = stage.map { "\($0) was refused" } ?? "cannot start the agent '\(path)'"
            throw RunnerError(.cannotStart, "\(what) (\(System.errorText(-started)))")
        }
        handle = ProcessHandle(started)
        if pipes.count == 2 { outputs = [(pipes[0][0], false), (pipes[1][0], true)] }
    }

    /// Takes over a copy of a template: its init, which ends with it, and the run's page.
    ///
    /// When it throws, the copy is ended and its output closed.
    init(copy: AgentTemplate.Copy, page: CapsulePage) throws(RunnerError) {
        handle = ProcessHandle(copy.initPID)
        let wake: [Int32]
        do throws(RunnerError) {
            guard handle.descriptor >= 0 || handle.wasGone else {
                throw RunnerError(
                    .cannotStart,
                    "cannot watch a copy of the agent (\(System.errorText(-handle.descriptor)))")
            }
            wake = try AgentProcess.pipe()
        } catch {
            handle.send(SIGKILL)
            close(copy.standardOutput)
            close(copy.standardError)
            throw error
        }
        (wakeRead, wakeWrite) = (wake[0], wake[1])
        isContained = true
        end = .copied(page)
        outputs = [(copy.standardOutput, false), (copy.standardError, true)]
    }

    deinit {
        for output in outputs + handedOut { close(output.descriptor) }
        if case .contained(let status) = end { stormtape_status_close(status) }
        close(wakeRead)
        close(wakeWrite)
    }

    /// The reading ends of standard output and standard error; -1 where they are not captured.
    var outputDescriptors: (Int32, Int32) {
        (outputs.first?.descriptor ?? -1, outputs.last?.descriptor ?? -1)
    }

    /// What it has written and nobody has read yet.
    func takeOutput() -> AgentTemplate.Written {
        var taken = AgentTemplate.Written()
        for output in outputs {
            while let bytes = readAvailable(output.descriptor), !bytes.isEmpty {
                if output.standardError { taken.error += bytes } else { taken.output += bytes }
            }
        }
        return taken
    }

    /// Leaves reading the output to somebody else, as long as this object lives.
    func handOutOutputs() -> [(descriptor: Int32, standardError: Bool)] {
        handedOut = outputs
        outputs = []
        return handedOut
    }

    /// Asks the agent's first process to end with signal 6, which some runtimes answer by saying
    /// where they were; kills it when it does not.
    func abort() {
        killAt = System.monotonicNanoseconds + Self.graceNanoseconds
        signaller(SIGABRT)
    }

    /// A closure that sends a signal to the agent's first process, from any thread.
    var signaller: @Sendable (Int32) -> Void {
        let (handle, isContained) = (handle, isContained)
        return { signal in
            if isContained { handle.sendToChild(signal) } else { handle.send(signal) }
        }
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
                pollfd(
                    fd: reaped == nil ? handle.descriptor : -1, events: Int16(POLLIN), revents: 0))
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
            if let killAt, reaped == nil, System.monotonicNanoseconds >= killAt { kill() }
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
        if case .copied = end {
            handle.send(SIGKILL)
            reaped = reaped ?? waitForExit()
            return
        }
        Self.send(SIGKILL, to: -pid)
        if reaped == nil {
            // It may have left its group. Its status is taken here, before the sweep below
            // takes those of all children. An init ends only after all that is in its container,
            // of which some may be followed by us.
            handle.send(SIGKILL)
            reaped = exitStatus(stormtape_await(pid))
        }
        stormtape_kill_descendants()
    }

    /// Waits for the end without watching output; for recordings, whose output passes through.
    func waitForExit() -> ExitStatus {
        var status: Int32 = 0
        if case .copied = end {
            while !handle.hasEnded(withinMilliseconds: -1) {}
        } else {
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
        return exitStatus(status)
    }

    /// The status of the agent, given that of `pid`.
    private func exitStatus(_ own: Int32) -> ExitStatus {
        let written: Int32
        switch end {
        case .awaited: return Self.decoded(own)
        case .contained(let status): written = status.pointee
        case .copied(let page): written = page.copyStatus.status
        }
        // An init that was killed had no time to write it.
        return written < 0 ? .signal(Int(SIGKILL)) : Self.decoded(written)
    }

    /// Whether a program outlived the agent and had to be ended; known for containers, after the end.
    var leftSurvivors: Bool {
        switch end {
        case .awaited: false
        case .contained(let status): status[1] != 0
        case .copied(let page): page.copyStatus.leftSurvivors
        }
    }

    private static func send(_ signal: Int32, to pid: pid_t) {
        #if canImport(Glibc)
            _ = Glibc.kill(pid, signal)
        #else
            _ = Darwin.kill(pid, signal)
        #endif
    }

    private func timeout(_ deadline: Int64?, _ pastDeadline: Bool) -> Int32 {
        // Once it has ended nothing is left to wake this loop.
        guard reaped == nil else { return 0 }
        // Without a process descriptor the end is looked for every 5 ms.
        let coarse: Int64 = handle.descriptor < 0 ? 5 : 60_000
        let due = [pastDeadline ? nil : deadline, killAt].compactMap { $0 }.min()
        guard let deadline = due else { return Int32(coarse) }
        let left = (deadline - System.monotonicNanoseconds) / 1_000_000 + 1
        return Int32(max(0, min(left, coarse)))
    }

    /// Whether the agent ended.
    private func reap() -> Bool {
        guard reaped == nil else { return true }
        var status: Int32 = 0
        if case .copied = end {
            guard handle.hasEnded(withinMilliseconds: 0) else { return false }
        } else {
            guard stormtape_reap(pid, &status) == 1 else { return false }
        }
        reaped = exitStatus(status)
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
        for address in ForeignAddress.drain(watch) { _ = report(.foreign(address)) }
    }

    private static func decoded(_ status: Int32) -> ExitStatus {
        let decoded = Int(stormtape_decode_status(status))
        return decoded >= 256 ? .signal(decoded - 256) : .code(decoded)
    }
}

/// How a foreign address is named in reports.
enum ForeignAddress {
    /// The addresses that were tried since the last call; none where nothing watches.
    static func drain(_ watch: Int32) -> [String] {
        guard watch >= 0 else { return [] }
        var found = stormtape_foreign()
        var addresses: [String] = []
        while stormtape_next_foreign(watch, &found) == 1 { addresses.append(text(found)) }
        return addresses
    }

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
