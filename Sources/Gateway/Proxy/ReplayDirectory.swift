/// Which upstream a proxied request is for.
struct ReplayDirectory: Sendable {
    /// The names of the upstreams that were met while recording.
    var known: [ProxyTarget: String] = [:]
    /// The names of the mounts by their ports: an agent may ask the proxy for one of them.
    var mounts: [Int: String] = [:]

    /// The name; nil for a server that is not on the tape.
    func name(for target: ProxyTarget) -> String? {
        if target.isLocal, let mount = mounts[target.port] { return mount }
        return known[target]
    }

    /// Whether a tunnel leads to something on the tape, be it over TLS or not.
    func knows(_ target: ProxyTarget) -> Bool {
        [true, false].contains { name(for: target.secured($0)) != nil }
    }
}
