import Determinism
import Testing
import WireProtocols

@Suite("Binary messages")
struct AWSEventMessageTests {
    private typealias Header = AWSEventMessage.Header

    /// A message with one header of each type, and a text after them; made with zlib.
    private static let allTypes = bytes(
        "000000700000005e10234355016100016201016302cf016403aaaa016504aaaaaaaa016605aaaaaa"
            + "aaaaaaaaaa01670600030700070168070002c3a90169080000000000000008016a09000102030405"
            + "060708090a0b0c0d0e0f0b3a6576656e742d74797065070001787b7daa064e49")
    private static let stop = bytes(
        "000000590000003076f8427f0b3a6576656e742d7479706507000b6d65737361676553746f700d3a"
            + "6d6573736167652d747970650700056576656e747b2273746f70526561736f6e223a22656e645f74"
            + "75726e227d46f749bc")

    @Test(
        "are built and read byte for byte",
        arguments: [
            ("000000100000000005c248eb7d98c8ff", ""),
            ("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936", "{'foo':'bar'}"),
        ])
    func plain(_ hex: String, _ payload: String) throws {
        let built = AWSEventMessage(headers: [], payload: Array(payload.utf8))
        #expect(built.bytes == Self.bytes(hex))
        #expect(built.isValid)
        #expect(built.data == (payload.isEmpty ? nil : payload))
        #expect(Self.events(Self.bytes(hex)) == [.message(built)])
    }

    @Test("carry headers that are texts")
    func texts() throws {
        let headers = [Header(":event-type", "messageStop"), Header(":message-type", "event")]
        let payload = #"{"stopReason":"end_turn"}"#
        let built = AWSEventMessage(headers: headers, payload: Array(payload.utf8))
        #expect(built.bytes == Self.stop)
        let event = try #require(Self.events(Self.stop).first)
        #expect(event == .message(built))
        #expect(event.name == "messageStop")
        #expect(event.data == payload)
        #expect(event.json == ["stopReason": "end_turn"])
        #expect(built.headers == headers)
        #expect(!built.isException)
    }

    @Test("keep headers of every type, and read the texts among them")
    func types() throws {
        let event = try #require(Self.events(Self.allTypes).first)
        guard case .message(let message) = event else {
            Issue.record("no message")
            return
        }
        #expect(message.isValid)
        #expect(message.headers == [Header("h", "é"), Header(":event-type", "x")])
        #expect(message.data == "{}")
        // An edit of the data keeps the headers that are no texts.
        let edited = event.replacingJSON(["a": 1])
        #expect(edited.data == #"{"a":1}"#)
        #expect(edited.bytes[12..<106] == Self.allTypes[12..<106])
        #expect(Self.events(edited.bytes) == [edited])
    }

    @Test("are broken by any single bit")
    func bits() {
        for message in [Self.stop, Self.allTypes] {
            for place in message.indices {
                for bit in 0..<8 {
                    var broken = message
                    broken[place] ^= 1 << UInt8(bit)
                    let events = Self.events(broken)
                    #expect(!events.contains { $0.isTerminated }, "bit \(bit) of byte \(place)")
                    #expect(StreamEvent.bytes(of: events) == broken)
                }
            }
        }
    }

    @Test(
        "are refused with true checksums but headers that do not fit",
        arguments: [
            // A type that is not known; a name, a size or a value that is cut off.
            [1, 0x61, 10], [1, 0x61], [5, 0x61], [1, 0x61, 7, 0], [1, 0x61, 7, 0, 2, 0x62],
            [1, 0x61, 5, 0, 0], [1, 0x61, 6, 0xFF, 0xFF], [1, 0x61, 9, 0],
        ] as [[UInt8]])
    func headers(_ block: [UInt8]) {
        let event = Self.events(Self.message(headers: block, payload: []))
        #expect(event.map(\.isTerminated) == [false])
        #expect(event.map(\.data) == [nil])
        #expect(event.map(\.json) == [nil])
    }

