import Cassette
import Determinism
import Faults
import Testing

@Suite("Frames of HTTP/2 that break an answer off")
struct HTTP2FaultTests {
    private static let id = "h2-goaway"
    private let abc = Sample.plain(["ab", "cd", "ef"])

    private static func parameters(
        _ variant: String, at: Int64 = 3, code: String = "usual"
    ) -> [JSONMember] {
        [
            JSONMember("variant", .string(variant)), JSONMember("code", .string(code)),
            JSONMember("at_bytes", .int(at)),
        ]
    }

    @Test(
        "in the middle keep the head and so many bytes",
        arguments: [
            ("goaway", BreakingFrame.goAway(.noError, namesStream: true)),
            ("rst-stream", .resetStream(.internalError)),
        ])
    func middle(_ variant: String, _ frame: BreakingFrame) {
        let (delivery, outcome) = apply(Self.id, Self.parameters(variant), to: abc)
        #expect(outcome == .fired)
        #expect(delivery.head == abc.head)
        #expect(delivery.texts == ["ab", "c"])
        #expect(delivery.endAt == .milliseconds(20))
        #expect(delivery.breakingFrame == frame)
        #expect(delivery.ending == frame.ending)
        let head = apply(Self.id, Self.parameters(variant, at: 0), to: abc).delivery
        #expect(head.head == abc.head && head.body.isEmpty)
        #expect(head.endAt == .milliseconds(5))
    }

    @Test(
        "in place of an answer leave nothing of it, however long it was",
        arguments: [
            ("goaway-below", BreakingFrame.goAway(.noError, namesStream: false)),
            ("rst-stream-unanswered", .resetStream(.refusedStream)),
        ])
    func inPlace(_ variant: String, _ frame: BreakingFrame) {
        for answer in [abc, Sample.plain([])] {
            let (delivery, outcome) = apply(Self.id, Self.parameters(variant), to: answer)
            #expect(outcome == .fired)
            #expect(delivery.head == nil && delivery.body.isEmpty)
            #expect(delivery.endAt == .milliseconds(5))
            #expect(delivery.breakingFrame == frame)
        }
        let kind = FaultCatalogue.named(Self.id)
        let given = FaultParameters(Self.parameters(variant))
        #expect(kind?.replacesAnswer(with: given) == true)
        #expect(kind?.replacesAnswer(with: FaultParameters(Self.parameters("goaway"))) == false)
    }

    @Test("carry the code that is asked for", arguments: HTTP2Code.allCases)
    func codes(_ code: HTTP2Code) {
        let given = Self.parameters("rst-stream", code: code.rawValue)
        #expect(
            apply(Self.id, given, to: abc).delivery.breakingFrame == .resetStream(code))
        let away = Self.parameters("goaway-below", code: code.rawValue)
        #expect(
            apply(Self.id, away, to: abc).delivery.breakingFrame
                == .goAway(code, namesStream: false))
    }

    @Test("have the numbers of the standard")
    func numbers() {
        #expect(HTTP2Code.allCases.map(\.number) == [0, 1, 2, 7, 8, 11])
    }

    @Test("are drawn inside the body, and do not lie outside of it", arguments: [-1, 6, Int64.max])
    func places(_ at: Int64) {
        let (delivery, outcome) = apply(Self.id, Self.parameters("goaway", at: at), to: abc)
        #expect(
            outcome == .inapplicable("at_bytes \(at) does not lie inside the body of 6 bytes"))
        #expect(delivery == abc)
        #expect(drawnRange(Self.id, "at_bytes", abc) == 0...5)
        #expect(drawnRange(Self.id, "at_bytes", Sample.plain([])) == 0...0)
        #expect(drawnRange(Self.id, "at_bytes", Delivery(head: nil, ending: .reset)) == nil)
    }

    @Test("need HTTP/2, and an answer")
    func refused() {
        let context = FaultContext(
            interaction: Sample.model.interaction, upstream: Sample.model.upstream,
            wire: Sample.model.wire, http2Refusal: "it speaks HTTP/1.1")
        let (delivery, outcome) = apply(
            Self.id, Self.parameters("goaway"), to: abc, in: context)
        #expect(outcome == .inapplicable("it speaks HTTP/1.1"))
        #expect(delivery == abc)
        let none = Delivery(head: nil, ending: .reset)
        #expect(
            apply(Self.id, Self.parameters("goaway"), to: none).outcome
                == .inapplicable("there is no answer that could be broken off"))
    }
}
