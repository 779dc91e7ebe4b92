import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

/// One fault on one answer of a tool, and what becomes of the answer.
struct ResultRow: Sendable {
    let id: String
    let given: [JSONMember]
    let body: String
    let expected: String

    init(_ id: String, _ given: [JSONMember], _ body: String, _ expected: String) {
        self.id = id
        self.given = given
        self.body = body
        self.expected = expected
    }

    /// The same with a variant, at the first place that fits.
    init(_ id: String, _ variant: String, _ body: String, _ expected: String) {
        let given = [
            JSONMember("variant", .string(variant)), JSONMember("place", 1),
            JSONMember("member", 1),
        ]
        self.init(id, given, body, expected)
    }
}

/// What every fault says that would change nothing.
let noChange = "inapplicable: the answer is already what the fault would make of it"

@Suite("Faults of clocks and identifiers")
struct ClockFaultTests {
    static let rows = [
        ResultRow("dst-gap", "gap", #"{"a":1,"due":"2026-03-10"}"#, gap),
        ResultRow("dst-gap", "fold", #"{"due":"2026-03-10"}"#, #"{"due":"2026-10-25T02:30:00"}"#),
        ResultRow("dst-gap", "gap", #"{"due":"March"}"#, noDate),
        ResultRow("dst-gap", "gap", #"{ "a": 1, "due": "2026-03-29T02:30:00" }"#, noChange),
        ResultRow(
            "midnight-rollover", "midnight", #"["2026-03-10"]"#, #"["2026-12-31T23:59:59Z"]"#),
        ResultRow(
            "midnight-rollover", "epoch-0", #"["2026-03-10"]"#, #"["1970-01-01T00:00:00Z"]"#),
        ResultRow(
            "midnight-rollover", "leap-day", #"["2026-03-10"]"#, #"["2028-02-29T12:00:00Z"]"#),
        ResultRow(
            "midnight-rollover", "leap-second", #"["2026-03-10"]"#, #"["2016-12-31T23:59:60Z"]"#),
        ResultRow(
            "midnight-rollover", "year-2038", #"["2026-03-10"]"#, #"["2038-01-19T03:14:08Z"]"#),
        ResultRow("midnight-rollover", "midnight", "[1]", noDate),
        ResultRow(
            "timezone-mismatch", "naive", #"["2026-02-28T23:30:00Z"]"#,
            #"["2026-02-28T23:30:00"]"#),
        ResultRow(
            "timezone-mismatch", "offset", #"["2026-02-28T23:30:00Z"]"#,
            #"["2026-02-28T23:30:00+09:00"]"#),
        ResultRow(
            "timezone-mismatch", "day-month", #"["2026-02-28T23:30:00Z"]"#,
            #"["28/02/2026 23:30:00Z"]"#),
        ResultRow(
            "timezone-mismatch", "naive", #"["2026-02-28"]"#,
            "inapplicable: the instant has no Z to lose"),
        ResultRow(
            "timezone-mismatch", "offset", #"["2026-02-28"]"#,
            "inapplicable: the instant is not in UTC"),
    ]

    private static let gap = #"{"a":1,"due":"2026-03-29T02:30:00"}"#
    private static let noDate = "inapplicable: the result has 0 values that are a date"

    @Test("one date of a result is of an unusual kind", arguments: rows)
    func dates(row: ResultRow) {
        #expect(ToolResultFaultTests.said(row.id, row.given, row.body) == row.expected)
    }

    private static let date = "Thu, 26 Nov 2026 00:00:00 GMT"

    private func dated(_ body: String = "{}") -> Delivery {
        var delivery = Sample.plain([body])
        delivery.head?.headers.append("date", Self.date)
        return delivery
    }

    @Test("a clock that is apart moves every instant of the head, and no other line")
    func skew() {
        var recorded = dated()
        recorded.head?.headers.append("retry-after", "Thu, 26 Nov 2026 00:00:09 GMT")
        recorded.head?.headers.append("expires", "0")
        let (delivery, outcome) = apply("clock-skew", to: recorded)
        #expect(outcome == .fired)
        let headers = delivery.head?.headers
        #expect(headers?.first("date") == "Wed, 25 Nov 2026 23:00:00 GMT")
        #expect(headers?.first("retry-after") == "Wed, 25 Nov 2026 23:00:09 GMT")
        #expect(headers?.first("expires") == "0")
        #expect(
            apply("clock-skew", to: Sample.plain(["{}"])).outcome
                == .inapplicable("the answer names no instant"))
    }

    @Test("a machine that sleeps finds its connection reset when it wakes up")
    func jump() {
        let given = [JSONMember("at", 2), JSONMember("jump_ms", 1_000)]
        let (delivery, outcome) = apply("clock-jump-forward", given, to: Sample.stream("<AB>."))
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks("<A"))
        #expect(delivery.ending == .reset)
        #expect(delivery.endAt == .milliseconds(1_050))
        #expect(
            apply("clock-jump-forward", given, to: Delivery(head: nil)).outcome
                == .inapplicable("the answer has no body that could stall"))
    }

    @Test("the wall clock is set back, and only where it can be")
    func jumpBack() {
        let (delivery, outcome) = apply(
            "clock-jump-back", [JSONMember("jump_ms", 1_000)], to: Sample.stream("<AB>."))
        #expect(outcome == .fired)
        #expect(delivery.wallShift == .milliseconds(-1_000))
        var unchanged = delivery
        unchanged.wallShift = .zero
        #expect(unchanged == Sample.stream("<AB>."))
    }

    @Test("a clock that is real, or an answer that never begins, is not set back")
    func noJumpBack() {
        let tool = Sample.tool()
        let real = FaultContext(
            interaction: tool.interaction, upstream: tool.upstream, wire: nil,
            isClockVirtual: false)
        #expect(
            apply("clock-jump-back", to: Sample.plain(["{}"]), in: real).outcome
                == .inapplicable("the agent's clock is real and cannot be set"))
        for ending in DeliveryEnding.allCases {
            let silent = Delivery(head: nil, ending: ending)
            let (delivery, outcome) = apply("clock-jump-back", to: silent)
            let isSent = ![.hang, .unconnected, .killed].contains(ending)
            #expect(outcome == (isSent ? .fired : .inapplicable("nothing is ever sent")))
            #expect((delivery == silent) == !isSent)
        }
        let stalled = Delivery(head: Sample.stream("<A").head, ending: .hang)
        #expect(apply("clock-jump-back", to: stalled).outcome == .fired)
        let (hang, fates) = CompositionTests.fates(
            Sample.stream("<A>."), [("clock-jump-back", []), ("headers-timeout", [])])
        #expect(fates == [.inapplicable("nothing is ever sent"), .fired])
        #expect(hang == Delivery(head: nil, ending: .hang))
    }

    @Test("two jumps add up")
    func twoJumps() {
        let jumps = [7_200_000, 1_000_000].map { (jump: Int64) in
            ("clock-jump-back", [JSONMember("jump_ms", .int(jump))])
        }
        let (delivery, fates) = CompositionTests.fates(Sample.stream("<A>."), jumps)
        #expect(fates == [.fired, .fired])
        #expect(delivery.wallShift == .milliseconds(-8_200_000))
    }

    @Test("a token expires, or its renewal is refused")
    func token() {
        let expired = apply("token-expiry-midrun", to: dated(), in: Sample.tool()).delivery
        #expect(expired.head?.status == 401)
        #expect(
            expired.head?.headers.first("www-authenticate") == #"Bearer error="invalid_token""#)
        let model = apply("token-expiry-midrun", to: dated()).delivery
        #expect(model.head?.status == 401)
        #expect(model.head?.headers.first("www-authenticate") == nil)
        let grant = [JSONMember("variant", "invalid-grant")]
        let refused = apply("token-expiry-midrun", grant, to: dated(), in: Sample.tool()).delivery
        #expect(refused.head?.status == 400)
        #expect(
            refused.text
                == #"{"error":"invalid_grant","error_description":"Token has been revoked."}"#)
        #expect(
            apply("token-expiry-midrun", grant, to: dated()).outcome
                == .inapplicable("a provider of models refreshes no tokens"))
    }

    @Test(
        "a limit ends in six minutes, in each form",
        arguments: [
            ("duration", "6m0s"), ("epoch", "1795651560"), ("milliseconds", "360000"),
            ("rfc3339", "2026-11-26T00:06:00Z"), ("seconds", "360"),
        ])
    func reset(variant: String, expected: String) {
        let given = [JSONMember("variant", .string(variant))]
        let (delivery, outcome) = apply("ratelimit-reset-format", given, to: dated())
        #expect(outcome == .fired)
        #expect(delivery.head?.headers.first("x-ratelimit-reset-requests") == expected)
        #expect(
            apply("ratelimit-reset-format", given, to: Sample.plain(["{}"])).outcome
                == .inapplicable("the answer does not say when it was recorded"))
    }

    @Test(
        "another snapshot answers",
        arguments: [
            (#"{"system_fingerprint":"fp_1"}"#, #"{"system_fingerprint":"fp_0000storm"}"#),
            (#"{ "system_fingerprint": "fp_0000storm" }"#, noChange),
            ("{}", "inapplicable: the answer has no system_fingerprint"),
        ])
    func snapshot(body: String, expected: String) {
        #expect(ToolResultFaultTests.said("seed-drift", [], body, in: Sample.model) == expected)
    }

    @Test(
        "an identifier comes twice",
        arguments: [
            (#"{"id":8,"n":1}"#, #"{"id":7}"#, #"{"id":7,"n":1}"#),
            (#"{ "id": 7 }"#, #"{"id":7}"#, "inapplicable: the earlier answer has the same id"),
            (#"{"n":1}"#, #"{"id":7}"#, "inapplicable: the two answers do not both have an id"),
        ])
    func collision(body: String, earlier: String, expected: String) {
        let context = Sample.tool(earlier: Sample.earlier(earlier))
        #expect(ToolResultFaultTests.said("uuid-collision", [], body, in: context) == expected)
        #expect(
            ToolResultFaultTests.said("uuid-collision", [], body)
                == "inapplicable: no earlier answer of this route was recorded")
    }

    @Test("the identifier of a request is missing")
    func requestID() {
        let given = [JSONMember("variant", "request-id-missing")]
        var recorded = Sample.plain(["{}"])
        let plain = recorded
        recorded.head?.headers.append("x-request-id", "r1")
        let (delivery, outcome) = apply("uuid-collision", given, to: recorded)
        #expect(outcome == .fired)
        #expect(delivery == plain)
        #expect(apply("uuid-collision", given, to: plain).outcome != .fired)
    }
}
