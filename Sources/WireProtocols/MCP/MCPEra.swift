public import Cassette
internal import Determinism

/// The two forms that the Model Context Protocol has had.
///
/// Source: https://modelcontextprotocol.io/specification, revisions 2024-11-05 to 2026-07-28.
public enum MCPEra: String, Hashable, Sendable, CaseIterable {
    /// With a handshake, sessions and a stream of the server's own: 2024-11-05 to 2025-11-25.
    case legacy
    /// Without any of them, each request for itself: from 2026-07-28 on.
    case modern

    /// The first revision of the modern form.
    static let firstModern = "2026-07-28"

    /// The era of a revision; revisions are dates, which order as texts do.
    public init(revision: String) {
        self = revision.utf8.lexicographicallyPrecedes(MCPEra.firstModern.utf8) ? .legacy : .modern
    }

    /// The era that a request belongs to.
    ///
    /// A request says it twice in the modern form, in its header lines and in its parameters. What
    /// says nothing is of the legacy form, which had to say nothing before the handshake.
    public init(_ request: RecordedRequest) {
        if let revision = request.headers.first("mcp-protocol-version") {
            self.init(revision: revision)
            return
        }
        let message = MCPMessage(bytes: request.body)
        let meta = message?.params?["_meta"]
        if let revision = meta?["io.modelcontextprotocol/protocolVersion"]?.stringValue {
            self.init(revision: revision)
            return
        }
        let isModern =
            request.headers.contains("mcp-method") || message?.method == "server/discover"
        self = isModern ? .modern : .legacy
    }
}
