import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Rate limits")
struct StatusRateLimitTests {
    let recorded = Sample.stream("<AB>.")

    /// A model of this protocol, whose recorded answer has this date.
    static func model(_ wire: any WireProtocol, date: String? = nil) -> FaultContext {
        var interaction = Sample.model.interaction
        interaction.response = RecordedResponse(
            status: 200, headers: date.map { [HeaderField("Date", $0)] } ?? [])
        return FaultContext(
            interaction: interaction, upstream: Sample.model.upstream, wire: wire)
    }

    private func long(
        _ variant: String, _ seconds: Int64, in context: FaultContext
    ) -> (delivery: Delivery, outcome: FaultOutcome) {
        apply(
            "rate-limit-long",
            [
                JSONMember("variant", .string(variant)),
                JSONMember("retry_after_seconds", .int(seconds)),
            ], to: recorded, in: context)
    }

    @Test(
        "ask for a delay that is too long, as the variant writes it",
        arguments: [("seconds", "3600"), ("inf", "inf"), ("1e400", "1e400")])
    func longDelay(variant: String, value: String) {
        for context in [Sample.model, Self.model(AnthropicMessages()), Sample.tool()] {
            let (delivery, outcome) = long(variant, 3_600, in: context)
            #expect(outcome == .fired)
            #expect(delivery.head?.status == 429)
            #expect(delivery.head?.headers.first("retry-after") == value)
            #expect(delivery.head?.headers.contains("retry-after-ms") == false)
        }
    }

    @Test(
        "count a date from the recorded answer, over the ends of months and years",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 1, "Thu, 01 Jan 1970 00:00:01 GMT"),
            ("Thu, 26 Nov 2026 23:59:59 GMT", 3_600, "Fri, 27 Nov 2026 00:59:59 GMT"),
            ("Tue, 27 Feb 2024 12:00:00 GMT", 172_800, "Thu, 29 Feb 2024 12:00:00 GMT"),
            ("Sun, 27 Feb 2000 12:00:00 GMT", 259_200, "Wed, 01 Mar 2000 12:00:00 GMT"),
            ("Sun, 28 Feb 2100 00:00:00 GMT", 86_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            ("Thu, 31 Dec 2026 08:09:10 GMT", 31_622_400, "Sat, 01 Jan 2028 08:09:10 GMT"),
        ])
    func date(recordedAt: String, seconds: Int64, expected: String) {
        let (delivery, outcome) = long(
            "http-date", seconds, in: Self.model(OpenAIChat(), date: recordedAt))
        #expect(outcome == .fired)
        #expect(delivery.head?.headers.first("retry-after") == expected)
    }

    @Test(
        "have no date where the recorded answer has none that can be read",
        arguments: [
            nil, "", "yesterday", "Thu, 1 Foo 2026 00:00:00 GMT", "Thu, 01 Jan 2026 00:00 GMT",
            "Thu, 32 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
            "2026-01-01T00:00:00Z",
        ] as [String?])
    func noDate(recordedAt: String?) {
        let (delivery, outcome) = long(
            "http-date", 60, in: Self.model(OpenAIChat(), date: recordedAt))
        #expect(
            outcome == .inapplicable("the recorded answer has no date to count from"))
        #expect(delivery == recorded)
    }

    @Test("state a long delay where the provider has another place for it, in seconds only")
    func otherPlaces() {
        let (bedrock, _) = long("seconds", 7_200, in: Self.model(BedrockConverse()))
        #expect(bedrock.head?.headers.first("x-amz-retry-after") == "7200000")
        let (gemini, _) = long("seconds", 7_200, in: Self.model(Gemini()))
        #expect(gemini.text.contains(#""retryDelay":"7200s""#))
        #expect(
            long("inf", 7_200, in: Self.model(Gemini())).outcome
                == .inapplicable("gemini states no delay in retry-after"))
        #expect(
            long("seconds", 7_200, in: Self.model(OllamaChat())).outcome
                == .inapplicable("ollama-chat states no delay"))
    }

    @Test(
        "bound the delay",
        arguments: [0, -1, 31_622_401, Int64.max, Int64.min] as [Int64])
    func bounds(seconds: Int64) {
        let (delivery, outcome) = long("seconds", seconds, in: Sample.model)
        #expect(
            outcome == .inapplicable("retry_after_seconds \(seconds) is no such delay"))
        #expect(delivery == recorded)
        #expect(long("seconds", 366 * 86_400, in: Sample.model).outcome == .fired)
    }

    @Test("without a header name no delay anywhere in the head")
    func noHeader() {
        for wire in WireProtocols.all {
            let (delivery, outcome) = apply(
                "rate-limit-no-header", to: recorded, in: Self.model(wire))
            #expect(outcome == .fired)
            #expect(delivery.head?.status == 429)
            let names = delivery.head?.headers.fields.map { asciiLowercased($0.name) } ?? []
            #expect(!names.contains { $0.contains("retry") || $0.contains("reset") })
            #expect(!delivery.text.contains("retryDelay"))
        }
    }

    @Test("name the delay in the body only, where the provider does so")
    func bodyHint() {
        let delay = [JSONMember("retry_after_ms", 46_000)]
        let rows: [(any WireProtocol, String?)] = [
            (Gemini(), #""retryDelay":"46s""#), (OpenAIChat(), "Please try again in 46s."),
            (AzureOpenAI(), "Please retry after 46 seconds."), (AnthropicMessages(), nil),
            (BedrockConverse(), nil), (OllamaChat(), nil),
        ]
        for (wire, hint) in rows {
            let (delivery, outcome) = apply(
                "rate-limit-body-hint", delay, to: recorded, in: Self.model(wire))
            guard let hint else {
                #expect(outcome == .inapplicable("\(wire.id) names no delay in its body"))
                continue
            }
            #expect(outcome == .fired)
            #expect(delivery.text.contains(hint))
            #expect(delivery.head?.headers.contains("retry-after") == false)
            #expect(delivery.head?.headers.contains("retry-after-ms") == false)
        }
        #expect(
            apply("rate-limit-body-hint", delay, to: recorded, in: Sample.tool()).outcome
                == .inapplicable("a plain service names no delay in its body"))
    }

    @Test("that lie look like those that do not")
    func lying() {
        let delay = [JSONMember("retry_after_ms", 1)]
        let lie = apply("rate-limit-lying", delay, to: recorded)
        #expect(lie.outcome == .fired)
        #expect(lie.delivery == apply("rate-limit-429", delay, to: recorded).delivery)
    }
}
