import Cassette

/// An upstream behind a pipe: while recording, the bridge that the agent started is its server.
package enum BridgedUpstream {
    /// The header line in which the bridge says on which port of loopback it listens.
    ///
    /// It never reaches the cassette.
    package static let header = "stormtape-bridge"

    /// The mount and the request as they are meant.
    static func resolve(
        _ mount: UpstreamMount, _ request: CollectedRequest
    ) -> (mount: UpstreamMount, request: CollectedRequest) {
        guard mount.address.isBridged else { return (mount, request) }
        var meant = request
        meant.request.headers.remove(header)
        guard let port = request.request.headers.first(header).flatMap({ UInt16($0) }) else {
            return (mount, meant)
        }
        let address = UpstreamAddress(bridgePort: Int(port))
        return (UpstreamMount(name: mount.name, address: address, security: nil), meant)
    }
}
