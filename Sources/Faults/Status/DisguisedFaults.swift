import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let html200 = FaultKind(
        id: "html-200",
        summary: "The answer is a page in HTML, with the status of success.",
        layer: .status, target: .any, signature: .ambiguous, weight: 4, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "200, content-type: text/html, the page of an application in place of the "
                + "answer of its API.",
            clients: "Whole answers: a parse error, or a text where an object is expected. "
                + "Streams: no events, no error.",
            robustAgent: "Checks content type and form, and treats it as a failure.",
            evidence: ["Significant-Gravitas/AutoGPT#944"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            delivery.replace(
                by: .page(HTMLPage.application, status: 200), request: context.interaction.request)
        })

    static let emptyBody200 = FaultKind(
        id: "empty-body-200",
        summary: "The answer is a success and has no body.",
        layer: .status, target: .any, signature: .ambiguous, weight: 3, replaces: true,
        parameters: [
            .variant(["empty-body-200", "204"], "An empty body with 200, or 204 without any.")
        ],
        documentation: FaultDocumentation(
            wireForm: "200 with content-length: 0, or 204.",
            clients:
                "Whole answers: a JSON decoding error, or a model that is None. Streams end at "
                + "once without an error.",
            robustAgent: "Treats it as a failure."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let isNoContent = parameters.text("variant") == "204"
            delivery.replace(
                by: ErrorAnswer(
                    status: isNoContent ? 204 : 200,
                    headers: isNoContent
                        ? [] : [HeaderField("content-type", "application/json")],
                    body: []),
                request: context.interaction.request)
            if isNoContent { delivery.head?.framing = .none }
        })

    static let errorBody200 = FaultKind(
        id: "error-body-200",
        summary: "The answer has the body of an error and the status of success.",
        layer: .status, target: .any, signature: .ambiguous, weight: 4, replaces: true,
        parameters: [errorType],
        documentation: FaultDocumentation(
            wireForm: "200 with the error document of the provider, also where a stream was asked "
                + "for. OpenRouter does so once the model has started, and so do some gateways.",
            clients: "openai-python builds a completion whose choices are None; reading them is a "
                + "TypeError far from its cause.",
            robustAgent: "Looks for `error` in every answer.",
            evidence: ["https://openrouter.ai/docs/api/reference/errors-and-debugging"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try context.refusal(errorOfType(parameters))
            answer.status = 200
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let cdnHTMLError = FaultKind(
        id: "cdn-html-error",
        summary: "The answer is an error page in HTML of the network in front of the provider.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        parameters: [
            .variant(["cloudflare", "nginx"], "Whose page it is."),
            ParameterSpec(
                "code", .choice(HTMLPage.errors.map { String($0.code) }),
                default: .fixed(.string("502")), "The status; nginx has none of the 52x."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The status, content-type: text/html, server: cloudflare with cf-ray, or "
                + "server: nginx. 403 of Cloudflare is a challenge for browsers.",
            clients: "The SDKs of OpenAI and Anthropic retry from 500 on, and put the page into "
                + "the message of the error; 403 is not retried.",
            robustAgent: "Never gives the page to the model as content; retries within a budget.",
            evidence: ["Significant-Gravitas/AutoGPT#944", "BerriAI/litellm#22085"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let isNginx = parameters.text("variant") == "nginx"
            let page = HTMLPage.errors.first { String($0.code) == parameters.text("code") }
            guard let page else { throw Inapplicable("no page has \(parameters.text("code"))") }
            guard !isNginx || page.code < 520 else {
                throw Inapplicable("nginx answers no \(page.code)")
            }
            delivery.replace(
                by: HTMLPage.error(page, isNginx: isNginx), request: context.interaction.request)
        })
}
