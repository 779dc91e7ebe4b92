import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of tools, one by one")
struct ToolTableTests {
    static let rows = [
        ResultRow(
            "tool-error-as-200", "error", #"{"a":1}"#,
            #"{"error":{"code":"operation_failed","message":"The operation could not be "#
                + #"completed."}}"#),
        ResultRow(
            "tool-error-as-200", "success-false", "a",
            #"{"success":false,"message":"The operation could not be completed."}"#),
        ResultRow(
            "tool-html-instead-of-json", "gateway", #"{"a":1}"#,
            "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
                + "<body><h1>502 Bad Gateway</h1><p>The server returned an invalid response.</p>"
                + "</body></html>\n"),
        ResultRow("tool-unicode-noise", "nul", "ab", "ab\u{0}"),
        ResultRow("tool-unicode-noise", "bidi", "ab", "\u{202E}ab\u{202C}"),
        ResultRow("tool-unicode-noise", "zero-width", "ab", "a\u{200B}\u{200D}b"),
        ResultRow("tool-unicode-noise", "ansi", "ab", "\u{1B}[2J\u{1B}]0;owned\u{07}ab\u{1B}[8m"),
        ResultRow("tool-unicode-noise", "homoglyph", #"{"n":"cat"}"#, #"{"n":"саt"}"#),
        ResultRow("tool-unicode-noise", "homoglyph", #"{ "n": "bdf" }"#, noChange),
        ResultRow(
            "tool-unicode-noise", "nul", #"{"n":""}"#,
            "inapplicable: the result has 0 values that are a text"),
        ResultRow(
            "tool-pii", "card", #"{"a":1}"#,
            #"{"a":1,"debug_info":"card 4242 4242 4242 4242, CNRY-STORM"}"#),
        ResultRow("tool-pii", "email", "a", "a\ncnry-storm@canary.invalid"),
        ResultRow("tool-pii", "ssn", "a", "a\nssn 078-05-1120, CNRY-STORM"),
        ResultRow(
            "tool-pii", "secret", "a",
            "a\napi_key=CNRY-STORM-0123456789abcdef0123456789abcdef"),
        ResultRow("tool-pii", "card", "[1]", ContextFaultTests.noPlace),
        ResultRow("tool-oversize", [JSONMember("bytes", 10)], "abc", "abcabcabcabc"),
        ResultRow("tool-oversize", [JSONMember("bytes", 9)], "[1,2]", "[1,2,1,2,1,2,1,2]"),
        ResultRow(
            "tool-oversize", [JSONMember("bytes", 8)], #"{"a":1}"#,
            #"{"a":1,"details":"0123456789abcdef"}"#),
        ResultRow(
            "tool-oversize", [JSONMember("bytes", 3)], "abc",
            "inapplicable: the result of the tool is empty, or as long already"),
        ResultRow("tool-plausible-wrong", "sign", "[-4]", "[4]"),
        ResultRow("tool-plausible-wrong", "nudge", "[1.5e9]", "[1.6e9]"),
        ResultRow("tool-plausible-wrong", "nudge", "[9]", "[8]"),
        ResultRow("tool-plausible-wrong", "transposition", "[12e13]", "[21e13]"),
        ResultRow("tool-plausible-wrong", "transposition", "[1e13]", unfit("transposition")),
        ResultRow("tool-plausible-wrong", "sign", "[0]", unfit("sign")),
        ResultRow("tool-plausible-wrong", "sign", "[-0.00]", unfit("sign")),
        ResultRow("tool-plausible-wrong", "times-ten", "[0.0]", unfit("times-ten")),
        ResultRow("tool-plausible-wrong", "times-ten", "[-0]", unfit("times-ten")),
        ResultRow("tool-plausible-wrong", "times-ten", "[0e5]", unfit("times-ten")),
        ResultRow("tool-plausible-wrong", "times-ten", "[0.05]", "[0.5]"),
        ResultRow("tool-plausible-wrong", "date-shift", #"["a"]"#, noNumber),
        ResultRow(
            "tool-schema-rename", "enum-change", #"{"a":1}"#,
            "inapplicable: enum-change does not go with this value"),
        ResultRow("tool-schema-rename", "null-for-value", #"{"a":[{"b":2}]}"#, #"{"a":null}"#),
        ResultRow("tool-wrong-entity", [], #"{"a":[{"id":1},{"ID":"x"}]}"#, neighbours),
        ResultRow("tool-wrong-entity", [], "[1]", "inapplicable: the result holds no identifier"),
        ResultRow("tool-empty", "inner", #"{"a":[[1],[2]],"b":{"c":[3]}}"#, emptied),
        ResultRow("tool-empty", "inner", #"{"a":1}"#, "{}"),
        ResultRow("tool-empty", "text", "a", ""), ResultRow("tool-empty", "null", "a", "null"),
        ResultRow("tool-empty", "array", " [ ] ", noChange),
        ResultRow("tool-empty", "object", "{\n}", noChange),
        ResultRow("tool-empty", "inner", "{ }", noChange),
        ResultRow("tool-partial", [], "[ ]", "inapplicable: the result of the tool has no list"),
        ResultRow(
            "tool-pagination-repeat", "cursor-empty-string", #"{ "next": "" }"#, noChange),
        ResultRow(
            "tool-pagination-repeat", "repeat", "{}", "inapplicable: the result has no cursor"),
    ]

    private static let neighbours = #"{"a":[{"id":2},{"ID":"y"}]}"#
    private static let emptied = #"{"a":[],"b":{"c":[]}}"#
    private static let noNumber = "inapplicable: the result has 0 values that are a number or date"

    private static func unfit(_ variant: String) -> String {
        "inapplicable: \(variant) does not go with this value"
    }

    @Test("a result becomes exactly this", arguments: rows)
    func results(row: ResultRow) {
        let said = ToolResultFaultTests.said(row.id, row.given, row.body)
        #expect(said.unicodeScalars.elementsEqual(row.expected.unicodeScalars), "\(said)")
    }

    @Test("a word that is no variant changes nothing")
    func unknownVariants() {
        for id in ["tool-plausible-wrong", "tool-nan-inf", "tool-unicode-noise", "tool-corrupt"] {
            let given = [
                JSONMember("variant", "else"), JSONMember("place", 1), JSONMember("at_bytes", 1),
            ]
            #expect(
                ToolResultFaultTests.said(id, given, #"{"a":1}"#)
                    == "inapplicable: there is no variant else")
        }
    }

    private let order = Sample.plain([#"{"id":7}"#])

    @Test(
        "an answer comes later, and not a byte differs",
        arguments: [
            ("tool-latency", "delay_ms"), ("tool-timeout-late-success", "late_ms"),
            ("out-of-order-effects", "delay_ms"),
        ])
    func late(id: String, parameter: String) {
        let given = [JSONMember(parameter, 1_000)]
        let (delivery, outcome) = apply(id, given, to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery.milliseconds == [1_010])
        #expect(delivery.head?.at == .milliseconds(1_005))
        #expect(delivery.endAt == .milliseconds(1_010))
        #expect(delivery.text == order.text)
        let none = apply(id, [JSONMember(parameter, 0)], to: order, in: Sample.tool())
        #expect(none.outcome == .inapplicable("0 ms is no delay"))
    }

    @Test(
        "a tool fails with a status",
        arguments: [
            ("tool-error-misleading", [JSONMember("variant", "conflict")], 409, "already_exists"),
            ("tool-error-misleading", [JSONMember("variant", "maintenance")], 503, "replica"),
            ("tool-error-misleading", [JSONMember("variant", "not-found")], 404, "No such record"),
            ("tool-error-misleading", [], 403, "administrator's token"),
            ("tool-rate-limit", [], 429, "error"), ("tool-auth-expired", [], 401, "token_expired"),
            ("tool-auth-expired", [JSONMember("code", 403)], 403, "scope"),
            ("tool-unavailable-then-renamed", [JSONMember("successor", "/v2")], 410, "/v2"),
            ("commit-then-error", [JSONMember("code", 502)], 502, "error"),
        ] as [(String, [JSONMember], Int, String)])
    func status(id: String, given: [JSONMember], status: Int, text: String) {
        let (delivery, outcome) = apply(id, given, to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery.head?.status == status)
        #expect(delivery.text.contains(text), "\(delivery.text)")
        #expect(delivery.head?.at == order.head?.at)
    }

    @Test("header lines of a failure say what to do")
    func headers() {
        func headers(_ id: String, _ given: [JSONMember] = []) -> HeaderFields? {
            apply(id, given, to: order, in: Sample.tool()).delivery.head?.headers
        }
        #expect(headers("tool-rate-limit")?.first("retry-after") == "1")
        #expect(
            headers("tool-auth-expired")?.first("www-authenticate")?.hasPrefix("Bearer ") == true)
        #expect(
            headers("tool-auth-expired", [JSONMember("code", 403)])?.first("www-authenticate")
                == nil)
        let successor = headers(
            "tool-unavailable-then-renamed", [JSONMember("successor", "/v2")])
        #expect(successor?.first("link") == "</v2>; rel=\"successor-version\"")
        #expect(
            apply("tool-auth-expired", [JSONMember("code", 402)], to: order, in: Sample.tool())
                .outcome == .inapplicable("402 is about payment"))
    }

    @Test("a request that is lost gets no answer, ever")
    func lost() {
        let (delivery, outcome) = apply("lost-request", to: order, in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery == Delivery(head: nil, ending: .hang))
    }

    private static func asking(_ method: String, _ target: String, _ body: String) -> FaultContext {
        let tool = Sample.tool(earlier: Sample.earlier(#"{"id":6}"#))
        return FaultContext(
            interaction: Interaction(
                ordinal: 2, upstream: "shop",
                request: Sample.request(method: method, target: target, body: body),
                response: nil),
            upstream: tool.upstream, wire: nil, earlier: tool.earlier)
    }

    @Test("a batch is done in part")
    func batch() {
        let context = Self.asking("POST", "/batch", #"{"items":[1,2,3]}"#)
        let (delivery, outcome) = apply(
            "partial-side-effect", [JSONMember("done", 2)], to: order, in: context)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 500)
        #expect(delivery.text.hasSuffix(#","completed":2,"total":3}"#))
        #expect(drawnRange("partial-side-effect", "done", order, in: context) == 1...2)
        let single = Self.asking("POST", "/batch", #"{"items":[1]}"#)
        #expect(drawnRange("partial-side-effect", "done", order, in: single) == nil)
        #expect(
            apply("partial-side-effect", [JSONMember("done", 1)], to: order, in: single).outcome
                == .inapplicable("the request holds no list of two or more"))
    }

    @Test(
        "a read gives what was there before, where that is known and was other",
        arguments: [
            ("GET", "/orders/7", #"{"id":7}"#, #"{"id":6}"#),
            (
                "GET", "/orders/7", #"{"id":6}"#,
                "inapplicable: the earlier answer of this route says the same"
            ),
            (
                "GET", "/orders/8", #"{"id":7}"#, "inapplicable: the same was not read before"
            ),
            ("POST", "/orders/7", #"{"id":7}"#, "inapplicable: POST is no read"),
        ])
    func consistency(method: String, target: String, body: String, expected: String) {
        let context = Self.asking(method, target, "")
        #expect(
            ToolResultFaultTests.said("eventual-consistency", [], body, in: context) == expected)
    }
}
