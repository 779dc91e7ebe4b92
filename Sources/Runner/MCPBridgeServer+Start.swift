internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How the server and the port of the bridge come to be.
extension MCPBridgeServer {
    static func listen() throws(RunnerError) -> (Int32, Int) {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                #if canImport(Glibc)
                    let isBound =
                        bind(descriptor, plain, length) == 0 && Glibc.listen(descriptor, 64) == 0
                #else
                    let isBound =
                        bind(descriptor, plain, length) == 0 && Darwin.listen(descriptor, 64) == 0
                #endif
                return isBound && getsockname(descriptor, plain, &length) == 0
            }
        }
        guard descriptor >= 0, isListening else {
            throw RunnerError(
                .cannotStart, "cannot listen on 127.0.0.1: \(System.errorText(errno))")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func start(
        _ command: [String], input: Int32, output: Int32
    ) throws(RunnerError) -> pid_t {
        let environment = System.environment
        let search = environment.last { $0.name == "PATH" }?.value ?? "/usr/bin:/bin"
        guard let path = System.find(command[0], searchPath: search) else {
            throw RunnerError(.cannotStart, "there is no program \(command[0])")
        }
        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.name)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        // What is ignored here would stay so in the server.
        signal(SIGPIPE, SIG_DFL)
        defer { signal(SIGPIPE, SIG_IGN) }
        let pid = path.withCString { path in
            arguments.withUnsafeBufferPointer { arguments in
                variables.withUnsafeBufferPointer { variables in
                    var request = stormtape_spawn(
                        path: path, argv: arguments.baseAddress, envp: variables.baseAddress,
                        directory: nil, standard_input: input, standard_output: output,
                        standard_error: 2, new_group: 0, fixed_addresses: 0, processor: -1,
                        takes_turns: 0,
                        control: -1, control_at: -1)
                    return stormtape_start(&request)
                }
            }
        }
        guard pid > 0 else {
            throw RunnerError(
                .cannotStart, "cannot start \(command[0]): \(System.errorText(-pid))")
        }
        return pid
    }
}
