package import Cassette

/// The proxy of a recording: every host that the agent reaches through it becomes an upstream.
package struct RecordingProxy: Sendable {
    /// Who vouches for the hosts.
    package var authority: CertificateAuthority
    /// The wanted port; 0 for any.
    package var port: Int
    /// Called on the recorder's loop when the agent reaches a host for the first time, before
    /// anything of it is recorded.
    package var onUpstreamMet: @Sendable (Upstream) throws -> Void

    /// Creates a proxy.
    package init(
        authority: CertificateAuthority, port: Int = 0,
        onUpstreamMet: @escaping @Sendable (Upstream) throws -> Void
    ) {
        self.authority = authority
        self.port = port
        self.onUpstreamMet = onUpstreamMet
    }
}

/// The proxy's place among the mounts.
package enum ProxyMount {
    /// The name under which its port is found among those of the mounts; no upstream can have it.
    package static let name = ":proxy"
}
