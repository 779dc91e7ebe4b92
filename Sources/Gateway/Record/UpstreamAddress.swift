import WireProtocols

/// The base address of an upstream, taken apart.
struct UpstreamAddress: Hashable, Sendable {
    let isSecure: Bool
    /// The host without the brackets of an IPv6 address.
    let host: String
    let port: Int
    /// The path, without a slash of its own where the address ends with the host.
    let basePath: String
    /// Whether it is a program behind a pipe, which has an address for each request only.
    var isBridged = false

    /// The port of loopback on which the bridge of such a program listens; 0 for none yet.
    init(bridgePort: Int) {
        (isSecure, host, port, basePath) = (false, "127.0.0.1", bridgePort, "")
        isBridged = true
    }

    /// Takes apart `http://host[:port][/path]` or `https://...`.
    init(_ text: String, upstream: String) throws(RecordingError) {
        func refuse(_ cause: String) -> RecordingError {
            RecordingError(
                code: .invalidAddress,
                message: "The address of upstream \(upstream) \(cause). "
                    + "Write http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH].")
        }
        if text.hasPrefix(MCP.stdioScheme) {
            self = UpstreamAddress(bridgePort: 0)
            return
        }
        let lower = text.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
            throw refuse("has no scheme http or https")
        }
        isSecure = lower.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? 8 : 7)
        // The text is not repeated in messages: it may hold a credential.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refuse("has a character outside of printable ASCII")
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw refuse("has a query or a fragment, which a base address cannot have")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else {
            throw refuse("has credentials; let the agent send them in a header")
        }
        guard let (host, port) = Self.hostAndPort(authority, default: isSecure ? 443 : 80) else {
            throw refuse("has no valid host and port")
        }
        self.host = host
        self.port = port
        basePath = String(rest[slash...])
    }

    /// The value of the host header line.
    var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Path and query at the upstream for those below the mount.
    ///
    /// The target `/` stands for the base address itself: a client whose base address has no path
    /// asks for it so.
    func target(for target: String) -> String {
        if target == "*" { return target }
        if target == "/" || target.hasPrefix("/?") {
            return (basePath.isEmpty ? "/" : basePath) + target.dropFirst()
        }
        return (basePath.hasSuffix("/") ? String(basePath.dropLast()) : basePath) + target
    }

    private static func hostAndPort(_ text: Substring, default port: Int) -> (String, Int)? {
        var host = text
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<bracket]
            let tail = text[text.index(after: bracket)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        guard let portText else { return (String(host), port) }
        guard let number = UInt16(portText), number > 0 else { return nil }
        return (String(host), Int(number))
    }
}
