import Cassette
import Determinism
import Faults
import Testing

@Suite("Tool faults")
struct ToolFaultTests {
    let order = Sample.plain([#"{"id":7,"#, #""name":"Zoë"}"#])

    @Test("an error of a tool is plain JSON with the given status and message")
    func error() {
        let (delivery, outcome) = apply(
            "tool-error", [JSONMember("code", 404), JSONMember("message", "No such order.")],
            to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 404)
        #expect(delivery.text == #"{"error":{"code":"tool_error","message":"No such order."}}"#)
        #expect(apply("tool-error", to: order, in: Sample.tool()).delivery.head?.status == 500)
    }

    @Test("a tool that times out sends nothing and keeps the connection")
    func timeout() {
        let (delivery, outcome) = apply("tool-timeout", to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery == Delivery(head: nil, ending: .hang))
    }

    @Test("a lost response resets the connection when the answer was due")
    func lostResponse() {
        let (delivery, outcome) = apply(
            "lost-response-after-commit", to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery == Delivery(head: nil, ending: .reset, endAt: .milliseconds(5)))
    }

    @Test("a stale tool repeats its earlier answer of the same route")
    func stale() {
        let earlier = Sample.earlier(#"{"id":7,"name":"Zoe"}"#)
        let (delivery, outcome) = apply(
            "tool-stale", to: order, in: Sample.tool(earlier: earlier))
        #expect(outcome == .fired)
        #expect(delivery == Delivery(earlier))
    }

    @Test(
        "there is no stale answer without an earlier, whole, different one",
        arguments: [
            (nil, "no earlier answer of this route was recorded"),
            (
                Sample.earlier("{}", method: "POST"),
                "no earlier answer of this route was recorded"
            ),
            (
                Sample.earlier("{}", ending: .truncated),
                "no earlier answer of this route was recorded"
            ),
            (
                Sample.earlier(#"{"id":7,"name":"Zoë"}"#),
                "the earlier answer of this route says the same"
            ),
        ] as [(Interaction?, String)])
    func notStale(earlier: Interaction?, reason: String) {
        let (delivery, outcome) = apply(
            "tool-stale", to: order, in: Sample.tool(earlier: earlier))
        #expect(outcome == .inapplicable(reason))
        #expect(delivery == order)
    }

    @Test(
        "each damage changes exactly these bytes",
        arguments: [
            ("bit-flip", 1, #"{"hd":7,"name":"Zoë"}"#),
            ("bit-flip", 5, #"{"id":6,"name":"Zoë"}"#),
            ("bit-flip", 20, #"{"hd":7,"name":"Zoë"}"#),
            ("mojibake", 1, #"{"id":7,"name":"ZoÃ«"}"#),
            ("mojibake", 21, #"{"id":7,"name":"ZoÃ«"}"#),
            ("swapped-quotes", 2, #"{"id':7,"name":"Zoë"}"#),
            ("truncated-json", 9, #"{"id":7,""#),
        ] as [(String, Int64, String)])
    func corrupt(variant: String, at: Int64, text: String) {
        let (delivery, outcome) = apply(
            "tool-corrupt",
            [JSONMember("variant", .string(variant)), JSONMember("at_bytes", .int(at))],
            to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery.text == text)
        #expect(delivery.head?.framing == .length(text.utf8.count))
        #expect(delivery.milliseconds == [20])
    }

    @Test(
        "a result that offers nothing to damage is left alone",
        arguments: [
            ("mojibake", "abc", "the result holds no character beyond ASCII"),
            ("swapped-quotes", "abc", "the result holds no double quote"),
            ("bit-flip", "{}", "the result holds no letter or digit"),
            ("truncated-json", "abc", "the result is not JSON, so it cannot be truncated JSON"),
        ])
    func notCorrupt(variant: String, body: String, reason: String) {
        let (_, outcome) = apply(
            "tool-corrupt",
            [JSONMember("variant", .string(variant)), JSONMember("at_bytes", 1)],
            to: Sample.plain([body]), in: Sample.tool())
        #expect(outcome == .inapplicable(reason))
    }
}
