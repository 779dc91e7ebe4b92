import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults that answer with a status")
struct StatusFaultTests {
    let recorded = Sample.stream("<AB>.")

    @Test("a model answers in the words of its provider, when the recorded answer began")
    func modelErrors() {
        let rows: [(String, [JSONMember], ProviderError, Int, Int64?)] = [
            ("rate-limit-429", [], .rateLimit, 429, 1_000),
            ("rate-limit-429", [JSONMember("retry_after_ms", 1)], .rateLimit, 429, 1),
            ("server-error", [], .server, 500, nil),
            ("server-error", [JSONMember("code", 502)], .badGateway, 502, nil),
            ("server-error", [JSONMember("code", 503)], .unavailable, 503, nil),
            ("server-error", [JSONMember("code", 504)], .server, 504, nil),
            ("overloaded-529", [], .overloaded, 529, nil),
        ]
        for (id, given, error, status, retry) in rows {
            let (delivery, outcome) = apply(id, given, to: recorded)
            let answer = Sample.wire.errorAnswer(
                error, status: status,
                facts: ErrorFacts(model: "m", retryAfterMilliseconds: retry))
            #expect(outcome == .fired)
            #expect(delivery.head?.status == status)
            #expect(delivery.head?.headers == answer.headers)
            #expect(delivery.head?.at == .milliseconds(5))
            #expect(delivery.head?.framing == .length(answer.body.count))
            #expect(delivery.bodyBytes == answer.body)
            #expect(delivery.ending == .complete)
            #expect(delivery.endAt == .milliseconds(5))
        }
    }

    @Test("a tool answers in plain JSON, with the delay in its headers")
    func toolRateLimit() {
        let (delivery, outcome) = apply(
            "rate-limit-429", [JSONMember("retry_after_ms", 1_500)], to: Sample.plain(["{}"]),
            in: Sample.tool())
        #expect(outcome == .fired)
        #expect(
            delivery.text == #"{"error":{"code":"rate_limited","#
                + #""message":"Too many requests. Please try again later."}}"#)
        #expect(delivery.head?.headers.first("retry-after-ms") == "1500")
        #expect(delivery.head?.headers.first("retry-after") == "2")
        #expect(delivery.head?.headers.first("content-type") == "application/json")
    }

    @Test("the answer to a HEAD request announces a body and has none")
    func head() {
        let (delivery, _) = apply(
            "server-error", to: Sample.plain([]), in: Sample.tool(method: "HEAD"))
        let (full, _) = apply("server-error", to: Sample.plain([]), in: Sample.tool())
        #expect(delivery.body.isEmpty)
        #expect(delivery.head == full.head)
        #expect(full.head?.framing == .length(full.bodyBytes.count))
    }

    @Test("an error where nothing was recorded comes when the connection ended")
    func withoutHead() {
        let lost = Delivery(head: nil, ending: .reset, endAt: .milliseconds(7))
        let (delivery, outcome) = apply("server-error", to: lost)
        #expect(outcome == .fired)
        #expect(delivery.head?.at == .milliseconds(7))
        #expect(delivery.ending == .complete)
    }

    @Test("the same error twice is no fault")
    func same() {
        let (once, _) = apply("server-error", to: recorded)
        let (twice, outcome) = apply("server-error", to: once)
        #expect(twice == once)
        #expect(outcome != .fired)
    }
}
