import Cassette
import Determinism
import Faults
import Testing

@Suite("Transport faults of the length")
struct TransportLengthTests {
    let abc = Sample.plain(["ab", "cd", "ef"])

    @Test("a graceful close is a whole answer that is not", arguments: [1, 3, 5] as [Int64])
    func graceful(at: Int64) {
        for framing in [BodyFraming.length(6), .chunked, .untilClose] {
            let plain = Sample.plain(["ab", "cd", "ef"], framing: framing)
            let (delivery, outcome) = apply(
                "graceful-early-close", [JSONMember("at_bytes", .int(at))], to: plain)
            #expect(outcome == .fired)
            #expect(delivery.text == String("abcdef".prefix(Int(at))))
            #expect(delivery.ending == .complete)
            let kept = framing == .length(6) ? BodyFraming.length(Int(at)) : framing
            #expect(delivery.head?.framing == kept)
        }
    }

    @Test(
        "a graceful close lies inside of the body", arguments: [0, 6, -1, Int64.max, Int64.min])
    func gracefulBounds(at: Int64) {
        let (delivery, outcome) = apply(
            "graceful-early-close", [JSONMember("at_bytes", .int(at))], to: abc)
        #expect(
            outcome == .inapplicable("at_bytes \(at) does not lie inside the body of 6 bytes"))
        #expect(delivery == abc)
        #expect(drawnRange("graceful-early-close", "at_bytes", abc) == 1...5)
    }

    @Test("more is announced than comes, then a close or silence")
    func tooLong() {
        for (variant, ending) in [("closed", DeliveryEnding.closed), ("open", .hang)] {
            for framing in [BodyFraming.length(6), .chunked, .untilClose] {
                let (delivery, outcome) = apply(
                    "content-length-too-long",
                    [JSONMember("variant", .string(variant)), JSONMember("delta_bytes", 4)],
                    to: Sample.plain(["ab", "cd", "ef"], framing: framing))
                #expect(outcome == .fired)
                #expect(delivery.head?.framing == .length(10))
                #expect(delivery.body == abc.body)
                #expect(delivery.ending == ending)
            }
        }
    }

    @Test("less is announced than comes")
    func tooShort() {
        let (delivery, outcome) = apply(
            "content-length-too-short", [JSONMember("delta_bytes", 2)], to: abc)
        #expect(outcome == .fired)
        #expect(delivery.head?.framing == .length(4))
        #expect(delivery.body == abc.body)
        #expect(delivery.ending == .closed)
        #expect(drawnRange("content-length-too-short", "delta_bytes", abc) == 1...5)
        #expect(
            drawnRange("content-length-too-short", "delta_bytes", Sample.plain(["a"])) == nil)
    }

    @Test("lengths have bounds", arguments: [0, -1, Int64.max, Int64.min])
    func bounds(delta: Int64) {
        for id in ["content-length-too-long", "content-length-too-short"] {
            let (delivery, outcome) = apply(
                id, [JSONMember("delta_bytes", .int(delta))], to: abc)
            #expect(outcome != .fired)
            #expect(delivery == abc)
        }
        let most = [JSONMember("delta_bytes", .int(1 << 40))]
        #expect(apply("content-length-too-long", most, to: abc).outcome == .fired)
        #expect(
            apply("content-length-too-short", [JSONMember("delta_bytes", 6)], to: abc).outcome
                == .inapplicable("delta_bytes 6 of a body of 6 bytes"))
    }

    @Test("an answer without a body has no length to lie about")
    func noBody() {
        for id in ["content-length-too-long", "content-length-too-short"] {
            let given = [JSONMember("delta_bytes", 1)]
            #expect(
                apply(id, given, to: Sample.plain([])).outcome
                    == .inapplicable("the answer has no body whose length could be announced"))
        }
    }
}
