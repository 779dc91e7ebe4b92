import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Answers that are not what their status says")
struct StatusDisguiseTests {
    let recorded = Sample.stream("<AB>.")

    @Test("pages in HTML with success", arguments: ["html-200", "captive-portal"])
    func pages(id: String) {
        let (delivery, outcome) = apply(id, to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 200)
        #expect(delivery.head?.headers.first("content-type") == "text/html; charset=UTF-8")
        #expect(delivery.text.hasPrefix("<!doctype html>\n"))
        #expect(delivery.head?.framing == .length(delivery.bodyBytes.count))
    }

    @Test("no body, with or without a length")
    func empty() {
        let (zero, _) = apply("empty-body-200", to: recorded)
        #expect(zero.head?.status == 200)
        #expect(zero.head?.framing == .length(0))
        #expect(zero.body.isEmpty)
        let (none, _) = apply(
            "empty-body-200", [JSONMember("variant", "204")], to: recorded)
        #expect(none.head?.status == 204)
        #expect(none.head?.framing == BodyFraming.none)
        #expect(none.head?.headers == [])
        #expect(none.body.isEmpty)
    }

    @Test("the document of an error with success")
    func errorBody() {
        let context = StatusRateLimitTests.model(OpenRouter())
        let (delivery, outcome) = apply(
            "error-body-200", [JSONMember("type", "payment")], to: recorded, in: context)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 200)
        #expect(
            delivery.text == #"{"error":{"message":"Insufficient credits. Add more using "#
                + #"https://openrouter.ai/settings/credits","code":402}}"#)
        #expect(
            apply("error-body-200", [JSONMember("type", "payment")], to: recorded).outcome
                == .inapplicable("openai-chat has no error payment"))
    }

    @Test(
        "error pages of the network",
        arguments: [
            ("cloudflare", "502", "502: Bad gateway"), ("cloudflare", "524", "524: A timeout"),
            ("cloudflare", "403", "Just a moment..."), ("nginx", "502", "502 Bad Gateway"),
            ("nginx", "504", "504 Gateway Time-out"), ("nginx", "403", "403 Forbidden"),
        ])
    func network(variant: String, code: String, title: String) {
        let (delivery, outcome) = apply(
            "cdn-html-error",
            [JSONMember("variant", .string(variant)), JSONMember("code", .string(code))],
            to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.head.map { String($0.status) } == code)
        #expect(delivery.text.contains("<center><h1>\(title)"))
        #expect(delivery.text.contains("<center>\(variant)</center>"))
        #expect(delivery.head?.headers.first("server") == variant)
        #expect(delivery.head?.headers.contains("cf-ray") == (variant == "cloudflare"))
    }

    @Test("nginx has no page for what only Cloudflare says")
    func nginx() {
        let (delivery, outcome) = apply(
            "cdn-html-error", [JSONMember("variant", "nginx"), JSONMember("code", "520")],
            to: recorded)
        #expect(outcome == .inapplicable("nginx answers no 520"))
        #expect(delivery == recorded)
    }
}
