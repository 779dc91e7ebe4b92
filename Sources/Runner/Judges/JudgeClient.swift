internal import Cassette
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Sends questions to the mount of a recording, one after the other, and awaits each answer.
struct JudgeClient {
    let mount: MCPBridgeMount
    /// The header of the credentials; nil for none.
    let credentials: HeaderField?

    init(port: Int, credentials: HeaderField?) throws(RunnerError) {
        mount = try MCPBridgeMount("http://127.0.0.1:\(port)", bridgePort: nil)
        self.credentials = credentials
    }

    /// Asks, and returns when the answer is over; what it was is in the recording.
    func ask(_ request: RecordedRequest) throws(RunnerError) {
        guard let descriptor = mount.connect() else {
            throw RunnerError(.internalError, "the mount of the recording is not there")
        }
        defer { close(descriptor) }
        var headers = request.headers
        headers.append("accept", "application/json")
        if let credentials { headers.append(credentials.name, credentials.value) }
        let lines = headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let head =
            "\(request.method) \(request.target) HTTP/1.1\r\nhost: \(mount.host):\(mount.port)\r\n"
            + lines + "content-length: \(request.body.count)\r\nconnection: close\r\n\r\n"
        System.write(Array(head.utf8) + request.body, to: descriptor)
        while let bytes = MCPBridge.read(descriptor), !bytes.isEmpty {}
    }
}
