import Cassette
import Gateway
import Simulation
import Testing

@Suite("The world hears of hang-ups, once and in order", .serialized, .timeLimit(.minutes(2)))
struct ReplayDepartureTests {
    private static let streamHead = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    private func isDeparture(_ event: WorldEvent) -> Bool {
        if case .agentClosed = event { true } else { false }
    }

    @Test("An agent that closes in the middle of a stream is reported once", arguments: [0, 1, 2])
    func closesMidStream(chunksRead: Int) throws {
        let stage = try Stage { id, _ in
            id.number == 1
                ? [.head(), .text("abc"), .text("def"), .text("ghi"), .done]
                : DeliveryStep.whole("ok")
        }
        let client = try RawClient(port: stage.port)
        client.get("/")
        #expect(client.reads(Self.streamHead))
        // What is left unread makes the kernel send a reset instead of an orderly end.
        for _ in 0..<chunksRead { #expect(client.readText(8).utf8.count == 8) }
        client.close()
        #expect(stage.watch.waits(for: 1, isDeparture))
        let next = try RawClient(port: stage.port)
        next.get("/")
        #expect(next.reads(wholeOK))
        let machine = stage.watch.events.filter(isDeparture)
        #expect(machine == [.agentClosed(ExchangeID(1))])
    }

    @Test("An agent that closes while nothing is being sent is reported")
    func closesWhileHanging() throws {
        let stage = try Stage(gate: 1) { _, _ in [.head(), .text("abc"), .done] }
        let client = try RawClient(port: stage.port)
        client.get("/")
        #expect(client.reads(Self.streamHead))
        client.close()
        #expect(stage.watch.waits(for: 1, isDeparture))
        // A step for an exchange that the agent has left goes nowhere.
        stage.server.post(.quiescent)
        #expect(stage.watch.waits { $0 == .quiescent })
        #expect(stage.watch.events.filter(isDeparture).count == 1)
    }

    @Test("An agent that reads a chunk and closes while the rest hangs is reported")
    func closesAfterLastChunkOfHang() throws {
        let stage = try Stage { _, _ in [.head(), .text("abc")] }
        for _ in 0..<50 {
            let client = try RawClient(port: stage.port)
            client.get("/")
            #expect(client.reads(Self.streamHead + "3\r\nabc\r\n"))
            client.close()
        }
        #expect(stage.watch.waits(for: 50, isDeparture))
        #expect(stage.watch.events.count == 50 * 4)
    }

    @Test("An agent that closes after the end of a delivery is not reported")
    func closesAfterEnd() throws {
        let stage = try Stage { _, _ in DeliveryStep.whole("ok") }
        for _ in 0..<50 {
            let client = try RawClient(port: stage.port)
            client.get("/")
            #expect(client.reads(wholeOK))
            client.close()
        }
        let last = try RawClient(port: stage.port)
        last.get("/")
        #expect(last.reads(wholeOK))
        #expect(stage.watch.waits(for: 2) { $0 == .taken(ExchangeID(51)) })
        let departures = stage.watch.events.filter(isDeparture)
        #expect(departures.isEmpty)
        #expect(stage.watch.events.count == 51 * 3)
    }

    @Test("What was read before the agent closed is taken, and the world hears it in this order")
    func takenThenClosed() throws {
        let stage = try Stage { _, _ in [.head(), .text("abc"), .text("def"), .done] }
        for _ in 0..<100 {
            let client = try RawClient(port: stage.port)
            client.get("/")
            #expect(client.reads(Self.streamHead + "3\r\nabc\r\n"))
            client.close()
        }
        #expect(stage.watch.waits(for: 100, isDeparture))
        for number in 1...100 {
            let id = ExchangeID(number)
            let mine = stage.watch.events.filter { $0 == .taken(id) || $0 == .agentClosed(id) }
            #expect(mine == [.taken(id), .taken(id), .agentClosed(id)])
        }
    }

    #if os(Linux)
        @Test("An agent that only ends its output still gets its answer")
        func halfClose() throws {
            let stage = try Stage(gate: 1) { id, _ in [.head(), .text("abc"), .done] }
            let client = try RawClient(port: stage.port)
            client.get("/")
            client.endOutput()
            #expect(client.reads(Self.streamHead))
            // The answer to another request shows that the server has seen the end of the input.
            let other = try RawClient(port: stage.port)
            other.get("/")
            #expect(other.reads(Self.streamHead))
            stage.server.post(.quiescent)
            #expect(client.readAll().text == "3\r\nabc\r\n0\r\n\r\n")
            #expect(!stage.watch.events.contains(where: isDeparture))
        }

        @Test("An agent that ends its output and closes later is reported")
        func halfCloseThenClose() throws {
            let stage = try Stage(gate: 1) { id, _ in [.head(), .text("abc"), .done] }
            let client = try RawClient(port: stage.port)
            client.get("/")
            client.endOutput()
            #expect(client.reads(Self.streamHead))
            let other = try RawClient(port: stage.port)
            other.get("/")
            #expect(other.reads(Self.streamHead))
            #expect(!stage.watch.events.contains(where: isDeparture))
            client.close()
            #expect(stage.watch.waits(for: 1, isDeparture))
        }
    #endif

    @Test("A hang-up is always heard before the retry that follows it", arguments: [false, true])
    func barrier(leavesUnread: Bool) throws {
        let stage = try Stage { id, _ in
            id.number % 2 == 1 ? [.head(), .text("abc")] : DeliveryStep.whole("ok")
        }
        for round in 0..<200 {
            // The retry's connection is old and the abandoned one new, or the other way round.
            let early = try RawClient(port: stage.port)
            let abandoned = try RawClient(port: stage.port)
            abandoned.get("/\(round)")
            #expect(abandoned.reads(Self.streamHead + (leavesUnread ? "" : "3\r\nabc\r\n")))
            abandoned.close()
            let retry = round.isMultiple(of: 2) ? early : try RawClient(port: stage.port)
            retry.get("/\(round)")
            #expect(retry.reads(wholeOK))
        }
        var open: [ExchangeID] = []
        for event in stage.watch.events {
            switch event {
            case .request(let id, _, _) where id.number % 2 == 1: open.append(id)
            case .request(let id, _, _): #expect(open.isEmpty, "retry \(id) came first")
            case .agentClosed(let id): open.removeAll { $0 == id }
            default: break
            }
        }
        #expect(stage.watch.events.filter(isDeparture).count == 200)
    }

    @Test("Departures that come together are told once each")
    func manyDepartures() throws {
        let stage = try Stage { id, _ in
            id.number <= 20 ? [.head()] : DeliveryStep.whole("ok")
        }
        let clients = try (0..<20).map { _ in try RawClient(port: stage.port) }
        for client in clients {
            client.get("/")
            #expect(client.reads(Self.streamHead))
        }
        for client in clients.reversed() { client.close() }
        #expect(stage.watch.waits(for: 20, isDeparture))
        let told = stage.watch.events.filter(isDeparture)
        #expect(Set(told).count == 20 && told.count == 20)
    }
}
