import Cassette
import Determinism
import Faults
import Testing

@Suite("Composition of faults")
struct CompositionTests {
    static func plan(_ faults: [(String, [JSONMember])]) -> [PlannedFault] {
        faults.map { id, given in
            let all = FaultCatalogue.named(id).map { parameters(of: $0, given) }
            return PlannedFault(
                fault: id,
                anchor: Anchor(
                    fingerprint: Fingerprint(Digest(hashing: [])), take: 1, attempt: 1,
                    upstream: "llm", call: 1),
                parameters: all ?? FaultParameters(given))
        }
    }

    static func fates(
        _ recorded: Delivery, _ faults: [(String, [JSONMember])],
        in context: FaultContext = Sample.model
    ) -> (delivery: Delivery, fates: [FaultFate]) {
        let (delivery, fates) = Composer.compose(
            recorded, planned: plan(faults), context: context)
        return (delivery, fates.map(\.fate))
    }

    let recorded = Sample.stream("<ABC>.")

    @Test("without faults the delivery is the recorded one")
    func nothing() {
        let (delivery, fates) = Self.fates(recorded, [])
        #expect(delivery == recorded)
        #expect(fates.isEmpty)
    }

    @Test("faults apply by layer, whatever the order of the plan; fates keep the plan's order")
    func layers() {
        let drop = ("drop-chunk", [JSONMember("at", 1)])
        let merge = ("chunk-merge", [JSONMember("group_n", 100)])
        let spike = ("ttfb-spike", [JSONMember("delay_ms", 1_000)])
        let (one, oneFates) = Self.fates(recorded, [spike, merge, drop])
        let (other, otherFates) = Self.fates(recorded, [drop, merge, spike])
        #expect(one == other)
        #expect(oneFates == [.fired, .fired, .fired] && otherFates == oneFates)
        #expect(one.texts == [chunks("<BC>.").joined()])
        #expect(one.milliseconds == [1_060])
    }

    @Test("within a layer the order of the plan decides")
    func planOrder() {
        let drop = ("drop-chunk", [JSONMember("at", 1)])
        let swap = ("reorder-chunks", [JSONMember("first", 1)])
        #expect(Self.fates(recorded, [drop, swap]).delivery.texts == chunks("<CB>."))
        #expect(Self.fates(recorded, [swap, drop]).delivery.texts == chunks("<AC>."))
    }

    @Test("the first replacing fault in plan order wins, across layers; others are masked")
    func replacing() {
        let (delivery, fates) = Self.fates(
            recorded, [("rate-limit-429", []), ("conn-reset-after-request", [])])
        #expect(delivery.head?.status == 429)
        #expect(fates == [.fired, .masked(by: "rate-limit-429")])
        let (lost, others) = Self.fates(
            recorded, [("conn-reset-after-request", []), ("rate-limit-429", [])])
        #expect(lost.head == nil)
        #expect(others == [.fired, .masked(by: "conn-reset-after-request")])
    }

    @Test("a replacing fault that cannot apply leaves the place to the next")
    func replacingInapplicable() {
        let (delivery, fates) = Self.fates(
            Sample.plain(["{}"]), [("tool-stale", []), ("tool-error", [])], in: Sample.tool())
        #expect(delivery.head?.status == 500)
        #expect(
            fates == [.inapplicable("no earlier answer of this route was recorded"), .fired])
    }

    @Test("a replaced answer is only edited in time")
    func maskedEdits() {
        let (delivery, fates) = Self.fates(
            recorded,
            [
                ("drop-chunk", [JSONMember("at", 1)]), ("finish-length", [JSONMember("at", 1)]),
                ("conn-reset-mid-body", [JSONMember("at_bytes", 3)]),
                ("ttfb-spike", [JSONMember("delay_ms", 10)]), ("server-error", []),
            ])
        let masked = FaultFate.masked(by: "server-error")
        #expect(fates == [masked, masked, masked, .fired, .fired])
        #expect(delivery.head?.at == .milliseconds(5))
        #expect(delivery.milliseconds == [15])
        #expect(delivery.ending == .complete)
    }

    @Test("timing does not apply to an answer that is never sent")
    func timingOfNothing() {
        let (_, fates) = Self.fates(
            Sample.plain(["{}"]), [("tool-timeout", []), ("slow-drip", [])], in: Sample.tool())
        #expect(
            fates == [.fired, .inapplicable("the answer has no body that could trickle")])
    }

    @Test("a cut counts the bytes that are sent in the end")
    func cutAfterEdit() {
        let whole = chunks("<BC>.").joined()
        let (delivery, fates) = Self.fates(
            recorded,
            [
                ("conn-reset-mid-body", [JSONMember("at_bytes", 150)]),
                ("drop-chunk", [JSONMember("at", 1)]),
            ])
        #expect(fates == [.fired, .fired])
        #expect(delivery.text == String(whole.prefix(150)))
        #expect(delivery.ending == .reset)
    }

    @Test("an earlier edit can leave a later one nothing to do")
    func outOfRange() {
        let (_, fates) = Self.fates(
            Sample.stream("<AB>."),
            [("drop-chunk", [JSONMember("at", 1)]), ("drop-chunk", [JSONMember("at", 2)])])
        #expect(
            fates == [
                .fired, .inapplicable("the stream has 1 content events; there is no number 2"),
            ])
    }

    @Test("a fault that is unknown or aimed elsewhere says so")
    func notMeant() {
        let (delivery, fates) = Self.fates(recorded, [("tool-timeout", []), ("no-such", [])])
        #expect(delivery == recorded)
        #expect(
            fates == [
                .inapplicable("it is aimed at a tool, and llm is a model"),
                .inapplicable("no fault is called no-such"),
            ])
    }
}
