internal import Determinism

/// What an agent does to come to a connection.
public enum OpeningStep: Hashable, Sendable {
    /// It looks up the name of a mount.
    case lookUp
    /// It connects to a mount.
    case connect
}

/// How a step on the way to a connection ends.
public enum OpeningResult: Hashable, Sendable {
    /// As if there were no fault.
    case open
    /// The connection is refused (RST).
    case refused
    /// Nobody ever answers the attempt to connect.
    case silent
    /// There is no such name (NXDOMAIN).
    case noName
    /// No name server answers (SERVFAIL).
    case noServer
}

/// What a fault does to the opening of a connection, in place of an edit of the delivery.
public struct OpeningFault: Sendable {
    /// The step that it strikes.
    public let step: OpeningStep
    /// How that step ends.
    public let result: @Sendable (FaultParameters) -> OpeningResult
}

extension FaultKind {
    static let dnsFailure = FaultKind(
        "dns-failure", "The name of the upstream cannot be looked up.",
        parameters: [
            ParameterSpec(
                "rcode", .choice(["NXDOMAIN", "SERVFAIL"]), default: .fixed(.string("NXDOMAIN")),
                "What comes of it: there is no such name, or no name server answers.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The look-up of the mount's name fails with NXDOMAIN or SERVFAIL.",
            clients: "An error of the connection, which the SDKs of OpenAI and Anthropic retry "
                + "twice; google-genai and ollama do not.",
            robustAgent: "Retries within a budget, goes to another provider, and says which name "
                + "it was."),
        opening: OpeningFault(step: .lookUp) { parameters in
            parameters.text("rcode") == "SERVFAIL" ? .noServer : .noName
        })

    static let connectRefused = FaultKind(
        "connect-refused", "The connection for the request is refused.",
        documentation: FaultDocumentation(
            wireForm: "connect() fails with ECONNREFUSED.",
            clients: "As with dns-failure; ollama-python raises the built-in ConnectionError.",
            robustAgent: "Goes to another endpoint, and does not loop for ever."),
        opening: OpeningFault(step: .connect) { _ in .refused })

    static let connectTimeout = FaultKind(
        "connect-timeout", "Nobody ever answers the attempt to connect for the request.",
        documentation: FaultDocumentation(
            wireForm: "connect() gets no answer until the client gives up.",
            clients: "After 5 s with OpenAI and Anthropic, 30 s with MCP for Python, 60 s with "
                + "boto3, never with ollama; then as with dns-failure.",
            robustAgent: "Has one deadline for all attempts."),
        opening: OpeningFault(step: .connect) { _ in .silent })

    /// A kind that strikes before there is a connection.
    ///
    /// A request that came all the same came over a connection that was open, or nobody could see
    /// it being opened.
    private init(
        _ id: String, _ summary: String, parameters: [ParameterSpec] = [],
        documentation: FaultDocumentation, opening: OpeningFault
    ) {
        self.init(
            id: id, summary: summary, layer: .connection, target: .any, signature: .loud,
            weight: 1, replaces: true, parameters: parameters, documentation: documentation,
            opening: opening
        ) { _, _, _ in
            .inapplicable(
                "the request came over a connection that could not be kept from opening; "
                    + "that takes the virtual clock, and an agent whose connect() can be seen")
        }
    }
}
