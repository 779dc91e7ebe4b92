package import Cassette

/// The proxy of a replay: it knows the hosts that are on the tape, and no others.
package struct ReplayProxy: Sendable {
    /// Who vouches for the hosts.
    package var authority: CertificateAuthority
    /// The port; 0 lets the system choose one.
    package var port: Int
    /// The upstreams that are reached through it.
    package var upstreams: [Upstream]
    /// Whether the world is asked before each TLS handshake; under the virtual clock only, since it
    /// answers at quiescence.
    package var asksBeforeHandshakes: Bool
    /// The names of those to which HTTP/2 is offered; under the virtual clock only.
    package var http2Upstreams: Set<String>

    /// Creates a proxy.
    package init(
        authority: CertificateAuthority, port: Int, upstreams: [Upstream],
        asksBeforeHandshakes: Bool = false, http2Upstreams: Set<String> = []
    ) {
        self.authority = authority
        self.port = port
        self.upstreams = upstreams
        self.asksBeforeHandshakes = asksBeforeHandshakes
        self.http2Upstreams = http2Upstreams
    }

    func directory(mounts: [String: Int]) -> ReplayDirectory {
        var directory = ReplayDirectory()
        for upstream in upstreams {
            guard let target = ProxyTarget(upstream) else { continue }
            directory.known[target] = upstream.name
        }
        for (name, port) in mounts { directory.mounts[port] = name }
        return directory
    }
}
