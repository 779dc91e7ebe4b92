import Cassette
import Determinism
import Testing
import WireProtocols

// The bytes of the other framings are split in the tests of their own.
@Suite("Framings")
struct FramingTests {
    @Test(
        "gives the same events for any split of any bytes",
        arguments: [StreamFraming.jsonLines, .jsonArray], UInt64(1)...100)
    func anySplit(_ framing: StreamFraming, _ seed: UInt64) throws {
        let bytes = Self.hostileBytes(framing, seed: seed)
        let whole = framing.events(of: bytes)
        #expect(StreamEvent.bytes(of: whole) == bytes, "seed \(seed)")
        #expect(try Splits.events(of: bytes.map { [$0] }, framing) == whole, "seed \(seed)")
        let pieces = Splits.pieces(of: bytes, seed: seed + 1000)
        #expect(try Splits.events(of: pieces, framing) == whole, "seed \(seed)")
        for event in whole where event.json != nil {
            #expect(event.replacingJSON(["x": 1]).json == ["x": 1], "seed \(seed)")
        }
    }

    @Test(
        "is announced by the content type",
        arguments: [
            ("text/event-stream", .sse), ("Text/Event-Stream; charset=utf-8", .sse),
            ("application/x-ndjson", .jsonLines), ("application/ndjson", .jsonLines),
            ("application/jsonl", .jsonLines), ("application/x-jsonlines", .jsonLines),
            ("application/vnd.amazon.eventstream", .awsEventStream), ("application/json", nil),
            ("text/event-streams", nil), ("", nil),
        ] as [(String, StreamFraming?)])
    func announced(_ type: String, _ framing: StreamFraming?) {
        #expect(StreamFraming(announcedBy: [HeaderField("content-type", type)]) == framing)
        #expect(StreamFraming(announcedBy: []) == nil)
    }

    /// Pieces of the framing's own syntax and stray bytes, in any order.
    private static func hostileBytes(_ framing: StreamFraming, seed: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        for call in UInt64(0)..<40 {
            let random = KeyedRandom(seed: Seed(seed), callID: call, take: 0, attempt: 0)
            let parts = parts(framing)
            bytes += parts[Int(random.below(UInt64(parts.count), .position))]
        }
        return bytes
    }

    private static func parts(_ framing: StreamFraming) -> [[UInt8]] {
        let message = AWSEventMessage(
            headers: [.init(":event-type", "chunk"), .init(":message-type", "event")],
            payload: Array(#"{"bytes":"e30=","p":"ab"}"#.utf8)
        ).bytes
        let shared: [[UInt8]] = [
            Array("{\"a\":\"\\\"]}\"}".utf8), [0x0A], [0x0D], [0x20], [0xFF], Array("é".utf8), [],
        ]
        return switch framing {
        case .sse:
            shared + ["data: {}\n\n", "data:", ":", "\r\n\r\n", "id: 1"].map { Array($0.utf8) }
        case .jsonLines: shared + ["{}\n", "\n\n", "[", "1\r\n"].map { Array($0.utf8) }
        case .jsonArray:
            shared
                + ["[", "]", ",", "{}", "[[1],{}]", "1", "\"", "\\", "{", "}"].map {
                    Array($0.utf8)
                }
        case .awsEventStream:
            Array(repeating: message, count: 12) + [[0], Array(message.prefix(9))]
        }
    }
}

@Suite("A JSON array that trickles in")
struct JSONArrayTests {
    private static let text = "[{\"a\":1}\n,\r\n{\"b\":[2,\"]\\\"}\"]}\n,\r\n{\"c\":{}}\n]\n"

    private func events(_ text: String) -> [StreamEvent] {
        StreamFraming.jsonArray.events(of: Array(text.utf8))
    }

    @Test("has its elements as events, with what stands before each")
    func elements() {
        let events = events(Self.text)
        #expect(
            events.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                "[{\"a\":1}", "\n,\r\n{\"b\":[2,\"]\\\"}\"]}", "\n,\r\n{\"c\":{}}", "\n]\n",
            ])
        #expect(events.map(\.data) == ["{\"a\":1}", "{\"b\":[2,\"]\\\"}\"]}", "{\"c\":{}}", nil])
        #expect(events.allSatisfy { $0.isTerminated })
    }

    @Test(
        "is told apart whatever its elements are",
        arguments: [
            ("[1, true,\"x\" , [2]]", ["1", "true", "\"x\"", "[2]", nil]), ("[]", [nil]),
            ("{\"error\":{}}", ["{\"error\":{}}"]), ("[[],[[1]]]", ["[]", "[[1]]", nil]),
        ] as [(String, [String?])])
    func anyElements(_ text: String, _ data: [String?]) {
        #expect(events(text).map(\.data) == data)
        #expect(events(text).allSatisfy { $0.isTerminated })
    }

    @Test("is no event until an element is whole", arguments: 0..<8)
    func cut(_ length: Int) {
        let events = events(String(Self.text.prefix(length)))
        #expect(!events.contains { $0.isTerminated })
    }

    @Test("is an array again after any events are moved, repeated or dropped")
    func mended() throws {
        let all = events(Self.text)
        for order in [[1, 3], [2, 1, 0, 3], [0, 0, 1, 3], [3], [1, 1, 2, 2, 3], [0, 1, 2, 3]] {
            let moved = StreamEvent.mended(order.map { all[$0] })
            let value = try JSONValue.parse(StreamEvent.bytes(of: moved))
            let expected = order.compactMap { all[$0].json }
            #expect(value == .array(expected), "\(order)")
        }
        #expect(StreamEvent.mended(all) == all)
    }

    @Test("takes another element in a place")
    func replaced() throws {
        var all = events(Self.text)
        all[1] = all[1].replacingJSON(["x": "]"])
        let text = String(decoding: StreamEvent.bytes(of: all), as: UTF8.self)
        #expect(text == "[{\"a\":1}\n,\r\n{\"x\":\"]\"}\n,\r\n{\"c\":{}}\n]\n")
    }
}

@Suite("Lines of JSON")
struct JSONLineTests {
    private func events(_ text: String) -> [StreamEvent] {
        StreamFraming.jsonLines.events(of: Array(text.utf8))
    }

    @Test("are events; blank lines keep alive; the last needs no line feed")
    func lines() {
        let events = events("{\"a\":1}\n\r\n {\"b\":2} \r\n{\"c\":3}")
        #expect(events.map(\.data) == ["{\"a\":1}", nil, "{\"b\":2}", "{\"c\":3}"])
        #expect(events.map(\.isKeepAlive) == [false, true, false, false])
        #expect(events.map(\.isTerminated) == [true, true, true, true])
        #expect(!self.events("{\"c\":")[0].isTerminated)
    }

    @Test("keep what surrounds a document that is replaced")
    func replaced() {
        let event = events(" {\"b\":2} \r\n")[0].replacingJSON(["b": 3])
        #expect(event.bytes == Array(" {\"b\":3} \r\n".utf8))
    }
}
