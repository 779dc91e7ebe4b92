import Cassette
import Foundation
import Gateway
import Testing

/// A folder for an authority, which is gone with this object.
final class AuthorityFolder {
    let path: String
    private let parent: URL

    init() throws {
        parent = FileManager.default.temporaryDirectory
            .appendingPathComponent("stormtape-authority-\(UUID().uuidString)")
        path = parent.appendingPathComponent("data/authority").path
    }

    deinit {
        try? FileManager.default.removeItem(at: parent)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}

/// The `openssl` command.
enum OpenSSL {
    struct Result {
        var status: Int32
        var text: String
    }

    /// Runs it to its end, with this standard input; both outputs are the text.
    static func run(_ arguments: [String], input: String = "") throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TLSUpstream.command)
        process.arguments = arguments
        let (inputs, outputs) = (Pipe(), Pipe())
        process.standardInput = inputs
        process.standardOutput = outputs
        process.standardError = outputs
        try process.run()
        // Short enough for the pipe; left open, for a client that leaves at the end of its input.
        inputs.fileHandleForWriting.write(Data(input.utf8))
        let text = outputs.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try? inputs.fileHandleForWriting.close()
        return Result(
            status: process.terminationStatus, text: String(decoding: text, as: UTF8.self))
    }

    /// Speaks to a server through a proxy over TLS, and gives all that was said.
    ///
    /// `trusted` is a file of certificates.
    static func fetch(
        _ request: String, from server: String, proxyPort: Int, trusted: String,
        options: [String] = []
    ) throws -> Result {
        let host = String(server.prefix { $0 != ":" })
        return try run(
            ["s_client", "-quiet", "-no_ign_eof", "-proxy", "127.0.0.1:\(proxyPort)"]
                + ["-connect", server, "-servername", host, "-CAfile", trusted]
                + ["-verify_return_error", "-verify_hostname", host] + options,
            input: request)
    }
}

extension StubSocket {
    /// Asks a proxy for a tunnel, and gives the head of its answer.
    func openTunnel(to server: String) throws -> String {
        try send("CONNECT \(server) HTTP/1.1\r\nhost: \(server)\r\n\r\n")
        return try receive(through: "\r\n\r\n")
    }
}

/// A recorder that is a proxy, and has no other mount than those that are given.
final class ProxyRecorder {
    let sink = MemorySink()
    let folder: AuthorityFolder
    let ports: [String: Int]
    let met = MetUpstreams()
    private let server: RecordingServer

    init(upstreams: [Upstream] = [], trustRoots: [String] = []) throws {
        folder = try AuthorityFolder()
        var options = RecordingOptions(upstreams: upstreams)
        options.trustRoots = trustRoots
        let met = met
        options.proxy = RecordingProxy(authority: try CertificateAuthority.open(folder.path)) {
            met.add($0)
        }
        server = RecordingServer(options: options, sink: sink, redact: { $0 })
        ports = try server.start()
    }

    var port: Int { ports[ProxyMount.name] ?? 0 }

    func agent() throws -> StubSocket { try StubSocket(port: port) }

    func stop() throws -> RecordingSummary { try server.shutdown() }
}
