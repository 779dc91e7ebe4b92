import Cassette
import Determinism
import WireProtocols

extension FaultContext {
    /// The status with which the provider, or a plain service, reports an error.
    func status(of error: ProviderError) throws(Inapplicable) -> Int {
        let status = wire.map { $0.status(of: error) } ?? PlainHTTP.status(of: error)
        guard let status else {
            throw Inapplicable("\(protocolName) has no error \(error.rawValue)")
        }
        return status
    }

    /// The answer with which the provider reports an error, with the status that it has there.
    func refusal(
        _ error: ProviderError, _ facts: ErrorFacts = ErrorFacts()
    ) throws(Inapplicable) -> ErrorAnswer {
        errorAnswer(error, status: try status(of: error), facts: facts)
    }
}

extension FaultKind {
    /// Which error of the provider a fault reports.
    static let errorType = ParameterSpec(
        "type", .choice(ProviderError.allCases.map(\.rawValue)),
        default: .fixed(.string(ProviderError.server.rawValue)),
        "The error, in the provider's own words.")

    /// The error that the parameter `errorType` names.
    static func errorOfType(_ parameters: FaultParameters) throws(Inapplicable) -> ProviderError {
        guard let error = ProviderError(rawValue: parameters.text("type")) else {
            throw Inapplicable("no error is called \(parameters.text("type"))")
        }
        return error
    }

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
