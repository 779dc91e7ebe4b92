import Cassette
import Determinism
import Faults
import Testing

@Suite("Transport faults")
struct TransportFaultTests {
    let abc = Sample.plain(["ab", "cd", "ef"])

    @Test("a reset after the request leaves no head and no body")
    func resetAfterRequest() {
        let (delivery, outcome) = apply("conn-reset-after-request", to: abc)
        #expect(outcome == .fired)
        #expect(delivery == Delivery(head: nil, ending: .reset))
    }

    @Test(
        "a cut keeps exactly so many bytes, and the announced length",
        arguments: [
            (1, ["a"], 10), (2, ["ab"], 10), (3, ["ab", "c"], 20), (5, ["ab", "cd", "e"], 30),
        ])
    func cuts(at: Int64, kept: [String], endsAt: Int64) {
        for (id, ending) in [
            ("conn-reset-mid-body", DeliveryEnding.reset), ("short-chunked-body", .closed),
        ] {
            let (delivery, outcome) = apply(id, [JSONMember("at_bytes", .int(at))], to: abc)
            #expect(outcome == .fired)
            #expect(delivery.texts == kept)
            #expect(delivery.head == abc.head)
            #expect(delivery.ending == ending)
            #expect(delivery.endAt == .milliseconds(endsAt))
        }
    }

