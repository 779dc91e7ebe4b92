internal import Cassette
internal import WireProtocols

extension FaultKind {
    /// Whether it is made of what a server behind a pipe does not have: a network, a connection, a
    /// status, a head, the framing of a body.
    public var needsHTTP: Bool { opening != nil || FaultKind.ofHTTP.contains(id) }

    /// Why it cannot hit an upstream; nil where it can.
    func refusal(_ upstream: Upstream) -> String? {
        guard target.accepts(upstream.kind) else {
            return "it is aimed at a \(target.rawValue), and "
                + "\(upstream.name) is a \(upstream.kind.rawValue)"
        }
        guard needsHTTP, MCP.isStdio(upstream) else { return nil }
        return "a server behind a pipe has no network and no HTTP"
    }

    private static let ofHTTP: Set<String> = Set(
        FaultCatalogue.statusFaults.map(\.id)
            + [
                "conn-reset-before-request", "short-chunked-body", "content-length-too-long",
                "content-length-too-short", "gzip-corrupt", "encoding-header-lie", "h2-goaway",
                "proxy-407", "redirect-30x", "captive-portal", "network-partition-flap",
                "clock-skew", "token-expiry-midrun", "ratelimit-reset-format",
            ])
}
