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
        let folder = try Scratch.folder()
        let (certificate, key) = (folder + "/cert.pem", folder + "/key.pem")
        let made = try await Shell.run(
            ["/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec"]
                + ["-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
                + ["-out", certificate, "-days", "2", "-subj", "/CN=stub"]
                + ["-addext", "subjectAltName=DNS:localhost"])
        guard made.status == 0 else { throw SetUpError("openssl req: \(made.err)") }
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
        [
            "/usr/bin/env", "STORMTAPE_AUTHORITY=\(folder)", "SSL_CERT_FILE=\(authority)",
            try Checkout.stormtape(),
        ] + arguments
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
