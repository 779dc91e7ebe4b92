package import Cassette

/// What a recording service is asked for.
package struct ServeRequest: Sendable {
    /// How many sessions are open at a time; beyond that the one that was idle longest ends.
    package static let openSessionsMax = 200

    /// The folder for the cassettes; one service at a time.
    package var directory: String
    /// The upstreams with their real addresses and the wanted ports.
    package var upstreams: [Upstream]
    /// The upstreams of which a person said what they are.
    package var settledUpstreams: Set<String> = []
    /// Whether there is a proxy, and its wanted port, 0 for any.
    package var proxyPort: Int?
    /// The wanted port of the health endpoint, 0 for any.
    package var adminPort = 0
    /// The header that names a session; nil for one session at a time.
    package var sessionHeader: String?
    /// After how long without a request a session is over.
    package var idleGapMilliseconds: Int64 = 300_000
    /// How many bytes the cassettes may take together.
    package var diskBytesMax: Int64 = 1 << 30
    /// How many requests a cassette may hold; the next one begins another.
    package var interactionsMax = 10_000
    /// How long answers that are under way are waited for at the end.
    package var drainMilliseconds: Int64 = 10_000
    /// The version of the tool.
    package var toolVersion: String

    /// Creates a request.
    package init(directory: String, upstreams: [Upstream], toolVersion: String) {
        self.directory = directory
        self.upstreams = upstreams
        self.toolVersion = toolVersion
    }
}
