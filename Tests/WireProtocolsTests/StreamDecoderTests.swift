import Determinism
import Testing
import WireProtocols

@Suite("The decoder of event streams")
struct StreamDecoderTests {
    @Test("gives the same events for any split of any bytes", arguments: UInt64(1)...300)
    func anySplit(_ seed: UInt64) throws {
        let bytes = Self.hostileBytes(seed: seed)
        let whole = StreamFraming.sse.events(of: bytes)
        #expect(StreamEvent.bytes(of: whole) == bytes, "seed \(seed)")
        #expect(try Splits.events(of: bytes.map { [$0] }) == whole, "seed \(seed)")
        let pieces = Splits.pieces(of: bytes, seed: seed + 1000)
        #expect(try Splits.events(of: pieces) == whole, "seed \(seed)")
        #expect(!whole.dropLast().contains { !$0.isTerminated }, "seed \(seed)")
    }

    @Test("waits for the line feed of a carriage return, over pushes too")
    func splitPair() throws {
        var decoder = StreamDecoder(.sse)
        #expect(try decoder.push(Array("data: a\r\n\r".utf8)) == [])
        let first = try decoder.push([0x0A])
        #expect(first.map(\.bytes) == [Array("data: a\r\n\r\n".utf8)])
        #expect(try decoder.push(Array("data: b\r\r".utf8)) == [])
        let second = try decoder.push(Array("data: c".utf8))
        #expect(second.map(\.data) == ["b"])
        #expect(try decoder.push(Array("\r\r".utf8)) == [])
        let last = try #require(try decoder.finish())
        #expect(last.data == "c")
        #expect(last.isTerminated)
        #expect(try decoder.finish() == nil)
    }

    @Test("refuses an event beyond the limit at its byte, whatever the split", arguments: 1...12)
    func limit(_ size: Int) throws {
        let bytes = Array("data: a\n\ndata: 0123456789\n\n".utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min(bytes.count, $0 + size)])
        }
        var decoder = StreamDecoder(.sse, eventBytesMax: 16)
        var events: [StreamEvent] = []
        let error = #expect(throws: StreamError.self) {
            for piece in pieces { events += try decoder.push(piece) }
            _ = try decoder.finish()
        }
        #expect(error?.code == .eventLimit)
        #expect(error?.offset == 25)
        #expect(events.map(\.data) == ["a"])
        #expect(throws: StreamError.self) { try decoder.push([]) }
    }

    @Test("takes an event of exactly the limit")
    func atLimit() throws {
        let bytes = Array("data: 01\n\ndata: 23\n\n".utf8)
        #expect(try Splits.events(of: [bytes], eventBytesMax: 10).count == 2)
    }

    /// Line endings, colons, fields and stray bytes in any order.
    private static func hostileBytes(seed: UInt64) -> [UInt8] {
        let parts: [[UInt8]] = [
            [0x0D], [0x0A], [0x0D, 0x0A], [0x0D], [0x0A], [0xEF, 0xBB, 0xBF], [0x00], [0xFF],
            Array("data: x".utf8), Array("data".utf8), Array(":".utf8), Array("id: 7".utf8),
            Array("event: é".utf8), Array(" ".utf8),
        ]
        var bytes: [UInt8] = []
        for place in UInt16(0)..<60 {
            let random = KeyedRandom(seed: Seed(seed), callID: 0, take: 0, attempt: 0)
            bytes += parts[Int(random.below(UInt64(parts.count), .content, lane: place))]
        }
        return bytes
    }
}
