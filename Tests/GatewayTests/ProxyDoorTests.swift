import Faults
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Gateway

@Suite("The door of the proxy")
struct ProxyDoorTests {
    /// An owner that cannot build what reads requests, and what it heard.
    private final class Owner: ProxyDoorOwner, Sendable {
        let heard = Mutex<[String]>([])
        let isClosed = Gate()
        private let error: any Error

        init(_ error: any Error) {
            self.error = error
        }

        func admits(_ target: ProxyTarget) -> Bool { true }
        func asks(before target: ProxyTarget) -> Bool { false }
        func security(for target: ProxyTarget, flaw: CertificateFlaw?) throws -> TunnelSecurity {
            throw error
        }
        func install(_ route: ProxyRoute, on channel: any Channel, door: ProxyDoor) throws {
            throw error
        }
        func passed(_ door: ProxyDoor) {}
        func closed(_ door: ProxyDoor) {
            heard.withLock { $0.append("closed") }
            isClosed.open()
        }
        func failed(_ target: ProxyTarget, _ error: any Error) {
            heard.withLock { $0.append("failed") }
        }
    }

    /// What the owner hears when an agent opens a tunnel and begins to speak in it.
    private func hears(_ error: any Error, first: [UInt8]) throws -> [String] {
        let owner = Owner(error)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let listener = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    _ = try ProxyDoor.install(on: channel, owner: owner)
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        let agent = try StubSocket(port: listener.localAddress?.port ?? 0)
        #expect(try agent.openTunnel(to: "a.test:443").contains(" 200 "))
        try agent.send(first)
        #expect(try agent.receiveToEnd() == "")
        try owner.isClosed.pass()
        return owner.heard.withLock { $0 }
    }

    @Test(
        "A tunnel that cannot be built is ended, and its owner hears why and that it is over",
        arguments: [[UInt8(ascii: "G")], [0x16, 0x03, 0x01]])
    func failure(first: [UInt8]) throws {
        let error = GatewayError(code: .badAuthority, message: "no key")
        #expect(try hears(error, first: first) == ["failed", "closed"])
    }

    @Test("A connection that went meanwhile says nothing of the agent's trust")
    func gone() throws {
        #expect(try hears(ChannelError.ioOnClosedChannel, first: [0x16]) == ["closed"])
    }
}
