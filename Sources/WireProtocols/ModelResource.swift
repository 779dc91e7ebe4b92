public import Cassette
public import Determinism

/// What a provider offers beside answers of a model: embeddings, and lists of its models.
///
/// These are plain JSON documents, which no fault of a model's answer can edit; errors come in the
/// provider's words.
public struct ModelResource: WireProtocol {
    /// The stable identifier, that of the provider's protocol and `-resource`.
    public let id: String
    private let provider: any WireProtocol
    private let serves: @Sendable (RecordedRequest, String) -> Bool

    init(
        of provider: any WireProtocol,
        where serves: @escaping @Sendable (_ request: RecordedRequest, _ host: String) -> Bool
    ) {
        id = provider.id + "-resource"
        self.provider = provider
        self.serves = serves
    }

    /// Whether the route is one for embeddings or a list of models, and the provider's.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        (Self.embeds(request) || Self.listsModels(request)) && serves(request, host)
    }

    private static func embeds(_ request: RecordedRequest) -> Bool {
        ["/embeddings", "/embed", ":embedContent", ":batchEmbedContents"].contains {
            request.posts(to: $0)
        }
    }

    private static func listsModels(_ request: RecordedRequest) -> Bool {
        guard asciiEqual(request.method, "GET") else { return false }
        let segments = request.path.split(separator: "/")
        return segments.last == "models" || segments.dropLast().last == "models"
            || request.path.hasSuffix("/api/tags")
    }

    /// Nothing that is told apart.
    public func role(of event: StreamEvent) -> StreamEventRole { .other }

    /// Nothing: there is no such stream.
    public func summary(of events: [StreamEvent]) -> AnswerSummary { AnswerSummary() }

    /// That it is whole.
    public func summary(of answer: JSONValue) -> AnswerSummary { AnswerSummary(terminated: true) }

    /// The provider's, but none of a conversation: there is none.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .historyInvalid, .signatureInvalid, .previousResponseNotFound: nil
        default: provider.status(of: error)
        }
    }

    /// In the provider's words.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        provider.errorAnswer(error, status: status, facts: facts)
    }

    /// Nil: there is no such stream.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? { nil }

    /// Nil: there is no such stream.
    public func finishedForLength(
        _ events: [StreamEvent], contentEvents: Int
    ) -> [StreamEvent]? { nil }

    /// Nil: there is no text.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? { nil }

    /// Nil: there is no such stream.
    public func emptied(_ events: [StreamEvent]) -> [StreamEvent]? { nil }

    /// Nil: there is no text.
    public func emptied(_ answer: JSONValue) -> JSONValue? { nil }

    /// Nil: there is no such stream.
    public func toolArgumentsTruncated(
        _ events: [StreamEvent], members: Int
    ) -> [StreamEvent]? { nil }

    /// Nil: there is no tool call.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? { nil }

    /// Nil: there is no such stream.
    public func content(of events: [StreamEvent]) -> AnswerContent? { nil }

    /// Nil: it is no answer of a model.
    public func content(of answer: JSONValue) -> AnswerContent? { nil }

    /// Nil: there is no such stream.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? { nil }

    /// Nil: it is no answer of a model.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? { nil }

    /// Nil: it has no turns.
    public func conversation(of request: RecordedRequest) -> Conversation? { nil }

    /// Nil: it is no answer of a model.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? { nil }
}
