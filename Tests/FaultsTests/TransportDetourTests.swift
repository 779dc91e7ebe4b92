import Cassette
import Determinism
import Faults
import Testing

@Suite("Transport faults on the way")
struct TransportDetourTests {
    let recorded = Sample.stream("<AB>.")

    @Test("a proxy asks who asks")
    func proxy() {
        let (delivery, outcome) = apply("proxy-407", to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 407)
        #expect(delivery.head?.headers.first("proxy-authenticate") == #"Basic realm="proxy""#)
    }

    @Test("a redirect names another host with the same target, or what it is given")
    func redirect() {
        let (delivery, outcome) = apply("redirect-30x", to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 307)
        #expect(
            delivery.head?.headers == [
                HeaderField("location", "https://elsewhere.invalid/v1/chat/completions")
            ])
        #expect(delivery.body.isEmpty)
        let (given, _) = apply(
            "redirect-30x", [JSONMember("code", "302"), JSONMember("location", "/there")],
            to: recorded)
        #expect(given.head?.status == 302)
        #expect(given.head?.headers.first("location") == "/there")
    }

    @Test("a stale connection is reset like any other")
    func stale() {
        let (delivery, outcome) = apply("conn-reset-before-request", to: recorded)
        #expect(outcome == .fired)
        #expect(delivery == Delivery(head: nil, ending: .reset))
    }

    private func flap(
        call: Int, fail: Int64, succeed: Int64, variant: String = "reset"
    ) -> (delivery: Delivery, outcome: FaultOutcome) {
        var interaction = Sample.model.interaction
        interaction.ordinal = call
        return apply(
            "network-partition-flap",
            [
                JSONMember("fail_calls", .int(fail)), JSONMember("succeed_calls", .int(succeed)),
                JSONMember("variant", .string(variant)),
            ], to: recorded,
            in: FaultContext(
                interaction: interaction, upstream: Sample.model.upstream, wire: Sample.wire))
    }

    @Test("a flapping network fails for some calls and works for some, in turn")
    func flapping() {
        let failed = (1...10).filter { flap(call: $0, fail: 2, succeed: 3).outcome == .fired }
        #expect(failed == [1, 2, 6, 7])
        #expect(
            flap(call: 3, fail: 2, succeed: 3).outcome
                == .inapplicable("the network works for call 3 of the cassette"))
        #expect(flap(call: 1, fail: 2, succeed: 3).delivery.ending == .reset)
        let silent = flap(call: 1, fail: 2, succeed: 3, variant: "silent").delivery
        #expect(silent == Delivery(head: nil, ending: .hang))
    }

    @Test("a flapping network has bounds", arguments: [0, -1, 1_000_001, Int64.max, Int64.min])
    func flapBounds(count: Int64) {
        #expect(flap(call: 1, fail: count, succeed: 1).outcome != .fired)
        #expect(flap(call: 1, fail: 1, succeed: count).outcome != .fired)
        #expect(flap(call: 1, fail: 1_000_000, succeed: 1_000_000).outcome == .fired)
    }
}
