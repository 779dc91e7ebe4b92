import Cassette
import Faults
import Foundation
import Gateway
import Simulation
import Synchronization
import Testing

/// Two threads that compute until they are told to stop.
private final class BusyLoops: Sendable {
    private let isOver = Atomic(false)

    init(count: Int) {
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                while !isOver.load(ordering: .relaxed) {}
            }
        }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
    }
}

@Suite("Chunks are chunks", .serialized, .timeLimit(.minutes(5)))
struct ReplayPacingTests {
    private static let chunks = (0..<20).map { String(repeating: "x", count: 10 + 37 * $0) }

    private static func stage() throws -> Stage {
        try Stage { _, _ in [.head()] + chunks.map { .text($0) } + [.done] }
    }

    private func readSizes(_ port: Int) throws -> [Int] {
        let client = try RawClient(port: port)
        client.send("GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
        var sizes: [Int] = []
        while case .bytes(let bytes) = client.read() { sizes.append(bytes.count) }
        return sizes
    }

    private static let expected: [Int] = {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        let bodies = chunks.map { String($0.utf8.count, radix: 16).utf8.count + 4 + $0.utf8.count }
        return [head.utf8.count] + bodies + ["0\r\n\r\n".utf8.count]
    }()

    #if os(Linux)
        @Test("300 runs of 20 chunks are read in one way while two busy loops run")
        func oneReadPattern() throws {
            let stage = try Self.stage()
            #expect(try stage.server.chunkPacing() == .exact)
            let busy = BusyLoops(count: 2)
            defer { busy.stop() }
            var patterns: Set<[Int]> = []
            for _ in 0..<300 { patterns.insert(try readSizes(stage.port)) }
            #expect(patterns == [Self.expected])
        }

        @Test("A step larger than a segment is read in one way, too")
        func largeSteps() throws {
            let text = String(repeating: "y", count: 300_000)
            let stage = try Stage { _, _ in [.head(200, .length(300_000)), .text(text), .done] }
            let busy = BusyLoops(count: 2)
            defer { busy.stop() }
            var patterns: Set<[Int]> = []
            for _ in 0..<30 { patterns.insert(try readSizes(stage.port)) }
            #expect(patterns.count == 1)
        }
    #endif

    @Test("A chunk is not sent before the one before is read")
    func waitsForReader() throws {
        let stage = try Self.stage()
        let client = try RawClient(port: stage.port)
        client.get("/")
        // One byte of each step is left to read; another connection's answers pass meanwhile.
        for size in Self.expected.dropLast().enumerated().map({ $0.0 == 0 ? $0.1 - 19 : $0.1 }) {
            _ = client.readText(size - 1)
            _ = try readSizes(stage.port)
            #expect(client.read() == .bytes([10]))
        }
        #expect(client.reads("0\r\n\r\n"))
    }

    @Test("Pacing never waits for delayed acknowledgements, which take 40 ms")
    func cost() throws {
        let stage = try Self.stage()
        _ = try readSizes(stage.port)
        let runs = 50
        let took = try ContinuousClock().measure {
            for _ in 0..<runs { _ = try readSizes(stage.port) }
        }
        let each = took / (runs * (Self.chunks.count + 1))
        #expect(each < .milliseconds(20))
    }
}

@Suite("A replay server starts and ends cleanly", .serialized, .timeLimit(.minutes(1)))
struct ReplayLifecycleTests {
    @Test("A port that is taken is a clear error")
    func portTaken() throws {
        let stage = try Stage { _, _ in [] }
        let second = ReplayServer(
            machine: ScriptedWorld(watch: EventWatch()) { _, _ in [] },
            mounts: [MountPoint(name: "a"), MountPoint(name: "b", port: stage.port)],
            onStop: { _ in })
        let failure = #expect(throws: GatewayError.self) { try second.start() }
        #expect(failure?.code == .portTaken)
        #expect(failure?.message.contains("'b'") == true)
        _ = try second.shutdown()
    }

    @Test("Each mount has a name, a port, and its own requests")
    func mounts() throws {
        let watch = EventWatch()
        let server = ReplayServer(
            machine: ScriptedWorld(watch: watch) { _, _ in DeliveryStep.whole("ok") },
            mounts: [MountPoint(name: "a"), MountPoint(name: "b")], onStop: { _ in })
        let ports = try server.start()
        for name in ["b", "a"] {
            let client = try RawClient(port: #require(ports[name]))
            client.get("/")
            #expect(client.reads(wholeOK))
        }
        _ = try server.shutdown()
        let names = watch.events.compactMap { event in
            if case .request(let id, let upstream, _) = event {
                "\(id.number)\(upstream)"
            } else {
                nil
            }
        }
        #expect(names == ["1b", "2a"])
    }

    @Test("A stop reaches the shell, and shutting down gives the machine back")
    func stopAndShutdown() throws {
        struct Counting: WorldMachine {
            var seen = 0
            mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
                seen += 1
                if case .request = event { actions.append(.stop(.offTape)) }
            }
        }
        let reasons = Mutex<[StopReason]>([])
        let server = ReplayServer(
            machine: Counting(), mounts: [MountPoint(name: "a")],
            onStop: { reason in reasons.withLock { $0.append(reason) } })
        let port = try #require(try server.start()["a"])
        for _ in 0..<10 { server.post(.quiescent) }
        let client = try RawClient(port: port)
        client.get("/")
        while reasons.withLock({ $0.isEmpty }) {}
        let machine = try server.shutdown()
        #expect(machine.seen == 11)
        #expect(reasons.withLock { $0 } == [.offTape])
        #expect(client.read() == .end)
    }
}