    @Test("are refused when the headers are longer than the message")
    func headerLength() {
        let bytes = Self.message(headers: [1, 0x61, 0], payload: [], headerCount: 4)
        #expect(Self.events(bytes).map(\.isTerminated) == [false])
        let whole = Self.message(headers: [1, 0x61, 0], payload: [])
        #expect(Self.events(whole).map(\.isTerminated) == [true])
        let huge = Self.message(headers: [], payload: [], headerCount: .max)
        #expect(Self.events(huge).map(\.isTerminated) == [false])
    }

    @Test("wrap an event of a model, and wrap it again when it is edited")
    func wrapped() {
        let event = WireSample.bedrockChunk(data: #"{"type":"ping","n":"é"}"#)
        #expect(event.data == #"{"type":"ping","n":"é"}"#)
        let edited = event.replacingJSON(["type": "pong"])
        // {"type":"pong"}
        let expected = #"{"bytes":"eyJ0eXBlIjoicG9uZyJ9","p":"abcdef"}"#
        #expect(edited == WireSample.converseMessage("chunk", expected))
        #expect(edited.data == #"{"type":"pong"}"#)
        let odd = WireSample.converseMessage("chunk", #"{"bytes":"no base64!"}"#)
        #expect(odd.data == #"{"bytes":"no base64!"}"#)
    }

    @Test("come out the same for any split of any bytes", arguments: UInt64(1)...100)
    func anySplit(_ seed: UInt64) throws {
        let bytes = Self.hostileBytes(seed: seed)
        let whole = Self.events(bytes)
        #expect(StreamEvent.bytes(of: whole) == bytes, "seed \(seed)")
        let single = try Splits.events(of: bytes.map { [$0] }, .awsEventStream)
        #expect(single == whole, "seed \(seed)")
        let pieces = Splits.pieces(of: bytes, seed: seed + 1000)
        #expect(try Splits.events(of: pieces, .awsEventStream) == whole, "seed \(seed)")
    }

    @Test(
        "with a length below the shortest leave one broken rest",
        arguments: [5, 12, 15] as [UInt32]
    )
    func lengths(_ length: UInt32) {
        let rest = Self.number(length) + Self.stop
        let events = Self.events(Self.stop + rest)
        #expect(events.map(\.bytes) == [Self.stop, rest])
        #expect(events.map(\.isTerminated) == [true, false])
    }

    @Test("are refused beyond the limit before they are whole")
    func limit() throws {
        let long = Self.number(1 << 20) + [UInt8](repeating: 0, count: 200)
        var decoder = StreamDecoder(.awsEventStream, eventBytesMax: 100)
        #expect(try decoder.push(Self.stop).count == 1)
        let error = #expect(throws: StreamError.self) { try decoder.push(long) }
        #expect(error?.code == .eventLimit)
        #expect(error?.offset == Self.stop.count + 100)
    }

    private static func events(_ bytes: [UInt8]) -> [StreamEvent] {
        StreamFraming.awsEventStream.events(of: bytes)
    }

    /// True and broken messages, and words that are lengths, in any order.
    private static func hostileBytes(seed: UInt64) -> [UInt8] {
        var flipped = stop
        flipped[40] ^= 1
        let parts: [[UInt8]] = [
            stop, stop, allTypes, flipped, Array(stop.dropLast()), Array(stop.dropFirst()),
            number(16), number(17), number(40), number(0), number(15), number(.max), [0xFF], [0],
        ]
        var bytes: [UInt8] = []
        for place in UInt16(0)..<12 {
            let random = KeyedRandom(seed: Seed(seed), callID: 0, take: 0, attempt: 0)
            bytes += parts[Int(random.below(UInt64(parts.count), .content, lane: place))]
        }
        return bytes
    }

    /// A message with true checksums, whatever its headers are.
    private static func message(
        headers: [UInt8], payload: [UInt8], headerCount: UInt32? = nil
    ) -> [UInt8] {
        let count = UInt32(16 + headers.count + payload.count)
        var bytes = number(count) + number(headerCount ?? UInt32(headers.count))
        bytes += number(checksum(bytes))
        bytes += headers + payload
        return bytes + number(checksum(bytes))
    }

    /// CRC-32 bit by bit, to check the table.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = value & 1 == 1
                value >>= 1
                if isOdd { value ^= 0xEDB8_8320 }
            }
        }
        return ~value
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }
}
