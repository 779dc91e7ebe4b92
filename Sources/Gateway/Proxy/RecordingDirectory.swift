import Cassette
import NIOCore
import NIOSSL

/// Which upstream a proxied request is for; those that nobody named are met on the way.
struct RecordingDirectory {
    /// The mounts by their ports: an agent may ask the proxy for one of them.
    var mounts: [Int: UpstreamMount] = [:]
    /// The names that are given.
    var names: Set<String> = []
    /// The port of the proxy.
    var proxyPort = 0
    /// The TLS settings towards upstreams.
    var security: NIOSSLContext?
    private var met: [ProxyTarget: UpstreamMount] = [:]

    init() {}

    /// A directory of the mounts that are open at these ports.
    init(mounts: [UpstreamMount], ports: [String: Int], security: NIOSSLContext?) {
        names = Set(mounts.map(\.name))
        self.security = security
        for mount in mounts {
            if let port = ports[mount.name] { self.mounts[port] = mount }
        }
    }

    /// The upstream for a server, and whether it is met for the first time.
    mutating func mount(
        for target: ProxyTarget
    ) throws -> (mount: UpstreamMount, metNow: Upstream?) {
        if target.isLocal, let mount = mounts[target.port] { return (mount, nil) }
        if let known = met[target] { return (known, nil) }
        let name = names.contains(target.name) ? target.address : target.name
        let mount = UpstreamMount(
            name: name, address: try UpstreamAddress(target.address, upstream: name),
            security: target.isSecure ? security : nil)
        met[target] = mount
        names.insert(name)
        return (mount, target.upstream(named: name, proxyPort: proxyPort))
    }
}
