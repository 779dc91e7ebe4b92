import Cassette
import Determinism
import Faults
import Gateway
import Simulation
import Synchronization
import Testing

/// A world under the virtual clock: at each instant the first exchange gets the next of its turns.
private struct TurningWorld: WorldMachine {
    let watch: EventWatch
    let turns: @Sendable (ExchangeID) -> [ActionBuffer]
    private var left: [(id: ExchangeID, turns: ArraySlice<ActionBuffer>)] = []

    init(watch: EventWatch, turns: @escaping @Sendable (ExchangeID) -> [ActionBuffer]) {
        self.watch = watch
        self.turns = turns
    }

    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        if event == .quiescent {
            left.removeAll(where: \.turns.isEmpty)
            if !left.isEmpty, let turn = left[0].turns.popFirst() { actions += turn }
            return
        }
        if case .request(let id, _, _) = event { left.append((id, turns(id)[...])) }
        watch.note(event)
    }
}

@Suite("A connection is closed together with its answer", .serialized, .timeLimit(.minutes(2)))
struct ReplayClosingTests {
    /// A server under the virtual clock.
    private final class Stage {
        let watch = EventWatch()
        let port: Int
        private let server: ReplayServer<TurningWorld>

        init(_ turns: @escaping @Sendable (ExchangeID) -> [ActionBuffer]) throws {
            server = ReplayServer(
                machine: TurningWorld(watch: watch, turns: turns),
                mounts: [MountPoint(name: "tool")], clock: .virtual, onStop: { _ in })
            port = try #require(try server.start()["tool"])
            server.watchAgent { SleepingAgent() }
        }

        deinit {
            _ = try? server.shutdown()
        }

        var requestCount: Int {
            watch.events.count { if case .request = $0 { true } else { false } }
        }

        /// What a client gets that sends two requests at once.
        func answerToTwo() throws -> (text: String, last: RawClient.Outcome) {
            let client = try RawClient(port: port)
            client.send("GET /1 HTTP/1.1\r\nhost: t\r\n\r\nGET /2 HTTP/1.1\r\nhost: t\r\n\r\n")
            return client.readAll()
        }
    }

    private static func send(_ id: ExchangeID, _ steps: DeliveryStep...) -> ActionBuffer {
        steps.map { .send(id, $0, after: .zero) }
    }

    private static func closeIdle(_ id: ExchangeID) -> WorldAction {
        .closeIdle(upstream: "tool", after: id)
    }

    @Test("The answer and the end are read, and no further request is answered there")
    func closes() throws {
        let stage = try Stage { id in
            [
                Self.send(id, .head(200, .length(2))),
                [Self.closeIdle(id)] + Self.send(id, .text("ok")), Self.send(id, .done),
            ]
        }
        for count in 1...2 {
            let (text, last) = try stage.answerToTwo()
            #expect(text == wholeOK)
            #expect(last == .end)
            #expect(stage.requestCount == count)
        }
    }

    @Test("So it is on a connection of which the world has said all, but not all is sent")
    func closesAnother() throws {
        let long = String(repeating: "x", count: 40_000)
        let stage = try Stage { id in
            [
                Self.send(id, .head(200, .length(long.utf8.count))),
                Self.send(id, .text(long), .done) + [Self.closeIdle(ExchangeID(99))],
            ]
        }
        let (text, last) = try stage.answerToTwo()
        #expect(text.hasSuffix("\r\n\r\n" + long))
        #expect(last == .end)
        #expect(stage.requestCount == 1)
    }

    @Test("What would follow the end reaches nobody, and holds nobody up")
    func ignoresWhatFollows() throws {
        // More than is written at a time.
        let more = String(repeating: "x", count: 40_000)
        let stage = try Stage { id in
            [
                Self.send(id, .head(200, .length(2))),
                [Self.closeIdle(id)] + Self.send(id, .text("ok"), .text(more), .done),
            ]
        }
        var clients: [RawClient] = []
        for count in 1...2 {
            let client = try RawClient(port: stage.port)
            client.get("/")
            let (text, last) = client.readAll()
            #expect(text == wholeOK)
            #expect(last == .end)
            #expect(stage.requestCount == count)
            #expect(stage.watch.waits(for: 3) { $0 == .taken(ExchangeID(count)) })
            // It stays open on the client's side: its kernel can still be asked.
            clients.append(client)
        }
    }

    @Test("A connection on which nothing was asked is closed too, and holds nobody up")
    func closesUnused() throws {
        let stage = try Stage { id in
            [[Self.closeIdle(id)] + Self.send(id, .head(200, .length(2)), .text("ok"), .done)]
        }
        let unused = try RawClient(port: stage.port)
        for _ in 1...2 {
            let client = try RawClient(port: stage.port)
            client.get("/")
            #expect(client.readAll().text == wholeOK)
        }
        let (text, last) = unused.readAll()
        #expect(text == "")
        #expect(last == .end)
    }
}
