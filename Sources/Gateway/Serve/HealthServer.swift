import Cassette
package import Determinism
import NIOCore
import NIOPosix
import Synchronization

/// Says on a port of its own how a service is, at `GET /healthz`.
package final class HealthServer: Sendable {
    /// How a service is.
    package struct Report: Hashable, Sendable {
        /// Whether it does what it is there for.
        package var isWell: Bool
        /// The figures behind that.
        package var figures: JSONValue

        /// Creates a report.
        package init(isWell: Bool, figures: JSONValue) {
            self.isWell = isWell
            self.figures = figures
        }
    }

    private let report: @Sendable () -> Report
    private let group: MultiThreadedEventLoopGroup

    /// Creates a server that does not listen yet; `report` is called for each question.
    package init(report: @escaping @Sendable () -> Report) {
        self.report = report
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Listens on a port of 127.0.0.1, 0 for any, and gives the one that it is.
    package func start(port: Int) throws -> Int {
        let report = report
        let bootstrap = MountPoint.bootstrap(on: group.next()) { channel in
            try RequestCollector.install(
                on: channel, delegate: HealthConnection(report: report), bodyBytesMax: 1 << 16)
        }
        let channel = try MountPoint(name: "health", port: port).listen(bootstrap)
        return channel.localAddress?.port ?? port
    }

    /// Ends it.
    package func shutdown() throws {
        try group.syncShutdownGracefully()
    }
}

/// One connection of somebody who asks.
private final class HealthConnection: RequestCollectorDelegate {
    private let report: @Sendable () -> HealthServer.Report

    init(report: @escaping @Sendable () -> HealthServer.Report) {
        self.report = report
    }

    func collector(_ collector: RequestCollector, completed request: CollectedRequest) {
        collector.write(answer(to: request))
        request.keepsAlive ? collector.responseEnded() : collector.close()
    }

    func collector(_ collector: RequestCollector, peerLeft departure: PeerDeparture) {}

    func collector(_ collector: RequestCollector, rejected rejection: RequestRejection) {}

    private func answer(to request: CollectedRequest) -> ByteBuffer {
        let isHead = request.request.method == "HEAD"
        guard isHead || request.request.method == "GET" else {
            return bytes(405, "Method Not Allowed", ["error": "ask with GET"], isHead: false)
        }
        guard request.request.path == "/healthz" else {
            return bytes(404, "Not Found", ["error": "there is /healthz only"], isHead: isHead)
        }
        let found = report()
        return found.isWell
            ? bytes(200, "OK", found.figures, isHead: isHead)
            : bytes(503, "Service Unavailable", found.figures, isHead: isHead)
    }

    private func bytes(
        _ status: Int, _ reason: String, _ body: JSONValue, isHead: Bool
    ) -> ByteBuffer {
        let text = body.encoded() + [0x0A]
        var answer = ByteBuffer(
            string: "HTTP/1.1 \(status) \(reason)\r\ncontent-type: application/json\r\n"
                + "content-length: \(text.count)\r\n\r\n")
        if !isHead { answer.writeBytes(text) }
        return answer
    }
}
