/// What an upstream is to the agent.
public enum UpstreamKind: String, Hashable, Sendable, CaseIterable {
    /// A language model.
    case model
    /// A tool.
    case tool
}

/// One thing the agent calls.
public struct Upstream: Hashable, Sendable {
    /// The name, unique in the cassette.
    public var name: String
    /// Model or tool.
    public var kind: UpstreamKind
    /// The wire protocol's identifier, such as `openai-chat`; absent when it is detected.
    public var wireProtocol: String?
    /// The real base address, without credentials.
    public var address: String
    /// The environment variables that hold the address of the mount.
    public var variables: [String]
    /// The port of the mount while recording.
    public var port: Int
    /// Routes, as `METHOD /path` with `*` for any segment, that have no side effect.
    public var reads: [String]

    /// Creates an upstream.
    public init(
        name: String, kind: UpstreamKind, wireProtocol: String? = nil, address: String,
        variables: [String] = [], port: Int = 0, reads: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.wireProtocol = wireProtocol
        self.address = address
        self.variables = variables
        self.port = port
        self.reads = reads
    }

    /// Whether a request may change the world: a tool, unless it only reads.
    public func isSideEffecting(method: String, path: String) -> Bool {
        guard kind == .tool else { return false }
        if ["GET", "HEAD", "OPTIONS"].contains(method) { return false }
        return !reads.contains { RoutePattern($0).matches(method: method, path: path) }
    }
}

extension Upstream {
    /// The variable that holds the proxy's address for upstreams over TLS.
    package static let secureProxyVariable = "HTTPS_PROXY"
    /// The variable that holds the proxy's address for upstreams without TLS.
    package static let proxyVariable = "HTTP_PROXY"

    /// Whether the agent reaches it through the proxy and not at a mount of its own.
    ///
    /// The variable says so in which the agent finds the mount's address.
    package var isProxied: Bool {
        variables == [Self.secureProxyVariable] || variables == [Self.proxyVariable]
    }
}

/// A route such as `POST /orders/*/refund`, in which `*` stands for one path segment.
public struct RoutePattern: Hashable, Sendable {
    let method: Substring?
    let segments: [Substring]

    /// Creates a pattern; without a method every method matches.
    public init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        method = parts.count == 2 ? parts[0] : nil
        segments = (parts.last ?? "").split(separator: "/")
    }

    /// Whether a request has this route.
    public func matches(method: String, path: String) -> Bool {
        if let wanted = self.method, wanted != "*", !asciiEqual(String(wanted), method) {
            return false
        }
        let actual = path.split(separator: "/")
        if segments.last == "**" {
            guard actual.count >= segments.count - 1 else { return false }
            return zip(segments.dropLast(), actual).allSatisfy { $0 == "*" || $0 == $1 }
        }
        guard actual.count == segments.count else { return false }
        return zip(segments, actual).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
