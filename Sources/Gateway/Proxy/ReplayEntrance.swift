import Faults
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

    func asks(before target: ProxyTarget) -> Bool {
        guard proxy.asksBeforeHandshakes, connection.owner.isVirtual,
            let name = directory.name(for: target)
        else {
            return false
        }
        connection.asks(upstream: name)
        return true
    }

    func security(for host: String, flaw: CertificateFlaw?) throws -> TunnelSecurity {
        TunnelSecurity(try proxy.authority.context(for: host, flaw: flaw))
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
