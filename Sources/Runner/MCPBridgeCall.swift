internal import Determinism
internal import Gateway
internal import WireProtocols
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The address of the run's mount, and what each request to it says.
struct MCPBridgeMount {
    let host: String
    let port: String
    /// The port on which the gateway finds the bridge while recording.
    let bridgePort: Int?

    init(_ address: String, bridgePort: Int?) throws(RunnerError) {
        let prefix = "http://"
        let parts = address.dropFirst(prefix.count).split(separator: ":", maxSplits: 1)
        guard address.hasPrefix(prefix), parts.count == 2, UInt16(parts[1]) != nil else {
            throw RunnerError(
                .usage, "the address of the mount, \(address), is not http://HOST:PORT")
        }
        host = String(parts[0])
        port = String(parts[1])
        self.bridgePort = bridgePort
    }

    /// Connects; nil when nobody is there.
    func connect() -> Int32? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &found) == 0, let address = found?.pointee else {
            return nil
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(AF_INET, hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var isConnected = false
        repeat {
            #if canImport(Glibc)
                isConnected = Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0
            #else
                isConnected = Darwin.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0
            #endif
        } while !isConnected && errno == EINTR
        guard isConnected else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// The request that carries a line.
    func request(_ line: [UInt8]) -> [UInt8] {
        let bridge = bridgePort.map { "\(BridgedUpstream.header): \($0)\r\n" } ?? ""
        let head =
            "POST / HTTP/1.1\r\nhost: \(host):\(port)\r\ncontent-type: application/json\r\n"
            + "accept: application/x-ndjson\r\n\(bridge)content-length: \(line.count)\r\n"
            + "connection: close\r\n\r\n"
        return Array(head.utf8) + line
    }
}

/// One line of the agent, and what comes back for it.
final class MCPBridgeCall {
    let descriptor: Int32
    let response = MCPBridgeResponse()
    var status = 200
    private(set) var isOver = false
    private let message: MCPMessage?
    private var pending: [UInt8] = []

    /// Sends a line; nil when there is no mount any more.
    init?(line: [UInt8], mount: MCPBridgeMount) {
        guard let descriptor = mount.connect() else { return nil }
        self.descriptor = descriptor
        message = MCPMessage(bytes: line)
        System.write(mount.request(line), to: descriptor)
    }

    /// Writes what the server says, whole lines at a time: answers of several calls may mix.
    func write(_ part: [UInt8]) {
        // Only the new bytes are looked at: a line may be long.
        guard status == 200, let end = part.lastIndex(of: 0x0A) else {
            pending += part
            return
        }
        System.write(pending + part[...end], to: 1)
        pending = Array(part[(end + 1)...])
    }

    /// The answer is whole.
    func finish() {
        if status == 200 {
            if !pending.isEmpty { System.write(pending, to: 1) }
        } else if status >= 400 {
            System.write(error() + [0x0A], to: 1)
        }
        close()
    }

    func close() {
        guard !isOver else { return }
        isOver = true
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    /// What stands for an answer with an error status, which a pipe does not have.
    private func error() -> [UInt8] {
        if MCPMessage(bytes: pending)?.isAnswer == true { return pending }
        let text = String(decoding: pending.prefix(1_000), as: UTF8.self)
        let error: JSONValue = [
            "jsonrpc": "2.0", "id": message?.id ?? .null,
            "error": ["code": -32_603, "message": .string("HTTP \(status): \(text)")],
        ]
        return error.encoded()
    }
}
