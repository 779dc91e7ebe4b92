import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Errors of providers")
struct ProviderErrorTests {
    static let facts = ErrorFacts(
        model: "m-1", tokens: 12, tokensMax: 10, parameter: "top_k", category: "violence",
        previousResponse: "resp_7")

    static func answer(_ wire: any WireProtocol, _ error: ProviderError) -> ErrorAnswer {
        wire.errorAnswer(error, status: wire.status(of: error) ?? 0, facts: facts)
    }

    struct Case: Sendable {
        var wire: any WireProtocol
        var error: ProviderError
        var status: Int
        var body: String

        init(_ wire: any WireProtocol, _ error: ProviderError, _ status: Int, _ body: String) {
            self.wire = wire
            self.error = error
            self.status = status
            self.body = body
        }
    }

    @Test("have the provider's status and words", arguments: ProviderErrorRows.all)
    func words(_ row: Case) {
        let answer = Self.answer(row.wire, row.error)
        #expect(answer.status == row.status)
        #expect(String(decoding: answer.body, as: UTF8.self) == row.body)
    }

    /// What a local server has no word for.
    private static let localServer: Set<ProviderError> = [
        .billingLimit, .payment, .regionBlocked, .agreementPending, .tooLarge, .conflict, .timeout,
        .contentPolicy, .historyInvalid, .signatureInvalid, .previousResponseNotFound,
    ]

    @Test("are missing where the provider has none")
    func missing() {
        let rows: [(any WireProtocol, Set<ProviderError>)] = [
            (
                OpenAIChat(),
                [.payment, .agreementPending, .signatureInvalid, .previousResponseNotFound]
            ),
            (OpenAIResponses(), [.payment, .agreementPending]),
            (AnthropicMessages(), [.agreementPending, .previousResponseNotFound]),
            (
                Gemini(),
                [.payment, .agreementPending, .contentPolicy, .previousResponseNotFound]
            ),
            (BedrockConverse(), [.payment, .tooLarge, .conflict, .previousResponseNotFound]),
            (
                AzureOpenAI(),
                [
                    .quota, .billingLimit, .payment, .regionBlocked, .agreementPending,
                    .signatureInvalid, .previousResponseNotFound,
                ]
            ),
            (OpenRouter(), [.agreementPending, .previousResponseNotFound]),
            (
                Mistral(),
                [
                    .quota, .billingLimit, .payment, .permission, .regionBlocked,
                    .agreementPending, .tooLarge, .conflict, .timeout, .contentPolicy,
                    .signatureInvalid, .previousResponseNotFound,
                ]
            ),
            (OllamaChat(), Self.localServer),
            (OllamaGenerate(), Self.localServer),
            (
                CohereChat(),
                [
                    .billingLimit, .permission, .regionBlocked, .agreementPending, .tooLarge,
                    .conflict, .timeout, .historyInvalid, .signatureInvalid,
                    .previousResponseNotFound,
                ]
            ),
            (BedrockInvoke(), [.payment, .tooLarge, .conflict, .previousResponseNotFound]),
        ]
        for (wire, missing) in rows {
            let none = ProviderError.allCases.filter { wire.status(of: $0) == nil }
            #expect(Set(none) == missing, "\(wire.id)")
        }
    }

    @Test("of a parameter that responses call otherwise name the other one")
    func renamedParameter() throws {
        let wire = OpenAIResponses()
        let answer = wire.errorAnswer(.unsupportedParameter, status: 400, facts: ErrorFacts())
        let error = try JSONValue.parse(answer.body)["error"]
        let message = try #require(error?["message"]?.stringValue)
        #expect(message.contains("'max_output_tokens'"))
        #expect(!message.contains("max_completion_tokens"))
        #expect(error?["param"] == "max_tokens")
    }

    @Test("repeat the status with which they come")
    func repeatedStatus() throws {
        let gateway = OpenAIChat().errorAnswer(.badGateway, status: 530, facts: Self.facts)
        #expect(try JSONValue.parse(gateway.body)["error"]?["code"] == 530)
        for error in [ProviderError.authentication, .permission] {
            let answer = AzureOpenAI().errorAnswer(error, status: 418, facts: Self.facts)
            #expect(try JSONValue.parse(answer.body)["error"]?["code"] == "418")
        }
        let filter = AzureOpenAI().errorAnswer(.contentPolicy, status: 418, facts: Self.facts)
        #expect(try JSONValue.parse(filter.body)["error"]?["status"] == 418)
    }

    @Test("are whole JSON with a type, whatever is reported", arguments: ProviderError.allCases)
    func anyError(_ error: ProviderError) throws {
        for wire in WireProtocols.all {
            let answer = wire.errorAnswer(error, status: 418, facts: Self.facts)
            #expect(answer.status == 418)
            #expect(answer.headers.first("content-type")?.hasPrefix("application/json") == true)
            let body = try JSONValue.parse(answer.body)
            #expect(body.objectValue?.isEmpty == false, "\(wire.id)")
            #expect(wire.status(of: error).map { (400...599).contains($0) } ?? true)
        }
    }

    @Test("have names of their own in kebab-case")
    func names() {
        for error in ProviderError.allCases {
            #expect(error.rawValue.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) })
        }
        #expect(Set(ProviderError.allCases.map(\.rawValue)).count == ProviderError.allCases.count)
    }

    @Test("of a conversation are none of a list of models")
    func resource() throws {
        let resource = try #require(WireProtocols.named(AnthropicMessages.id + "-resource"))
        #expect(resource.status(of: .historyInvalid) == nil)
        #expect(resource.status(of: .signatureInvalid) == nil)
        #expect(resource.status(of: .authentication) == 401)
    }

    @Test("of plain services are those that are not of models")
    func plain() {
        let none = ProviderError.allCases.filter { PlainHTTP.status(of: $0) == nil }
        #expect(
            none == [
                .agreementPending, .modelNotFound, .contextLength, .contentPolicy,
                .unsupportedParameter, .historyInvalid, .signatureInvalid,
                .previousResponseNotFound,
            ])
        #expect(PlainHTTP.status(of: .payment) == 402)
        #expect(
            PlainHTTP.errorAnswer(.payment, status: 402).body
                == Array(
                    (#"{"error":{"code":"payment_required","message":"The account has no credit "#
                        + #"left."}}"#).utf8))
    }
}

extension WireProtocol {
    /// The provider's answer for an error that says no more than this.
    func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        errorAnswer(
            error, status: status,
            facts: ErrorFacts(model: model, retryAfterMilliseconds: retryAfterMilliseconds))
    }
}
