import Cassette
import Determinism
import Faults
import Testing

@Suite("Semantic faults")
struct SemanticFaultTests {
    static let call =
        #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","#
        + #""type":"function","function":{"name":"refund","arguments":""}}]}}]}"# + "\n\n"
    static let piece =
        #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"#
        + #""function":{"arguments":"{\"id\":7,\"dry_run\":true}"}}]}}]}"# + "\n\n"
    static let finish =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"# + "\n\n"

    var toolStream: Delivery {
        let texts = [Sample.event("<"), Self.call, Self.piece, Self.finish, Sample.event(".")]
        var stream = Sample.stream("<AB>.")
        for (place, text) in texts.enumerated() { stream.body[place].bytes = Array(text.utf8) }
        return stream
    }

    @Test("a stream that reached its length keeps so many pieces and says length")
    func finishLengthStream() {
        let recorded = Sample.stream("<ABC>.")
        let (delivery, outcome) = apply("finish-length", [JSONMember("at", 2)], to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.texts.count == 5)
        #expect(Array(delivery.texts[..<3]) == chunks("<AB"))
        #expect(delivery.texts[3].contains(#""finish_reason":"length""#))
        #expect(delivery.texts[4] == Sample.event("."))
        #expect(delivery.milliseconds == [10, 20, 30, 50, 60])
        #expect(delivery.endAt == recorded.endAt)
        #expect(drawnRange("finish-length", "at", recorded) == 1...2)
    }

    @Test("a document that reached its length keeps so many characters and says length")
    func finishLengthDocument() {
        let recorded = Sample.answer("héllo")
        let (delivery, outcome) = apply("finish-length", [JSONMember("at", 2)], to: recorded)
        #expect(outcome == .fired)
        #expect(
            delivery.text == #"{"choices":[{"index":0,"message":{"role":"assistant","#
                + #""content":"hé"},"finish_reason":"length"}]}"#)
        #expect(delivery.head?.framing == .length(delivery.bodyBytes.count))
        #expect(drawnRange("finish-length", "at", recorded) == 1...4)
    }

    @Test("an empty stream keeps its frame and says nothing")
    func emptyStream() {
        let (delivery, outcome) = apply("empty-content", to: Sample.stream("<ABC>."))
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks("<>."))
        #expect(delivery.milliseconds == [10, 50, 60])
    }

    @Test("an empty document has an empty text and a normal finish")
    func emptyDocument() {
        let (delivery, outcome) = apply("empty-content", to: Sample.answer("hello"))
        #expect(outcome == .fired)
        #expect(
            delivery.text == #"{"choices":[{"index":0,"message":{"role":"assistant","#
                + #""content":""},"finish_reason":"stop"}]}"#)
    }

    @Test("arguments stop after a whole member while the stream finishes as if whole")
    func truncatedArguments() {
        let (delivery, outcome) = apply(
            "tool-args-truncated-valid-prefix", [JSONMember("members", 1)], to: toolStream)
        #expect(outcome == .fired)
        #expect(delivery.texts.count == 5)
        #expect(delivery.texts[2].contains(#""arguments":"{\"id\":7"}"#))
        #expect(delivery.texts[1] == Self.call)
        #expect(Array(delivery.texts[3...]) == [Self.finish, Sample.event(".")])
        #expect(delivery.milliseconds == [10, 20, 30, 40, 50])
        #expect(drawnRange("tool-args-truncated-valid-prefix", "members", toolStream) == 1...1)
    }

    @Test(
        "what is no answer of a model, or has no content, is left alone",
        arguments: ["finish-length", "empty-content", "tool-args-truncated-valid-prefix"])
    func inapplicable(id: String) {
        let given = [JSONMember("at", 0), JSONMember("members", 0)]
        for delivery in [
            Sample.plain([]), Sample.plain(["not json"]), Sample.plain(["[1]"]),
            Sample.stream("<>."), Sample.stream(""), Delivery(head: nil, ending: .hang),
        ] where !(id == "finish-length" && delivery == Sample.stream("<>.")) {
            let (after, outcome) = apply(id, given, to: delivery)
            #expect(outcome != .fired)
            #expect(after == delivery)
        }
        let (_, outcome) = apply(id, given, to: Sample.stream("<A>."), in: Sample.tool())
        #expect(outcome == .inapplicable("the answer speaks no known protocol of a model"))
    }
}
