internal import CStormtape
internal import Cassette
internal import Determinism
internal import WireProtocols
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The server behind the bridge while recording, and the upstream that it is to the gateway.
///
/// What the server writes without being asked is carried in the answer to the request that is
/// under way, or else to the next one.
final class MCPBridgeServer {
    /// Where the gateway finds it.
    let port: Int
    /// How the server ended; nil while it runs.
    private(set) var endStatus: MCPBridge.ExitCode?
    private let process: pid_t
    private let listener: Int32
    private var input: Int32
    private let output: Int32
    private var unwritten: [UInt8] = []
    private var closesInput = false
    private var lines = LineBuffer()
    private var connections: [MCPBridgeConnection] = []
    /// Lines that came while nothing was asked.
    private var early: [UInt8] = []

    /// Starts the server.
    init(_ command: [String]) throws {
        (listener, port) = try Self.listen()
        var inputs: [Int32] = [0, 0]
        var outputs: [Int32] = [0, 0]
        guard stormtape_pipe(&inputs, 0) == 0, stormtape_pipe(&outputs, 0) == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe for the server")
        }
        process = try Self.start(command, input: inputs[0], output: outputs[1])
        close(inputs[0])
        close(outputs[1])
        (input, output) = (inputs[1], outputs[0])
        _ = fcntl(input, F_SETFL, O_NONBLOCK)
    }

    /// What is to be waited for.
    var watched: [pollfd] {
        guard endStatus == nil else { return [] }
        var found = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        ]
        if input >= 0, !unwritten.isEmpty {
            found.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
        }
        return found
            + connections.filter { !$0.isComplete }.map {
                pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
            }
    }

    /// Does what can be done without waiting.
    func handle(_ ready: [pollfd]) {
        guard endStatus == nil else { return }
        for place in ready {
            switch place.fd {
            case listener: accept()
            case input: writeInput()
            case output: readOutput()
            default:
                for connection in connections where connection.descriptor == place.fd {
                    if connection.read() { take(connection) }
                }
            }
        }
        connections.removeAll(where: \.isOver)
    }

    /// How many requests reached the server and are not answered yet.
    var openCount: Int { connections.count(where: \.isOpen) }

    /// The agent will send nothing more, and all that it sent is here.
    func closeInput() {
        closesInput = true
        if unwritten.isEmpty { endInput() }
    }

    private func endInput() {
        guard input >= 0 else { return }
        close(input)
        input = -1
    }

    private func accept() {
        #if canImport(Glibc)
            let descriptor = Glibc.accept(listener, nil, nil)
        #else
            let descriptor = Darwin.accept(listener, nil, nil)
        #endif
        guard descriptor >= 0 else { return }
        _ = stormtape_close_on_exec(descriptor)
        connections.append(MCPBridgeConnection(descriptor))
    }

    /// Hands a request on to the server.
    private func take(_ connection: MCPBridgeConnection) {
        unwritten += connection.body + [0x0A]
        writeInput()
        guard connection.message?.kind == .request else {
            connection.accept()
            return
        }
        connection.begin()
        connection.send(early)
        early = []
    }

    private func writeInput() {
        guard input >= 0 else { return unwritten.removeAll() }
        while !unwritten.isEmpty {
            let wrote = unwritten.withUnsafeBytes { raw in
                #if canImport(Glibc)
                    Glibc.write(input, raw.baseAddress, raw.count)
                #else
                    Darwin.write(input, raw.baseAddress, raw.count)
                #endif
            }
            if wrote > 0 {
                unwritten.removeFirst(wrote)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                unwritten.removeAll()
                endInput()
                return
            }
        }
        if closesInput { endInput() }
    }

    private func readOutput() {
        guard let bytes = MCPBridge.read(output), !bytes.isEmpty else { return end() }
        for line in lines.append(bytes[...]) { route(line + [0x0A]) }
    }

    /// Sends a line to the request that it belongs to.
    private func route(_ line: [UInt8]) {
        let open = connections.filter(\.isOpen)
        let message = MCPMessage(bytes: line)
        if let message, message.isAnswer,
            let owner = open.first(where: { $0.message?.id == message.id })
        {
            owner.send(line)
            owner.end()
            return
        }
        let token = message?.params?["progressToken"]
        let owner = open.first { token != nil && $0.message?.progressToken == token } ?? open.first
        guard let owner else {
            early += line
            return
        }
        owner.send(line)
    }

    /// The server is gone: what it still owed breaks off as it did.
    private func end() {
        // One that closed its output only may wait for the end of its input.
        unwritten = []
        endInput()
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let number = status & 0x7F
        endStatus = number == 0 ? .code((status >> 8) & 0xFF) : .signal(number)
        for connection in connections { connection.abandon(resets: number != 0) }
        connections = []
    }
}
