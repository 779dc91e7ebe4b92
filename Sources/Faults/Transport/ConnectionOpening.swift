package import Cassette
internal import Determinism
internal import WireProtocols

/// What an agent does to come to a connection.
public enum OpeningStep: Hashable, Sendable {
    /// It looks up the name of a mount.
    case lookUp
    /// It connects to a mount.
    case connect
    /// It begins TLS with a host behind the proxy.
    case handshake
}

/// What is wrong with the certificate of a server.
public enum CertificateFlaw: String, Hashable, Sendable, CaseIterable {
    /// Its time is over.
    case expired
    /// Nobody vouches for it but itself.
    case selfSigned = "self-signed"
    /// It is for another host.
    case otherHost = "host"
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
    /// The server shows a certificate that is not to be trusted.
    case badCertificate(CertificateFlaw)
    /// The server speaks no version of TLS that the client offers, and says so by an alert.
    case noVersion
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

    static let tlsHandshakeFail = FaultKind(
        "tls-handshake-fail", "The TLS handshake for the request fails.", weight: 2,
        parameters: [
            ParameterSpec(
                "kind", .choice(CertificateFlaw.allCases.map(\.rawValue) + [noVersion]),
                default: .fixed("expired"),
                "The certificate is expired, vouched for by nobody but itself, or for another "
                    + "host; or the server speaks no version of TLS that the client offers.")
        ],
        documentation: FaultDocumentation(
            wireForm:
                "In a tunnel of the proxy: a certificate of 2015; one that is signed with its "
                + "own key; one for other-host.stormtape.test; or the alert protocol_version (70) "
                + "in answer to the ClientHello. Agents that are led to mounts speak no TLS.",
            clients: "An error of the connection, which the SDKs of OpenAI and Anthropic retry "
                + "twice, in vain where the cause stays. A client that does not verify "
                + "certificates goes on: its request follows the struck attempt in the trace.",
            robustAgent: "Gives up soon, says that the certificate is the cause, and never turns "
                + "verification off.",
            evidence: [
                "microsoft/TaskWeaver#52", "sidhq/Multi-GPT#14",
                "crewAIInc/crewAI#268 (verification is turned off instead)",
            ]),
        opening: OpeningFault(step: .handshake) { parameters in
            CertificateFlaw(rawValue: parameters.text("kind")).map { .badCertificate($0) }
                ?? .noVersion
        })

    private static let noVersion = "proto"

    /// A kind that strikes before there is a connection.
    ///
    /// A request that came all the same came over a connection that was open, or nobody could see
    /// it being opened.
    private init(
        _ id: String, _ summary: String, weight: Int = 1, parameters: [ParameterSpec] = [],
        documentation: FaultDocumentation, opening: OpeningFault
    ) {
        self.init(
            id: id, summary: summary, layer: .connection, target: .any, signature: .loud,
            weight: weight, replaces: true, parameters: parameters, documentation: documentation,
            opening: opening
        ) { _, _, context in
            .inapplicable(opening.step.reasonNotStruck(context))
        }
    }
}

extension OpeningStep {
    /// Whether agents take it on their way to an upstream.
    ///
    /// Mounts are connected to, without TLS, and what is behind the proxy is reached by tunnels. To a
    /// server behind a pipe there is no way that could fail: the bridge's own is none of the agent's.
    package func isTaken(to upstream: Upstream) -> Bool {
        switch self {
        case .lookUp, .connect: !upstream.isProxied && !MCP.isStdio(upstream)
        case .handshake: upstream.isProxied && upstream.address.hasPrefix("https:")
        }
    }

    /// Why a request arrived although its connection was to be kept from opening.
    fileprivate func reasonNotStruck(_ context: FaultContext) -> String {
        let isTaken = isTaken(to: context.upstream)
        switch self {
        case .lookUp, .connect:
            return isTaken
                ? "the request came over a connection that could not be kept from opening; "
                    + "that takes the virtual clock, and an agent whose connect() can be seen"
                : "the agent reaches this host through the proxy, and connects to nothing else"
        case .handshake where !isTaken:
            return "the agent speaks no TLS to this upstream; that takes a host that it "
                + "reaches over TLS through the proxy (`record --proxy`)"
        case .handshake:
            return context.isClockVirtual
                ? "the request came over a tunnel that was open already, or the agent goes on "
                    + "with a certificate that it must not trust"
                : "handshakes are kept from succeeding under the virtual clock only"
        }
    }
}
