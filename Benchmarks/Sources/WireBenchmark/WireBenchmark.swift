import Foundation
import Measuring

/// Measures gateway and store through the `stormtape` binary, each beside the same thing without.
///
/// `WireBenchmark STORMTAPE` prints the lines of the table; `WireBenchmark client ...` is the agent.
@main
struct WireBenchmark {
    static let rounds = 5
    static let requestCount = 4_000

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let first = arguments.first else {
            throw Connection.Failure(description: "usage: WireBenchmark PATH-OF-STORMTAPE")
        }
        if first == "client" { return try client(Array(arguments.dropFirst())) }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stormtape-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try EchoServer()
        let stormtape = Stormtape(binary: first, folder: folder)
        try replayRate(stormtape, server)
        try recordingDelay(stormtape, server)
        try cassetteSize(stormtape, server)
        try server.shutdown()
    }

    // MARK: Figures

    private static func replayRate(_ stormtape: Stormtape, _ server: EchoServer) throws {
        let count = "\(requestCount)"
        for connections in [1, 8] {
            let load = ["load", "\(connections)", count, "1"]
            try stormtape.record("rate", upstream: server.port, client: load)
            let plain = LoadClient(
                connectionCount: connections, requestCount: requestCount, stride: 1)
            let comparison = try Comparison(rounds: rounds) {
                try stormtape.replay("rate", client: load)
                return try stormtape.figures()[0]
            } _: {
                try plain.requestsPerSecond(port: server.port)
            }
            Row(
                "replay, \(connections) keep-alive connection\(connections == 1 ? "" : "s")",
                text(median(comparison.first), "requests/s"),
                beside: "plain NIO echo server: "
                    + text(median(comparison.second), "requests/s"),
                ratio: times(comparison.ratio)
            ).show()
        }
    }

    private static func recordingDelay(_ stormtape: Stormtape, _ server: EchoServer) throws {
        try stormtape.record(
            "delay", upstream: server.port,
            client: ["first-byte", "1", "2000", "1", "\(server.port)"])
        let figures = try stormtape.figures()
        for (name, here, there) in [
            ("median", figures[0], figures[1]), ("p99", figures[2], figures[3]),
        ] {
            Row(
                "time to first byte while recording, \(name)",
                text(here, "µs") + " (added: " + text(here - there, "µs") + ")",
                beside: "direct connection: " + text(there, "µs"), ratio: times(here / there)
            ).show()
        }
    }

    private static func cassetteSize(_ stormtape: Stormtape, _ server: EchoServer) throws {
        let sizes = [("large", 100_000), ("small", 1_000)]
        for (name, size) in sizes {
            try stormtape.record(
                name, upstream: server.port, client: ["load", "4", "\(size)", "1"])
        }
        var memory: [String: Int] = [:]
        func open(_ name: String) throws -> Double {
            let usage = try stormtape.replay(name, client: ["nothing"])
            memory[name] = usage.memoryBytesMax
            return usage.seconds * 1_000
        }
        let opening = try Comparison(rounds: rounds) {
            try open("large")
        } _: {
            try open("small")
        }
        show("replay of no request, 100,000 interactions", opening, "ms")
        func lookUp(_ name: String, stride: Int) throws -> Double {
            try stormtape.replay(name, client: ["load", "1", "1000", "\(stride)"])
            return 1e6 / (try stormtape.figures()[0])
        }
        let answering = try Comparison(rounds: rounds) {
            try lookUp("large", stride: 100)
        } _: {
            try lookUp("small", stride: 1)
        }
        show("one request replayed, 100,000 interactions", answering, "µs")
        let large = Double(memory["large"] ?? 0) / 1e6
        let small = Double(memory["small"] ?? 0) / 1e6
        Row(
            "memory, 100,000 interactions", text(large, "MB"),
            beside: "1,000 interactions: " + text(small, "MB"), ratio: times(large / small)
        ).show()
    }

    private static func show(_ name: String, _ comparison: Comparison, _ unit: String) {
        Row(
            name, text(median(comparison.first), unit),
            beside: "1,000 interactions: " + text(median(comparison.second), unit),
            ratio: times(comparison.ratio)
        ).show()
    }

    // MARK: The agent

    private static func client(_ arguments: [String]) throws {
        guard arguments.count >= 2 else {
            throw Connection.Failure(description: "client FILE nothing | client FILE MODE ...")
        }
        guard arguments[1] != "nothing" else { return }
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        guard numbers.count >= 3 else {
            throw Connection.Failure(description: "MODE CONNECTIONS REQUESTS STRIDE [PORT]")
        }
        let load = LoadClient(
            connectionCount: numbers[0], requestCount: numbers[1], stride: numbers[2])
        let port = try LoadClient.mountedPort()
        var figures: [Double]
        if arguments[1] == "first-byte", numbers.count == 4 {
            let (here, there) = try load.timesToFirstByte(port: port, beside: numbers[3])
            figures = [0.5, 0.99].flatMap { [quantile(here, $0), quantile(there, $0)] }
        } else {
            figures = [try load.requestsPerSecond(port: port)]
        }
        try figures.map { "\($0)" }.joined(separator: " ")
            .write(toFile: arguments[0], atomically: true, encoding: .utf8)
    }
}
