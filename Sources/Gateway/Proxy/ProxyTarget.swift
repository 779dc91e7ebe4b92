package import Cassette

/// The server that a proxied request is for.
package struct ProxyTarget: Hashable, Sendable {
    /// Whether it is spoken to over TLS.
    package let isSecure: Bool
    /// The host in small letters, without the brackets of an IPv6 address.
    package let host: String
    /// The port.
    package let port: Int

    /// Takes apart `HOST[:PORT]`, the authority of a `CONNECT` or of an absolute target.
    package init?(authority: String, isSecure: Bool) {
        let scheme = isSecure ? "https" : "http"
        guard !authority.contains(where: { "/?#@".contains($0) }),
            let address = try? UpstreamAddress("\(scheme)://\(authority)", upstream: ""),
            Self.isName(address.host)
        else { return nil }
        self.init(address)
    }

    /// The server of an upstream that was recorded through the proxy; nil for any other.
    package init?(_ upstream: Upstream) {
        guard upstream.isProxied,
            let address = try? UpstreamAddress(upstream.address, upstream: upstream.name)
        else { return nil }
        self.init(address)
    }

    private init(_ address: UpstreamAddress) {
        isSecure = address.isSecure
        host = asciiLowercased(address.host)
        port = address.port
    }

    /// The same server, over TLS or not.
    func secured(_ isSecure: Bool) -> ProxyTarget {
        ProxyTarget(isSecure: isSecure, host: host, port: port)
    }

    private init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// Whether it may be one of our own mounts.
    var isLocal: Bool {
        !isSecure
            && (host == "127.0.0.1" || host == "localhost"
                || host.hasSuffix(".\(MountPoint.domain)"))
    }

    /// Host and port, the port only where it is not that of the scheme.
    private var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// The base address.
    package var address: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// The name of its upstream: the host, or the whole address without TLS.
    package var name: String { isSecure ? authority : address }

    /// The upstream for it, at this port of the proxy.
    package func upstream(named name: String, proxyPort: Int) -> Upstream {
        Upstream(
            name: name, kind: .tool, address: address,
            variables: [isSecure ? Upstream.secureProxyVariable : Upstream.proxyVariable],
            port: proxyPort)
    }

    /// Names become names of files and parts of certificates.
    private static func isName(_ host: String) -> Bool {
        if host.contains(":") { return CertificateForm.address(host) != nil }
        return host.utf8.count <= 253 && !host.hasPrefix(".") && !host.hasPrefix("-")
            && host.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
