internal import CStormtape
internal import Determinism
internal import WireProtocols
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Stands where an agent starts a server of the Model Context Protocol behind a pipe.
///
/// Each line of the agent becomes a request to the run's mount, and the body of the answer is what
/// the server writes, byte for byte. While recording the bridge starts the server and is itself the
/// upstream that the gateway asks; in a replay no server is started. Outside of a run the server
/// takes its place. It has one thread and no timer, so that it can live under the virtual clock.
package final class MCPBridge {
    private let mount: MCPBridgeMount
    private let server: MCPBridgeServer?
    private var calls: [MCPBridgeCall] = []
    private var input = LineBuffer()
    private var readsInput = true

    private init(mount: MCPBridgeMount, server: MCPBridgeServer?) {
        self.mount = mount
        self.server = server
    }

    /// Runs until the agent or the server ends, and returns the exit status.
    package static func run(name: String, command: [String]) throws -> Int32 {
        guard let place = MCPBridgePlace.find(name) else { return try replaceSelf(command) }
        // A reader that is gone is an error of the write.
        signal(SIGPIPE, SIG_IGN)
        let server = place.isRecording ? try MCPBridgeServer(command) : nil
        let bridge = MCPBridge(
            mount: try MCPBridgeMount(place.address, bridgePort: server?.port), server: server)
        return bridge.loop()
    }

    /// Becomes the server: there is nothing to record or to replay.
    private static func replaceSelf(_ command: [String]) throws(RunnerError) -> Int32 {
        let arguments = command.map { strdup($0) } + [nil]
        if let program = arguments[0] { execvp(program, arguments) }
        throw RunnerError(
            .cannotStart, "cannot start \(command[0]): \(System.errorText(errno))")
    }

    private func loop() -> Int32 {
        while true {
            if calls.isEmpty, let status = server?.endStatus { return finish(status) }
            var watched = calls.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            if readsInput { watched.append(pollfd(fd: 0, events: Int16(POLLIN), revents: 0)) }
            watched += server?.watched ?? []
            guard poll(&watched, nfds_t(watched.count), -1) >= 0 || errno == EINTR else { return 1 }
            let ready = watched.filter { $0.revents != 0 }
            server?.handle(ready)
            for call in calls where ready.contains(where: { $0.fd == call.descriptor }) {
                if let status = take(call) { return finish(status) }
            }
            calls.removeAll(where: \.isOver)
            if readsInput, ready.contains(where: { $0.fd == 0 }), !readLines() {
                guard server != nil else { return 0 }
                readsInput = false
            }
            // What the agent said before the end of its output is still on its way: through the
            // gateway, to the server.
            if let server, !readsInput, calls.count <= server.openCount { server.closeInput() }
        }
    }

    /// Reads from the agent; false at the end of its output.
    private func readLines() -> Bool {
        guard let bytes = MCPBridge.read(0), !bytes.isEmpty else { return false }
        for line in input.append(bytes[...]) where !line.isEmpty {
            guard let call = MCPBridgeCall(line: line, mount: mount) else { return false }
            calls.append(call)
        }
        return true
    }

    /// Hands on what came for a call; an exit status when the server is gone.
    private func take(_ call: MCPBridgeCall) -> ExitCode? {
        let bytes = MCPBridge.read(call.descriptor)
        for event in call.response.push(bytes ?? []) {
            switch event {
            case .head(let status, let pipe): begin(call, status, pipe)
            case .body(let part): call.write(part)
            case .end: call.finish()
            }
        }
        guard !call.isOver, bytes?.isEmpty != false else { return nil }
        if bytes != nil, call.response.endsWithConnection {
            call.finish()
            return nil
        }
        call.close()
        return bytes == nil ? .signal(SIGKILL) : .code(1)
    }

    private func begin(_ call: MCPBridgeCall, _ status: Int, _ pipe: String?) {
        call.status = status
        guard let pipe else { return }
        let words = pipe.split(separator: " ")
        if words.first == "stdin" { readsInput = false }
        guard words.first == "stderr", words.count == 2, let count = Int(words[1]) else { return }
        let line = Array("stormtape: the server writes much to its standard error\n".utf8)
        var left = count
        while left > 0 {
            guard System.write(Array(line.prefix(left)), to: 2) else { return }
            left -= line.count
        }
    }

    /// How the server ended.
    enum ExitCode: Hashable {
        case code(Int32)
        case signal(Int32)
    }

    private func finish(_ end: ExitCode) -> Int32 {
        switch end {
        case .code(let code): return code
        case .signal(let number):
            signal(number, SIG_DFL)
            kill(getpid(), number)
            return 128 + number
        }
    }

    /// The bytes that are there; empty at the end, nil when the connection was reset.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = buffer.withUnsafeMutableBytes { raw in
                #if canImport(Glibc)
                    Glibc.read(descriptor, raw.baseAddress, raw.count)
                #else
                    Darwin.read(descriptor, raw.baseAddress, raw.count)
                #endif
            }
            if got >= 0 { return Array(buffer[..<got]) }
            if errno == ECONNRESET { return nil }
            if errno != EINTR { return [] }
        }
    }
}
