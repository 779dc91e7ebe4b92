import Faults
import NIOCore

/// The proxy of a recording, as its connections see it: every server is let through.
final class RecordingEntrance: ProxyDoorOwner {
    private let hub: RecordingHub
    private let authority: CertificateAuthority

    init(hub: RecordingHub, authority: CertificateAuthority) {
        self.hub = hub
        self.authority = authority
    }

    func admits(_ target: ProxyTarget) -> Bool { true }

    func asks(before target: ProxyTarget) -> Bool { false }

    func security(for target: ProxyTarget, flaw: CertificateFlaw?) throws -> TunnelSecurity {
        TunnelSecurity(try authority.context(for: target.host, flaw: flaw))
    }

    func install(_ route: ProxyRoute, on channel: any Channel, door: ProxyDoor) throws {
        // A replay opens the same tunnel, also if no request goes through it.
        if case .tunnel(let target) = route { _ = hub.mount(for: target) }
        try AgentConnection.install(on: channel, route: .proxy(route), hub: hub)
    }

    func passed(_ door: ProxyDoor) {}

    func closed(_ door: ProxyDoor) {}

    func failed(_ target: ProxyTarget, _ error: any Error) {
        hub.report(
            .rejectedRequest, upstream: target.name, ordinal: nil,
            "The agent reached \(target.name) but did not go on: \(error). It has to trust the "
                + "local authority; `stormtape doctor` names the variables by which programs learn "
                + "of it.")
    }
}
