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

    /// Runs a command in a folder, and keeps the end of what it prints.
    static func run(
        _ words: [String], in folder: String, variables: [(name: String, value: String)] = []
    ) throws(RunnerError) -> ChildCommand {
        var output: [UInt8] = []
        let status = try run(words, in: folder, variables: variables) { bytes in
            output += bytes
            // The end says what went wrong.
            if output.count > 2 * outputMax { output.removeFirst(output.count - outputMax) }
        }
        return ChildCommand(status: status, output: output)
    }

    /// Runs a command in a folder, gives what it prints piece by piece, and returns its status.
    ///
    /// Where the pieces end is chance. What the command leaves running is not waited for.
    static func run(
        _ words: [String], in folder: String, variables: [(name: String, value: String)] = [],
        mergesErrors: Bool = true, take: (ArraySlice<UInt8>) -> Void
    ) throws(RunnerError) -> Int {
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
        return Int(stormtape_decode_status(follow(pid, ends[0], take)))
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
                            standard_error: errors, new_group: 0, fixed_addresses: 0,
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

    /// Reads until the command has ended and the pipe is empty; gives its status.
    private static func follow(
        _ pid: pid_t, _ descriptor: Int32, _ take: (ArraySlice<UInt8>) -> Void
    ) -> Int32 {
        let handle = ProcessHandle(pid)
        var status: Int32 = 0
        var isOpen = true
        while true {
            var polled = [
                pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            // Without a process descriptor the end is looked for every 5 ms.
            poll(&polled, 2, handle.descriptor < 0 ? 5 : -1)
            // What it wrote is in the pipe by then; what others go on writing is not its own.
            let hasEnded = stormtape_reap(pid, &status) != 0
            if isOpen { isOpen = drain(descriptor, atMost: pipeMax, take) }
            if hasEnded { return status }
        }
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
