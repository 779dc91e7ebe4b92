internal import CStormtape
package import NIOCore
package import NIOPosix

/// Where one upstream is offered to the agent: a port of 127.0.0.1.
package struct MountPoint: Hashable, Sendable {
    /// The domain of the mounts' names; no name server knows it.
    package static let domain = "stormtape.test"

    /// The name of the upstream.
    package var name: String
    /// The port; 0 lets the system choose one.
    package var port: Int

    package init(name: String, port: Int = 0) {
        self.name = name
        self.port = port
    }

    /// The bootstrap of a server for requests: reads stay on while a response is under way, a
    /// client may end its output and read on, nothing is held back by Nagle's algorithm.
    package static func bootstrap(
        on loop: any EventLoop,
        accept: @escaping @Sendable (any Channel) throws -> Void
    ) -> ServerBootstrap {
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // A program that held it would keep a reset from being sent.
                    _ = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable {
                        (socket: NIOBSDSocket.Handle) in stormtape_close_on_exec(socket)
                    }
                    try accept(channel)
                }
            }
    }

    /// Listens on 127.0.0.1 and waits until it does.
    package func listen(_ bootstrap: ServerBootstrap) throws -> any Channel {
        do {
            return try bootstrap.bind(host: "127.0.0.1", port: port).wait()
        } catch let failure as IOError where failure.errnoCode == portTaken {
            throw GatewayError(
                code: .portTaken,
                message: "The port \(port) for the upstream '\(name)' is taken by another "
                    + "program. End that program, or let the port be chosen.")
        } catch {
            throw GatewayError(
                code: .cannotListen,
                message: "The port \(port) for the upstream '\(name)' cannot be opened on "
                    + "127.0.0.1: \(error). Ports above 1023 are allowed for every user.")
        }
    }
}
