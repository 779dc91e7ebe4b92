import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let statusFaults: [FaultKind] = [.rateLimit429, .serverError, .overloaded529]
}

extension FaultKind {
    static let rateLimit429 = FaultKind(
        id: "rate-limit-429",
        summary: "The answer is 429 with the delay after which to try again.",
        layer: .status, target: .any, signature: .loud, weight: 1, replaces: true,
        parameters: [
            // From 1: SDKs ignore a delay of 0 and take their own, with jitter.
            .milliseconds(
                "retry_after_ms", from: 1, default: 1_000, "The delay that the answer asks for.")
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = context.errorAnswer(
                .rateLimit, status: 429,
                retryAfterMilliseconds: parameters.integer("retry_after_ms"))
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let serverError = FaultKind(
        id: "server-error",
        summary: "The answer is an error of the server, with the body that the provider sends.",
        layer: .status, target: .any, signature: .loud, weight: 1, replaces: true,
        parameters: [
            ParameterSpec(
                "code", .integer(500...599), default: .fixed(500),
                "The status: 500, 502, 503, 504 or another of the 5xx.")
        ],
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let code = Int(parameters.integer("code"))
            let error: ProviderError =
                switch code {
                case 502: .badGateway
                case 503: .unavailable
                case 529: .overloaded
                default: .server
                }
            delivery.replace(
                by: context.errorAnswer(error, status: code),
                request: context.interaction.request)
        })

    static let overloaded529 = FaultKind(
        id: "overloaded-529",
        summary: "The answer is 529: the provider is overloaded.",
        layer: .status, target: .model, signature: .loud, weight: 1, replaces: true,
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            delivery.replace(
                by: context.errorAnswer(.overloaded, status: 529),
                request: context.interaction.request)
        })
}
