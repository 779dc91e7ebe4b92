import NIOCore

/// The proxy of a replay, as one of its connections sees it.
final class ReplayEntrance: ProxyDoorOwner {
    private let connection: ReplayConnection
    private let proxy: ReplayProxy
    private let directory: ReplayDirectory
    private let bodyBytesMax: Int

    init(
        connection: ReplayConnection, proxy: ReplayProxy, directory: ReplayDirectory,
        bodyBytesMax: Int
    ) {
        self.connection = connection
        self.proxy = proxy
        self.directory = directory
        self.bodyBytesMax = bodyBytesMax
    }

    func admits(_ target: ProxyTarget) -> Bool { directory.knows(target) }

    func security(for host: String) throws -> TunnelSecurity {
        TunnelSecurity(try proxy.authority.context(for: host))
    }

    func install(_ route: ProxyRoute, on channel: any Channel, door: ProxyDoor) throws {
        connection.place = .proxy(route, directory)
        try RequestCollector.install(
            on: channel, delegate: connection, bodyBytesMax: bodyBytesMax)
    }

    func passed(_ door: ProxyDoor) {
        connection.passed()
    }

    func closed(_ door: ProxyDoor) {
        connection.wentUnused()
    }

    func failed(_ target: ProxyTarget, _ error: any Error) {}
}
