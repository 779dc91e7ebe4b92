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

    /// Runs a command in a folder.
    static func run(
        _ words: [String], in folder: String, variables: [(name: String, value: String)] = []
    ) throws(RunnerError) -> ChildCommand {
        let inherited = System.environment.filter { !gitVariables.contains($0.name) }
        let searchPath = inherited.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin"
        guard let name = words.first, let path = System.find(name, searchPath: searchPath) else {
            throw RunnerError(
                .cannotStart, "'\(words.first ?? "")' is not on the PATH; install it")
        }
        var ends: [Int32] = [0, 0]
        let error = stormtape_pipe(&ends, 0)
        guard error == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe: \(System.errorText(-error))")
        }
        let names = variables.map(\.name)
        let environment = inherited.filter { !names.contains($0.name) } + variables
        let pid = start(path, words, environment, folder, output: ends[1])
        close(ends[1])
        defer { close(ends[0]) }
        guard pid > 0 else {
            throw RunnerError(.cannotStart, "cannot start \(name): \(System.errorText(-pid))")
        }
        let output = readAll(ends[0])
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return ChildCommand(status: Int(stormtape_decode_status(status)), output: output)
    }

    private static func start(
        _ path: String, _ words: [String], _ environment: [(name: String, value: String)],
        _ folder: String, output: Int32
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
                            standard_error: output, new_group: 0, fixed_addresses: 0,
                            processor: -1, takes_turns: 0, control: -1, control_at: -1)
                        return stormtape_start(&request)
                    }
                }
            }
        }
    }

    /// What is read of a command that prints without end; the rest is read and dropped.
    private static let outputMax = 4 << 20

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = read(descriptor, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return bytes }
            // The end says what went wrong.
            bytes += buffer[..<got]
            if bytes.count > 2 * outputMax { bytes.removeFirst(bytes.count - outputMax) }
        }
    }
}
