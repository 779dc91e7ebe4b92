import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults that kill the agent")
struct CrashFaultTests {
    private static let stream = Sample.stream("<abcd>.")
    private static let calling = Sample.plain([
        #"{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c","type":"#
            + #""function","function":{"name":"f","arguments":"{}"}}]},"#
            + #""finish_reason":"tool_calls"}]}"#
    ])

    private static func variant(_ name: String) -> [JSONMember] {
        [JSONMember("variant", .string(name)), JSONMember("down_ms", 7)]
    }

    @Test("nothing, half or all of the answer is sent before")
    func checkpoint() {
        let unanswered = apply(
            "checkpoint-restore", Self.variant("unanswered"), to: Self.stream)
        #expect(unanswered.outcome == .fired)
        #expect(unanswered.delivery.head == nil && unanswered.delivery.body.isEmpty)
        #expect(unanswered.delivery.ending == .killed)
        #expect(unanswered.delivery.endAt == .milliseconds(5))
        let half = apply("checkpoint-restore", Self.variant("in-answer"), to: Self.stream)
        #expect(half.delivery.body == Array(Self.stream.body.prefix(4)))
        #expect(half.delivery.ending == .killed)
        var whole = apply("checkpoint-restore", Self.variant("answered"), to: Self.stream)
        for delivery in [unanswered.delivery, half.delivery, whole.delivery] {
            #expect(delivery.crash == Crash(down: .milliseconds(7)))
        }
        whole.delivery.crash = nil
        #expect(whole.delivery == Self.stream)
    }

    @Test("between a call and its result the tool was asked or was not")
    func orphan() {
        let id = "orphan-tool-result"
        let missing = apply(id, Self.variant("missing-tool-result"), to: Self.calling)
        #expect(missing.delivery.crash == Crash(down: .milliseconds(7)))
        let orphan = apply(id, Self.variant("orphan-tool-result"), to: Self.calling)
        #expect(orphan.delivery.crash == Crash(down: .milliseconds(7), carriesOut: true))
        #expect(orphan.delivery.bodyBytes == Self.calling.bodyBytes)
        for answer in [Sample.answer("x"), Self.stream] {
            #expect(apply(id, to: answer).outcome == .inapplicable("the answer calls no tool"))
        }
    }

    @Test("an answer kills once, and only what can be started again")
    func refused() {
        let once = apply("checkpoint-restore", to: Self.calling).delivery
        for id in ["checkpoint-restore", "orphan-tool-result"] {
            #expect(
                apply(id, to: once).outcome
                    == .inapplicable("the agent is killed there already"))
            let context = FaultContext(
                interaction: Sample.model.interaction, upstream: Sample.model.upstream,
                wire: Sample.model.wire, restartRefusal: "it is no program")
            let refused = apply(id, to: Self.calling, in: context)
            #expect(refused.outcome == .inapplicable("it is no program"))
            #expect(refused.delivery == Self.calling)
        }
    }
}
