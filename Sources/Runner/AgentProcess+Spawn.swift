internal import CStormtape
internal import Capsule
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What a process is started with.
extension AgentProcess {
    static func pipe() throws(RunnerError) -> [Int32] {
        var ends: [Int32] = [0, 0]
        let error = stormtape_pipe(&ends, 1)
        guard error == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe: \(System.errorText(-error))")
        }
        return ends
    }

    /// A file that holds the recorded standard input; -1 for none.
    static func inputDescriptor(_ bytes: [UInt8]?) throws(RunnerError) -> Int32 {
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

    static func spawn(
        path: String, start: Start, descriptors: (input: Int32, output: Int32, error: Int32),
        status: UnsafeMutablePointer<Int32>?, refused: inout String?
    ) -> pid_t {
        let arguments = start.command.map { strdup($0) } + [nil]
        let environment = start.environment.map { strdup($0) } + [nil]
        let folders = [start.containment?.source, start.containment?.target].map { text in
            text.flatMap { strdup($0) }
        }
        defer { for pointer in arguments + environment + folders { free(pointer) } }
        return path.withCString { path in
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    var request = stormtape_spawn(
                        path: path, argv: arguments.baseAddress, envp: environment.baseAddress,
                        directory: nil, standard_input: descriptors.input,
                        standard_output: descriptors.output, standard_error: descriptors.error,
                        new_group: 1, fixed_addresses: start.fixesAddresses ? 1 : 0,
                        processor: start.processor ?? -1, takes_turns: start.takesTurns ? 1 : 0,
                        control: start.control ?? -1, control_at: CapsuleTemplate.descriptor)
                    guard let status else { return stormtape_start(&request) }
                    var container = stormtape_container(
                        source: folders[0], target: folders[1], status: status)
                    var stage: UnsafePointer<CChar>?
                    let started = stormtape_start_contained(&request, &container, &stage)
                    refused = stage.map { String(cString: $0) }
                    return started
                }
            }
        }
    }
}
