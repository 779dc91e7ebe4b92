import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Answers that refuse a request")
struct StatusRefusalTests {
    let recorded = Sample.stream("<AB>.")

    static let rows: [(id: String, given: [JSONMember], error: ProviderError)] = [
        ("quota-exhausted-429", [], .quota),
        ("quota-exhausted-429", [JSONMember("variant", "billing-limit")], .billingLimit),
        ("payment-402", [], .payment),
        ("invalid-api-key-mid-run", [], .authentication),
        ("permission-403", [], .permission),
        ("permission-403", [JSONMember("variant", "region-blocked")], .regionBlocked),
        ("permission-403", [JSONMember("variant", "agreement-pending")], .agreementPending),
        ("model-not-found-404", [], .modelNotFound),
        ("request-too-large-413", [], .tooLarge),
        ("conflict-409", [], .conflict),
        ("conflict-409", [JSONMember("variant", "timeout-408")], .timeout),
        ("context-length-400", [], .contextLength),
        ("content-policy-400", [], .contentPolicy),
        ("unsupported-param-400", [], .unsupportedParameter),
        ("history-invalid-400", [], .historyInvalid),
        ("thinking-signature-400", [], .signatureInvalid),
    ]

    @Test("have the provider's status and words, or none", arguments: 0..<rows.count)
    func provider(place: Int) {
        let row = Self.rows[place]
        for wire in WireProtocols.all {
            let context = StatusRateLimitTests.model(wire)
            let (delivery, outcome) = apply(row.id, row.given, to: recorded, in: context)
            guard let status = wire.status(of: row.error) else {
                #expect(
                    outcome == .inapplicable("\(wire.id) has no error \(row.error.rawValue)"))
                #expect(delivery == recorded)
                continue
            }
            let answer = wire.errorAnswer(
                row.error, status: status, facts: ErrorFacts(model: "m"))
            #expect(outcome == .fired)
            #expect(delivery.head?.status == status)
            #expect(delivery.head?.headers == answer.headers)
            #expect(delivery.bodyBytes == answer.body)
            #expect(delivery.ending == .complete)
        }
    }

    @Test("of a model's words are none of a service that is no model")
    func plain() {
        var context = Sample.model
        context = FaultContext(
            interaction: context.interaction, upstream: context.upstream, wire: nil)
        #expect(
            apply("history-invalid-400", to: recorded, in: context).outcome
                == .inapplicable("a plain service has no error history-invalid"))
        let (delivery, outcome) = apply(
            "payment-402", to: Sample.plain(["{}"]), in: Sample.tool())
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 402)
        #expect(delivery.text.contains("payment_required"))
    }

    @Test("put the parameters into the provider's words")
    func facts() {
        let (length, _) = apply(
            "context-length-400",
            [JSONMember("request_tokens", 12), JSONMember("limit_tokens", 10)], to: recorded,
            in: StatusRateLimitTests.model(AnthropicMessages()))
        #expect(length.text.contains("prompt is too long: 12 tokens > 10 maximum"))
        let (param, _) = apply(
            "unsupported-param-400", [JSONMember("parameter", "top_k")], to: recorded)
        #expect(param.text.contains("Unsupported parameter: 'top_k' is not supported"))
        let (policy, _) = apply(
            "content-policy-400", [JSONMember("category", "violence")], to: recorded,
            in: StatusRateLimitTests.model(AzureOpenAI()))
        #expect(policy.text.contains(#""violence":{"filtered":true,"severity":"medium"}"#))
    }

    @Test("name the response that is gone, where the request continues one")
    func previousResponse() {
        var interaction = Sample.model.interaction
        let context = { (body: String, wire: any WireProtocol) in
            interaction.request = Sample.request(target: "/v1/responses", body: body)
            return FaultContext(
                interaction: interaction, upstream: Sample.model.upstream, wire: wire)
        }
        let continued = #"{"model":"m","previous_response_id":"resp_7"}"#
        let (delivery, outcome) = apply(
            "prev-response-not-found", to: recorded, in: context(continued, OpenAIResponses()))
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 400)
        #expect(delivery.text.contains("Previous response with id 'resp_7' not found."))
        #expect(
            apply(
                "prev-response-not-found", to: recorded,
                in: context(#"{"model":"m"}"#, OpenAIResponses())
            ).outcome == .inapplicable("the request continues no earlier response"))
        #expect(
            apply(
                "prev-response-not-found", to: recorded, in: context(continued, OpenAIChat())
            ).outcome
                == .inapplicable("openai-chat has no error previous-response-not-found"))
    }

    @Test("tell clients to retry or not, where they listen")
    func shouldRetry() {
        for (id, status, value) in [
            ("x-should-retry-false-500", 500, "false"), ("x-should-retry-true-400", 400, "true"),
        ] {
            let (delivery, outcome) = apply(id, to: recorded)
            #expect(outcome == .fired)
            #expect(delivery.head?.status == status)
            #expect(delivery.head?.headers.first("x-should-retry") == value)
            #expect(
                apply(id, to: recorded, in: StatusRateLimitTests.model(Gemini())).outcome
                    == .inapplicable("clients of gemini do not read x-should-retry"))
        }
    }

    @Test("of overload have their status")
    func overloaded() {
        for (id, status) in [("overloaded-503", 503), ("overloaded-529", 529)] {
            let (delivery, _) = apply(id, to: recorded)
            #expect(delivery.head?.status == status)
            #expect(delivery.text.contains("server_is_overloaded"))
        }
    }

    @Test("for header lines that are too long have no body")
    func headersTooLarge() {
        let (delivery, outcome) = apply(
            "request-too-large-413", [JSONMember("variant", "431")], to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 431)
        #expect(delivery.head?.framing == .length(0))
        #expect(delivery.body.isEmpty)
    }
}