    @Test(
        "a cut outside of the body is inapplicable and changes nothing",
        arguments: [0, -1, 6, 7, Int64.max, Int64.min])
    func cutOutside(at: Int64) {
        for id in ["conn-reset-mid-body", "short-chunked-body"] {
            let (delivery, outcome) = apply(id, [JSONMember("at_bytes", .int(at))], to: abc)
            #expect(
                outcome
                    == .inapplicable(
                        "at_bytes \(at) does not lie inside the body of 6 bytes"))
            #expect(delivery == abc)
        }
    }

    @Test("the place of a cut is drawn inside the body, where there is an inside")
    func cutDraw() {
        for id in ["conn-reset-mid-body", "short-chunked-body"] {
            #expect(drawnRange(id, "at_bytes", abc) == 1...5)
            #expect(drawnRange(id, "at_bytes", Sample.plain(["a"])) == nil)
            #expect(drawnRange(id, "at_bytes", Sample.plain([])) == nil)
        }
    }

    @Test("a close is no fault where it is the regular end of the body")
    func closeUntilClose() {
        let open = Sample.plain(["abc"], framing: .untilClose)
        let at = [JSONMember("at_bytes", 1)]
        #expect(apply("short-chunked-body", at, to: open).outcome != .fired)
        #expect(apply("conn-reset-mid-body", at, to: open).outcome == .fired)
    }

    @Test(
        "merging keeps the bytes and the instant of the last chunk of a group",
        arguments: [
            (2, ["abcd", "ef"], [20, 30]), (3, ["abcdef"], [30]), (1_000_000, ["abcdef"], [30]),
        ] as [(Int64, [String], [Int64])])
    func merge(group: Int64, texts: [String], instants: [Int64]) {
        let (delivery, outcome) = apply(
            "chunk-merge", [JSONMember("group_n", .int(group))], to: abc)
        #expect(outcome == .fired)
        #expect(delivery.texts == texts)
        #expect(delivery.milliseconds == instants)
        #expect(delivery.head == abc.head)
    }

    @Test("one chunk cannot be merged")
    func mergeOne() {
        let one = Sample.plain(["abc"])
        #expect(drawnRange("chunk-merge", "group_n", one) == nil)
        #expect(drawnRange("chunk-merge", "group_n", abc) == 2...3)
        #expect(apply("chunk-merge", [JSONMember("group_n", 2)], to: one).outcome != .fired)
    }

    @Test(
        "a split falls after the first byte of the chosen characters",
        arguments: [
            (1, [[0x61, 0xC3], [0xA9, 0x62, 0xE2, 0x82, 0xAC], [0x63]]),
            (2, [[0x61, 0xC3, 0xA9, 0x62, 0xE2], [0x82, 0xAC], [0x63]]),
            (0, [[0x61, 0xC3], [0xA9, 0x62, 0xE2], [0x82, 0xAC], [0x63]]),
        ] as [(Int64, [[UInt8]])])
    func splitUTF8(at: Int64, chunks: [[UInt8]]) {
        let text = Sample.plain(["aéb€", "c"])
        let (delivery, outcome) = apply("chunk-split-utf8", [JSONMember("at", .int(at))], to: text)
        #expect(outcome == .fired)
        #expect(delivery.body.map(\.bytes) == chunks)
        #expect(delivery.milliseconds.last == 20)
        #expect(delivery.milliseconds.dropLast().allSatisfy { $0 == 10 })
    }

    @Test("a body with too many characters of several bytes is not split at every one")
    func splitTooMany() {
        let text = Sample.plain([String(repeating: "é", count: 100_001)])
        #expect(
            apply("chunk-split-utf8", [JSONMember("at", 0)], to: text).outcome
                == .inapplicable("the body would be cut in more than 100000 places"))
        #expect(apply("chunk-split-utf8", [JSONMember("at", 100_001)], to: text).outcome == .fired)
    }

    @Test("text in ASCII has nothing to split, and a split character is not split again")
    func splitNothing() {
        #expect(apply("chunk-split-utf8", [JSONMember("at", 0)], to: abc).outcome != .fired)
        #expect(drawnRange("chunk-split-utf8", "at", abc) == nil)
        var split = Sample.plain(["é"])
        split.body = [
            Chunk(at: .milliseconds(10), bytes: [0xC3]),
            Chunk(at: .milliseconds(10), bytes: [0xA9]),
        ]
        #expect(drawnRange("chunk-split-utf8", "at", split) == 1...1)
        #expect(apply("chunk-split-utf8", [JSONMember("at", 1)], to: split).outcome != .fired)
    }

    @Test("a late first byte moves the body and the end, and leaves the head")
    func ttfb() {
        let (delivery, outcome) = apply("ttfb-spike", [JSONMember("delay_ms", 100)], to: abc)
        #expect(outcome == .fired)
        #expect(delivery.head == abc.head)
        #expect(delivery.texts == abc.texts)
        #expect(delivery.milliseconds == [110, 120, 130])
        #expect(delivery.endAt == .milliseconds(130))
    }

    @Test("a stall without end sends nothing more and leaves the connection open")
    func stallForever() {
        let (delivery, outcome) = apply(
            "stalled-stream", [JSONMember("at", 2)], to: Sample.stream("<AB>."))
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks("<A"))
        #expect(delivery.ending == .hang)
        #expect(delivery.endAt == .milliseconds(20))
    }

    @Test("a stall that ends delays what comes after it")
    func stallFor() {
        let stream = Sample.stream("<AB>.")
        let (delivery, outcome) = apply(
            "stalled-stream", [JSONMember("at", 2), JSONMember("stall_ms", 1000)], to: stream)
        #expect(outcome == .fired)
        #expect(delivery.texts == stream.texts)
        #expect(delivery.milliseconds == [10, 20, 1030, 1040, 1050])
        #expect(delivery.ending == .complete)
        #expect(delivery.endAt == .milliseconds(1051))
    }

    @Test("a stall between two events of one chunk cuts the chunk")
    func stallInsideChunk() {
        var stream = Sample.stream("<AB>.")
        stream.body = [Chunk(at: .milliseconds(10), bytes: stream.bodyBytes)]
        let (delivery, _) = apply("stalled-stream", [JSONMember("at", 3)], to: stream)
        #expect(delivery.texts == [chunks("<AB").joined()])
        #expect(drawnRange("stalled-stream", "at", stream) == 1...4)
    }

    @Test("a body in one chunk can only stall before it begins")
    func stallPlain() {
        let one = Sample.plain(["abc"])
        #expect(drawnRange("stalled-stream", "at", one) == 0...0)
        let (delivery, _) = apply("stalled-stream", [JSONMember("at", 0)], to: one)
        #expect(delivery.body.isEmpty)
        #expect(delivery.ending == .hang)
        #expect(delivery.endAt == .milliseconds(5))
        #expect(apply("stalled-stream", [JSONMember("at", 1)], to: one).outcome != .fired)
    }

    @Test("a stall with signs of life sends comments, or the provider's own pings, then nothing")
    func keepAlive() {
        let (delivery, outcome) = apply(
            "keepalive-only-stall",
            [JSONMember("at", 2), JSONMember("period_ms", 100), JSONMember("duration_ms", 250)],
            to: Sample.stream("<AB>."))
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks("<A") + [": keep-alive\n\n", ": keep-alive\n\n"])
        #expect(delivery.milliseconds == [10, 20, 120, 220])
        #expect(delivery.ending == .hang)
        #expect(apply("keepalive-only-stall", [], to: Sample.plain(["{}"])).outcome != .fired)
    }

    @Test("without a status line nothing comes, or the connection is closed in the end")
    func headersTimeout() {
        let (nothing, outcome) = apply("headers-timeout", [], to: Sample.stream("<AB>."))
        #expect(outcome == .fired)
        #expect(nothing.head == nil && nothing.body.isEmpty && nothing.ending == .hang)
        let (closed, _) = apply(
            "headers-timeout", [JSONMember("hang_ms", 1_000)], to: Sample.stream("<AB>."))
        #expect(closed.head == nil && closed.body.isEmpty && closed.ending == .closed)
        #expect(closed.endAt == .milliseconds(1_000))
    }

    @Test("a drip sends single bytes, none before it arrived")
    func drip() {
        let (delivery, outcome) = apply(
            "slow-drip", [JSONMember("bytes_per_second", 250)], to: abc)
        #expect(outcome == .fired)
        #expect(delivery.texts == ["a", "b", "c", "d", "e", "f"])
        #expect(delivery.milliseconds == [10, 14, 20, 24, 30, 34])
        #expect(delivery.endAt == .milliseconds(34))
        #expect(delivery.head == abc.head)
    }

    @Test("a drip has at most 512 chunks")
    func dripBound() {
        let long = Sample.plain([String(repeating: "x", count: 5_000)])
        let (delivery, _) = apply("slow-drip", [JSONMember("bytes_per_second", 1_000)], to: long)
        #expect(delivery.body.count == 500)
        #expect(delivery.body.allSatisfy { $0.bytes.count == 10 })
        #expect(delivery.bodyBytes == long.bodyBytes)
        #expect(delivery.endAt == .milliseconds(5_005))
    }
}
