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

    func security(for target: ProxyTarget, flaw: CertificateFlaw?) throws -> TunnelSecurity {
        TunnelSecurity(
            try proxy.authority.context(
                for: target.host, flaw: flaw, offersHTTP2: offersHTTP2(to: target)))
    }

    func install(_ route: ProxyRoute, on channel: any Channel, door: ProxyDoor) throws {
        connection.place = .proxy(route, directory)
        guard case .tunnel(let target) = route, offersHTTP2(to: target) else {
            return try collect(on: channel)
        }
        try ProtocolChoice.install(on: channel) { [self] isHTTP2 in
            guard isHTTP2 else { return try collect(on: channel) }
            connection.session = try HTTP2Session.install(
                on: channel, connection: connection, bodyBytesMax: bodyBytesMax)
        } onUnused: { [connection] in
            connection.wentUnused()
        }
    }

    private func collect(on channel: any Channel) throws {
        try RequestCollector.install(
            on: channel, delegate: connection, bodyBytesMax: bodyBytesMax)
    }

    private func offersHTTP2(to target: ProxyTarget) -> Bool {
        guard target.isSecure, connection.owner.isVirtual,
            let name = directory.name(for: target)
        else { return false }
        return proxy.http2Upstreams.contains(name)
    }

    func passed(_ door: ProxyDoor) {
        connection.passed()
    }

    func closed(_ door: ProxyDoor) {
        connection.wentUnused()
    }

    func failed(_ target: ProxyTarget, _ error: any Error) {}
}
