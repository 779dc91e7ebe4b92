package import Cassette
package import Determinism

/// What a judge speaks.
package enum JudgeProtocol: String, Hashable, Sendable, CaseIterable {
    case openAIChat = "openai-chat"
    case anthropicMessages = "anthropic-messages"
    /// Not a verdict, but a vector for the meaning of a text.
    case openAIEmbeddings = "openai-embeddings"

    /// The protocols of models that give a verdict.
    static let ofVerdicts: [JudgeProtocol] = [.openAIChat, .anthropicMessages]

    /// The path below the address that SDKs take for this provider.
    var target: String {
        switch self {
        case .openAIChat: "/chat/completions"
        case .anthropicMessages: "/v1/messages"
        case .openAIEmbeddings: "/embeddings"
        }
    }

    fileprivate var headers: HeaderFields {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        if self == .anthropicMessages { headers.append("anthropic-version", "2023-06-01") }
        return headers
    }
}

/// One question to a judge: a request to a model, which is also the address of its answer.
package struct JudgeQuestion: Hashable, Sendable {
    /// What the judge speaks.
    package let wire: JudgeProtocol
    /// The request, without credentials.
    package let request: RecordedRequest
    /// The identity of the request, by which a recorded answer is found.
    package let fingerprint: Fingerprint

    /// A question with this body, in its canonical form.
    init(_ wire: JudgeProtocol, body: JSONValue) {
        self.init(
            wire,
            RecordedRequest(
                method: "POST", target: wire.target, headers: wire.headers, body: body.canonical()))
    }

    private init(_ wire: JudgeProtocol, _ request: RecordedRequest) {
        self.wire = wire
        self.request = request
        fingerprint = JudgeQuestion.fingerprint(of: request)
    }

    /// The question as it is asked and kept: without secrets.
    package func redacted(
        by redact: (RecordedRequest) -> RecordedRequest
    ) -> JudgeQuestion {
        JudgeQuestion(wire, redact(request))
    }

    /// The model that is asked; empty where the body names none.
    package var model: String { body?["model"]?.stringValue ?? "" }

    private var body: JSONValue? { try? JSONValue.parse(request.body) }

    /// The identity of a request to a judge, whatever its address.
    ///
    /// Identifiers are taken as they are: an answer is about this text and no other.
    static func fingerprint(of request: RecordedRequest) -> Fingerprint {
        RequestIdentity(request, upstream: "judge", rules: IdentityRules()).exact
    }
}

extension JudgeQuestion: Comparable {
    /// Orders by protocol, then by fingerprint: the same questions stand in the same order,
    /// whoever asked first.
    package static func < (left: JudgeQuestion, right: JudgeQuestion) -> Bool {
        left.wire == right.wire
            ? left.fingerprint < right.fingerprint
            : left.wire.rawValue.utf8.lexicographicallyPrecedes(right.wire.rawValue.utf8)
    }
}

extension JudgeQuestion {
    /// The JSON form.
    package var json: JSONValue {
        [
            "fingerprint": .string(fingerprint.hex), "protocol": .string(wire.rawValue),
            "body": body ?? .null,
        ]
    }

    /// Reads the JSON form; nil when it is not one.
    ///
    /// The fingerprint is that of the body, whatever the form says.
    package init?(json: JSONValue) {
        guard let wire = json["protocol"]?.stringValue.flatMap(JudgeProtocol.init(rawValue:)),
            let body = json["body"], body["model"]?.stringValue?.isEmpty == false
        else { return nil }
        self.init(wire, body: body)
    }
}
