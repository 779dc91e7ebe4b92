import Cassette
import Determinism
import WireProtocols

extension FaultContext {
    /// The status with which the provider, or a plain service, reports an error.
    func status(of error: ProviderError) throws(Inapplicable) -> Int {
        let status = wire.map { $0.status(of: error) } ?? PlainHTTP.status(of: error)
        guard let status else {
            throw Inapplicable(
                "\(wire?.id ?? "a plain service") has no error \(error.rawValue)")
        }
        return status
    }

    /// The provider's own error where the protocol is known, plain JSON elsewhere.
    func errorAnswer(_ error: ProviderError, status: Int, facts: ErrorFacts) -> ErrorAnswer {
        guard let wire else { return errorAnswer(error, status: status) }
        var facts = facts
        facts.model = wire.model(of: interaction.request) ?? facts.model
        return wire.errorAnswer(error, status: status, facts: facts)
    }

    /// The answer with which the provider reports an error, with the status that it has there.
    func refusal(
        _ error: ProviderError, _ facts: ErrorFacts = ErrorFacts()
    ) throws(Inapplicable) -> ErrorAnswer {
        errorAnswer(error, status: try status(of: error), facts: facts)
    }
}

extension FaultKind {
    /// A kind that puts an error of the provider in place of the answer.
    static func refusal(
        _ id: String, _ summary: String, _ error: ProviderError, target: FaultTarget = .model,
        weight: Int = 2, parameters: [ParameterSpec] = [], documentation: FaultDocumentation,
        facts: @escaping @Sendable (FaultParameters) -> ErrorFacts = { _ in ErrorFacts() }
    ) -> FaultKind {
        FaultKind(
            id: id, summary: summary, layer: .status, target: target, signature: .loud,
            weight: weight, replaces: true, parameters: parameters, documentation: documentation,
            apply: edit { (delivery, parameters, context) throws(Inapplicable) in
                let answer = try context.refusal(error, facts(parameters))
                delivery.replace(by: answer, request: context.interaction.request)
            })
    }

    /// A kind whose variants name several errors of the provider; the first is the usual one.
    static func refusal(
        _ id: String, _ summary: String, variants: [(name: String, error: ProviderError)],
        target: FaultTarget = .any, weight: Int = 2, documentation: FaultDocumentation
    ) -> FaultKind {
        let names = variants.map(\.name)
        let errors = variants.map(\.error)
        return FaultKind(
            id: id, summary: summary, layer: .status, target: target, signature: .loud,
            weight: weight, replaces: true,
            parameters: [.variant(names, "Which of these errors it is.")],
            documentation: documentation,
            apply: edit { (delivery, parameters, context) throws(Inapplicable) in
                let name = parameters.text("variant")
                guard let place = names.firstIndex(of: name) else {
                    throw Inapplicable("\(id) has no variant \(name)")
                }
                let answer = try context.refusal(errors[place])
                delivery.replace(by: answer, request: context.interaction.request)
            })
    }
}

extension ParameterSpec {
    /// Which form a fault takes; the first word is the usual one.
    static func variant(_ words: [String], _ summary: String) -> ParameterSpec {
        ParameterSpec(
            "variant", .choice(words), default: .fixed(.string(words.first ?? "")), summary)
    }
}
