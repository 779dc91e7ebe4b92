import Cassette
import Determinism
import Foundation
import Gateway
import Testing

/// A TLS server made of the `openssl` command, with a fresh self-signed certificate.
final class TLSUpstream {
    static let command = "/usr/bin/openssl"
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: command) }

    let port: Int
    let certificate: String
    private let folder: URL
    private let server = Process()

    /// `names` are subject alternative names, such as `DNS:localhost`.
    init(names: String) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stormtape-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key: String
        (certificate, key) = try Self.certificate(names: names, in: folder.path)
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: Self.command)
        server.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"]
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        server.standardInput = FileHandle.nullDevice
        try server.run()
        var text = ""
        while !text.contains("ACCEPT ") || !text.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw StubError(call: "openssl s_server", code: 0) }
            text += String(decoding: more, as: UTF8.self)
        }
        let line = text.components(separatedBy: "ACCEPT ")[1]
        port = try #require(Int(line.prefix { $0 != "\n" }.split(separator: ":").last ?? ""))
    }

    /// Makes a self-signed certificate and its key.
    static func certificate(
        names: String, in folder: String
    ) throws -> (certificate: String, key: String) {
        let (certificate, key) = (folder + "/cert.pem", folder + "/key.pem")
        let maker = Process()
        maker.executableURL = URL(fileURLWithPath: command)
        maker.arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            + ["-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=stub"]
            + ["-addext", "subjectAltName=\(names)"]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        return (certificate, key)
    }

    func stop() throws {
        // Not `terminate`: the child inherits the signal mask of the thread that spawned it, and
        // those of the test runner block SIGTERM.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        try FileManager.default.removeItem(at: folder)
    }
}

@Suite("Recording verifies the TLS upstream", .enabled(if: TLSUpstream.isAvailable))
struct RecordTLSTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var names: String
        var host: String
        var isTrusted: Bool
        var isAccepted: Bool
        var testDescription: String {
            "\(names) as \(host), \(isTrusted ? "trusted" : "not trusted")"
        }
    }

    static let cases = [
        Case(names: "DNS:localhost", host: "localhost", isTrusted: true, isAccepted: true),
        Case(names: "IP:127.0.0.1", host: "127.0.0.1", isTrusted: true, isAccepted: true),
        Case(names: "DNS:localhost", host: "localhost", isTrusted: false, isAccepted: false),
        Case(names: "DNS:other.test", host: "localhost", isTrusted: true, isAccepted: false),
        Case(names: "DNS:localhost", host: "127.0.0.1", isTrusted: true, isAccepted: false),
    ]

    @Test("Only a trusted certificate that names the host is accepted", arguments: cases)
    func verifies(_ example: Case) throws {
        let upstream = try TLSUpstream(names: example.names)
        defer { try? upstream.stop() }
        let recorder = try Recorder("https://\(example.host):\(upstream.port)") {
            $0.trustRoots = example.isTrusted ? [upstream.certificate] : []
        }
        let (answer, interaction, summary) = try recorder.exchange(
            "GET / HTTP/1.0\r\nconnection: close\r\n\r\n")
        if example.isAccepted {
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(interaction.ending == .complete)
            #expect(interaction.bodyText.contains("s_server"))
        } else {
            #expect(answer.hasPrefix("HTTP/1.1 502 "))
            #expect(interaction.ending == .unreachable)
            #expect(interaction.response == nil)
            let message = try #require(summary.problems.first?.message)
            #expect(message.contains("TLS"))
        }
    }

    @Test("A server that does not speak TLS is unreachable, and so is a silent one")
    func noTLS() throws {
        let plain = try StubUpstream { try $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let gate = Gate()
        let silent = try StubUpstream { _ in try gate.pass() }
        for upstream in [plain, silent] {
            let recorder = try Recorder("https://127.0.0.1:\(upstream.port)") {
                $0.connectTimeout = .milliseconds(500)
            }
            let (answer, interaction, summary) = try recorder.exchange()
            #expect(answer.hasPrefix("HTTP/1.1 502 "))
            #expect(interaction.ending == .unreachable)
            #expect(summary.problems.first?.message.contains("TLS") == true)
        }
        gate.open()
    }

    @Test("A trust root that cannot be read is an error at the start")
    func badTrustRoot() throws {
        let failure = #expect(throws: RecordingError.self) {
            try Recorder("https://localhost:1") { $0.trustRoots = ["/nonexistent/ca.pem"] }
        }
        #expect(failure?.code == .invalidTrustRoot)
    }
}
