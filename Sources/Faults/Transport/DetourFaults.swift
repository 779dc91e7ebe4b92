import Cassette
import Determinism
import WireProtocols

// Something on the way answers in place of the upstream. They have the layer of a status, as the
// whole answer is theirs.
extension FaultKind {
    static let proxy407 = FaultKind(
        id: "proxy-407",
        summary: "A proxy on the way wants to know who asks.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "407 with proxy-authenticate, as the proxy answers a request over plain "
                + "HTTP. That it refuses CONNECT is out of reach: mounts are not tunnelled to.",
            clients: "An error by status that is not retried.",
            robustAgent: "Reports an error of the configuration."),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var answer = ErrorAnswer.page(
                "<html><body><h1>407 Proxy Authentication Required</h1></body></html>\n",
                status: 407)
            answer.headers.append("proxy-authenticate", "Basic realm=\"proxy\"")
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let redirect30x = FaultKind(
        id: "redirect-30x",
        summary: "The answer sends the agent to another address.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        parameters: [
            ParameterSpec(
                "code", .choice(["301", "302", "303", "307", "308"]), default: .fixed("307"),
                "The status; 301, 302 and 303 make a GET of a POST."),
            ParameterSpec(
                "location", .text, default: .fixed(""),
                "Where to; empty for the same target on a host that does not exist."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The status with location and no body.",
            clients: "The SDKs of OpenAI and Anthropic follow it, httpx itself does not; the MCP "
                + "SDK for Python refuses another origin.",
            robustAgent: "Does not send its key to another origin."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard let status = Int(parameters.text("code")) else {
                throw Inapplicable("\(parameters.text("code")) is no status")
            }
            let given = parameters.text("location")
            let elsewhere = "https://elsewhere.invalid" + context.interaction.request.target
            let location = HeaderField("location", given.isEmpty ? elsewhere : given)
            delivery.replace(
                by: ErrorAnswer(status: status, headers: [location], body: []),
                request: context.interaction.request)
        })

    static let captivePortal = FaultKind(
        id: "captive-portal",
        summary: "The network answers with the page of its log-in, as a success.",
        layer: .status, target: .any, signature: .ambiguous, weight: 3, replaces: true,
        parameters: [
            ParameterSpec(
                "html", .text, default: .fixed(.string(HTMLPage.logIn)), "The page.")
        ],
        documentation: FaultDocumentation(
            wireForm: "200, content-type: text/html, a page with a form.",
            clients: "openai-python: JSONDecodeError, or the page as a text; anthropic-python: a "
                + "stream without events.",
            robustAgent: "Checks the content type before it reads the answer.",
            evidence: ["Significant-Gravitas/AutoGPT#944"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            delivery.replace(
                by: .page(parameters.text("html"), status: 200),
                request: context.interaction.request)
        })

    static let networkPartitionFlap = FaultKind(
        id: "network-partition-flap",
        summary: "The network fails for some calls, works for some, and so on.",
        layer: .connection, target: .any, signature: .loud, weight: 3, replaces: true,
        parameters: [
            .calls("fail_calls", "How many recorded calls fail in a row."),
            .calls("succeed_calls", "How many come through then."),
            .variant(["reset", "silent"], "Connections are reset, or nothing ever comes."),
        ],
        documentation: FaultDocumentation(
            wireForm:
                "RST after the request, or silence, for the first `fail_calls` recorded calls "
                + "of the cassette, then none for `succeed_calls`, and again. Aim it at all calls; "
                + "`times` says how many attempts of a call fail.",
            clients: "Each call is retried on its own; the retries of many add up to a storm.",
            robustAgent: "Opens a circuit breaker, and tries with one call whether it may close."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let failing = parameters.integer("fail_calls")
            let working = parameters.integer("succeed_calls")
            guard ParameterSpec.callRange.contains(failing),
                ParameterSpec.callRange.contains(working)
            else { throw Inapplicable("\(failing) failing and \(working) working calls") }
            let ordinal = Int64(context.interaction.ordinal)
            guard ordinal >= 1, (ordinal - 1) % (failing + working) < failing else {
                throw Inapplicable("the network works for call \(ordinal) of the cassette")
            }
            let isSilent = parameters.text("variant") == "silent"
            delivery.replaceByNothing(ending: isSilent ? .hang : .reset, at: .zero)
        })
}

extension ParameterSpec {
    /// How many calls may fail or work in a row.
    fileprivate static let callRange: ClosedRange<Int64> = 1...1_000_000

    fileprivate static func calls(_ name: String, _ summary: String) -> ParameterSpec {
        ParameterSpec(name, .integer(callRange), default: .fixed(2), summary)
    }
}
