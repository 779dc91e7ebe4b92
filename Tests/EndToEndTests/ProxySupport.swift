import Foundation

/// A server over TLS and one without, whose certificate only this test trusts.
final class ProxyUpstream {
    static let isAvailable = Checkout.has("openssl")

    /// `https://localhost:PORT`.
    let secure: String
    /// `http://localhost:PORT`.
    let plain: String
    /// The file of the authority that vouches for it.
    let authority: String
    private let process: RobustProcess

    private static let script = """
        import http.server, ssl, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *arguments):
                pass
            def do_GET(self):
                body = ("answer to " + self.path).encode()
                if self.path.startswith("/big"):
                    body = (body + b" ") * 20_000
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        def serve():
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            return server, server.server_address[1]
        secure, secure_port = serve()
        plain, plain_port = serve()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        print(secure_port, plain_port, flush=True)
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        secure.serve_forever()
        """

    init() async throws {
        let (certificate, key) = try await SecureStub.certificate(for: ["localhost"])
        authority = certificate
        process = try RobustProcess([
            try Checkout.python(), try Scratch.file("upstream.py", Self.script), certificate, key,
        ])
        let ports = try process.line()?.split(separator: " ").compactMap { Int($0) } ?? []
        guard ports.count == 2 else { throw SetUpError("the upstream did not start") }
        secure = "https://localhost:\(ports[0])"
        plain = "http://localhost:\(ports[1])"
    }

    /// It answers nothing any more.
    func end() {
        process.kill()
    }

    /// The program with the authority of a folder, and trust in this upstream.
    func stormtape(_ arguments: [String], authority folder: String) throws -> [String] {
        try Checkout.stormtape(arguments, authority: folder, trust: authority)
    }
}

extension Checkout {
    /// The program with the authority of a folder, and trust in the certificates of a file.
    static func stormtape(
        _ arguments: [String], authority: String, trust: String, settings: [String] = []
    ) throws -> [String] {
        ["/usr/bin/env", "STORMTAPE_AUTHORITY=\(authority)", "SSL_CERT_FILE=\(trust)"] + settings
            + [try stormtape()] + arguments
    }
}

/// A server of the fixtures over TLS, whose certificate only a test trusts.
final class SecureStub {
    /// The port of loopback on which it listens.
    let port: Int
    /// The file of the authority that vouches for it.
    let authority: String
    private let process: RobustProcess

    private static let script = """
        import http.server, importlib, pathlib, ssl, sys
        certificate, key, path = sys.argv[1:]
        path = pathlib.Path(path)
        sys.path.insert(0, str(path.parent))
        module = importlib.import_module(path.stem)
        if hasattr(module, "StubServer"):
            server = module.StubServer(("127.0.0.1", 0), False)
        else:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), module.Handler)
            server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    /// Starts a script below `fixtures` as the server of these hosts.
    init(_ fixture: String, hosts: [String] = ["localhost"]) async throws {
        let (certificate, key) = try await Self.certificate(for: hosts)
        authority = certificate
        process = try RobustProcess([
            try Checkout.python(), try Scratch.file("secure.py", Self.script), certificate, key,
            "\(Checkout.root)/fixtures/\(fixture)",
        ])
        guard let port = try process.line().flatMap({ Int($0) }) else {
            throw SetUpError("\(fixture) did not start over TLS")
        }
        self.port = port
    }

    /// It answers nothing any more.
    func end() {
        process.kill()
    }

    /// A certificate for hosts that vouches for itself, and its key.
    static func certificate(
        for hosts: [String]
    ) async throws -> (certificate: String, key: String) {
        let folder = try Scratch.folder()
        let (certificate, key) = (folder + "/cert.pem", folder + "/key.pem")
        let made = try await Shell.run(
            ["/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec"]
                + ["-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
                + ["-out", certificate, "-days", "2", "-subj", "/CN=stub"]
                + ["-addext", "subjectAltName=" + hosts.map { "DNS:\($0)" }.joined(separator: ",")])
        guard made.status == 0 else { throw SetUpError("openssl req: \(made.err)") }
        return (certificate, key)
    }
}

/// A cassette of an agent behind the proxy, whose upstream is gone.
struct ProxiedTape: Sendable {
    var cassette: String
    var command: [String]
    var authority: String
    var trust: String
    /// Variables of the agent, as `NAME=value`.
    var settings: [String]
    var recorded: CommandResult

    /// Records an agent against a stub of the fixtures.
    static func record(
        _ stub: SecureStub, options: [String] = [], settings: [String] = [], command: [String]
    ) async throws -> ProxiedTape {
        defer { stub.end() }
        let folder = try Scratch.folder()
        let (cassette, authority) = (folder + "/tape.cassette", folder + "/authority")
        let result = try await Shell.run(
            Checkout.stormtape(
                ["record", "--cassette", cassette, "--proxy"] + options + ["--"] + command,
                authority: authority, trust: stub.authority, settings: settings))
        guard result.status == 0 else { throw SetUpError("record: \(result.err)") }
        return ProxiedTape(
            cassette: cassette, command: command, authority: authority, trust: stub.authority,
            settings: settings, recorded: result)
    }

    /// Records a script of the fixtures that asks OpenAI, whose stub it reaches over TLS.
    static func record(openAI script: String, _ options: [String]) async throws -> ProxiedTape {
        let stub = try await SecureStub("agents/sdk/provider_stub.py")
        return try await record(
            stub,
            settings: [
                "OPENAI_API_KEY=unused", "OPENAI_BASE_URL=https://localhost:\(stub.port)/v1",
            ], command: Checkout.agent(script, options))
    }

    /// Replays its agent, or another one, under a scenario of this text.
    func replay(
        scenario: String? = nil, options: [String] = [], command: [String]? = nil
    ) async throws -> Run {
        var options = options
        if let scenario {
            options += ["--scenario", try Scratch.file("scenario.yaml", scenario), "--seed", "1"]
        }
        return try Run(
            try await Shell.run(
                Checkout.stormtape(
                    ["replay", "--cassette", cassette, "--format", "json"] + options + ["--"]
                        + (command ?? self.command), authority: authority, trust: trust,
                    settings: settings)))
    }
}

/// An agent that gets what its arguments name, and prints it.
enum ProxyAgent {
    private static let script = """
        import sys, urllib.request
        for address in sys.argv[1:]:
            print(urllib.request.urlopen(address, timeout=30).read().decode())
        """

    static func command(_ addresses: [String]) throws -> [String] {
        [try Checkout.python(), try Scratch.file("agent.py", script)] + addresses
    }
}
