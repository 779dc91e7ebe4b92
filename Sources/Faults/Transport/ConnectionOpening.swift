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
        opening: OpeningFault(step: .lookUp) { parameters in
            parameters.text("rcode") == "SERVFAIL" ? .noServer : .noName
        })

    static let connectRefused = FaultKind(
        "connect-refused", "The connection for the request is refused.",
        opening: OpeningFault(step: .connect) { _ in .refused })

    static let connectTimeout = FaultKind(
        "connect-timeout", "Nobody ever answers the attempt to connect for the request.",
        opening: OpeningFault(step: .connect) { _ in .silent })

    /// A kind that strikes before there is a connection.
    ///
    /// A request that came all the same came over a connection that was open, or nobody could see
    /// it being opened.
    private init(
        _ id: String, _ summary: String, parameters: [ParameterSpec] = [], opening: OpeningFault
    ) {
        self.init(
            id: id, summary: summary, layer: .connection, target: .any, signature: .loud,
            weight: 1, replaces: true, parameters: parameters, opening: opening
        ) { _, _, _ in
            .inapplicable(
                "the request came over a connection that could not be kept from opening; "
                    + "that takes the virtual clock, and an agent whose connect() can be seen")
        }
    }
}
