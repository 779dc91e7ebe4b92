public import Cassette
public import Determinism

/// What one event of a model's stream means to the agent.
public enum StreamEventRole: Hashable, Sendable {
    /// Opens the stream; carries no content.
    case start
    /// Adds visible text.
    case text(String)
    /// Opens a tool call.
    case toolStart(index: Int, id: String, name: String)
    /// Adds a piece of a tool call's arguments.
    case toolArguments(index: Int, fragment: String)
    /// Says why the answer ended, in the provider's word.
    case finish(reason: String)
    /// Reports usage only.
    case usage
    /// Ends the stream at the level of the protocol.
    case terminator
    /// An error inside the stream.
    case error
    /// A keep-alive.
    case ping
    /// Anything else that must be kept.
    case other

    /// Whether the agent sees content in it.
    public var isContent: Bool {
        switch self {
        case .text, .toolStart, .toolArguments: true
        default: false
        }
    }
}

/// A tool call as a model asked for it.
public struct ToolCall: Hashable, Sendable {
    /// The identifier that the result must name.
    public var id: String
    /// The name of the tool.
    public var name: String
    /// The arguments as text; JSON unless the model or a fault broke it.
    public var arguments: String

    /// Creates a tool call.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// The call as an answer holds it; what is absent there is empty here.
    init(_ call: AnswerCall) {
        self.init(id: call.id ?? "", name: call.name, arguments: call.arguments ?? "")
    }
}

/// What an answer says, whatever its wire form.
public struct AnswerSummary: Hashable, Sendable {
    /// The visible text.
    public var text: String
    /// The tool calls in the order of their index.
    public var toolCalls: [ToolCall]
    /// The provider's word for why it ended; absent when it did not say.
    public var finishReason: String?
    /// Whether the protocol's own end of the answer was seen; true for a whole JSON body.
    public var terminated: Bool

    /// Creates a summary.
    public init(
        text: String = "", toolCalls: [ToolCall] = [], finishReason: String? = nil,
        terminated: Bool = false
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.terminated = terminated
    }
}

/// An HTTP answer that a provider gives instead of a model's answer.
public struct ErrorAnswer: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The header lines, `content-type` among them.
    public var headers: HeaderFields
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headers: HeaderFields, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Bytes to meaning and back for one provider's protocol over HTTP.
///
/// An implementation holds no state. What it does not edit it returns byte for byte. An edit
/// that makes no sense for the given answer returns nil, and the fault says `inapplicable`.
public protocol WireProtocol: Sendable {
    /// The stable identifier, such as `openai-chat`.
    var id: String { get }

    /// Whether a request to a host speaks this protocol, by its route and body.
    func matches(_ request: RecordedRequest, host: String) -> Bool

    /// How the events of an answer with this head are framed; nil for one document.
    func framing(of request: RecordedRequest, headers: HeaderFields) -> StreamFraming?

    /// What one event of a stream means.
    func role(of event: StreamEvent) -> StreamEventRole

    /// Whether an event says why the answer ended, or ends the stream, whatever else it says.
    func finishes(_ event: StreamEvent) -> Bool

    /// What a stream says; what follows its end or an error is not read, as in the SDKs.
    func summary(of events: [StreamEvent]) -> AnswerSummary

    /// What a whole JSON answer says.
    func summary(of answer: JSONValue) -> AnswerSummary

    /// The status with which the provider reports an error; nil where it has no such error.
    func status(of error: ProviderError) -> Int?

    /// The provider's answer for an error; its nearest own one where it has no such error.
    func errorAnswer(_ error: ProviderError, status: Int, facts: ErrorFacts) -> ErrorAnswer

    /// The event that reports an error inside a stream; nil where the framing has no place for it.
    func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent?

    /// What keeps a connection alive without an event; nil where nothing can.
    func keepAlive(framing: StreamFraming) -> [UInt8]?

    /// The stream cut after `contentEvents` content events, finished for length, terminated.
    func finishedForLength(_ events: [StreamEvent], contentEvents: Int) -> [StreamEvent]?

    /// The JSON answer with its text cut to `characters` and finished for length.
    func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue?

    /// The stream with no content at all, finished normally, terminated.
    func emptied(_ events: [StreamEvent]) -> [StreamEvent]?

    /// The JSON answer with no content, finished normally.
    func emptied(_ answer: JSONValue) -> JSONValue?

    /// The stream in which the arguments of the last tool call keep only their first `members`
    /// members, while it is finished as if they were whole. Arguments that are text lose their
    /// closing brace; those that are an object inside an event stay one.
    func toolArgumentsTruncated(_ events: [StreamEvent], members: Int) -> [StreamEvent]?

    /// The JSON answer with the same cut.
    func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue?

    /// What a whole stream says, to be edited; nil where it did not end as the protocol wants.
    func content(of events: [StreamEvent]) -> AnswerContent?

    /// What a JSON answer says, to be edited; nil where it is no answer of a model.
    func content(of answer: JSONValue) -> AnswerContent?

    /// The stream that says this in place of what `events` say, as the provider would send it;
    /// nil where its form has no place for it.
    ///
    /// Identifiers, instants, usage and form are those of `events`; what says the same stays byte
    /// for byte. Reading the result gives the content back.
    func rewritten(_ events: [StreamEvent], saying content: AnswerContent) -> [StreamEvent]?

    /// The JSON answer that says this, under the same rules.
    func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue?

    /// What a request says; nil where it is none that this protocol reads.
    func conversation(of request: RecordedRequest) -> Conversation?

    /// The tokens that an answer says it cost; nil where it does not say so.
    func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage?
}

extension WireProtocol {
    /// The model that a request names.
    public func model(of request: RecordedRequest) -> String? {
        RequestFacts(request).model
    }

    /// Whether a request asks for a stream.
    public func isStreaming(_ request: RecordedRequest) -> Bool {
        RequestFacts(request).isStreaming
    }

    /// As the head announces it.
    public func framing(of request: RecordedRequest, headers: HeaderFields) -> StreamFraming? {
        StreamFraming(announcedBy: headers)
    }

    /// As its role says.
    public func finishes(_ event: StreamEvent) -> Bool {
        switch role(of: event) {
        case .finish, .terminator: true
        default: false
        }
    }

    /// What the framing itself allows.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? {
        framing.keepAlive
    }

    /// What a body says, whether it is a stream or one document.
    public func summary(of body: [UInt8], framing: StreamFraming?) -> AnswerSummary {
        if let framing { return summary(of: framing.events(of: body)) }
        guard let answer = try? JSONValue.parse(body) else { return AnswerSummary() }
        return summary(of: answer)
    }
}

/// The protocols that are known, in the order in which they are tried.
public enum WireProtocols {
    /// The protocol with this identifier.
    public static func named(_ id: String) -> (any WireProtocol)? {
        all.first { $0.id == id }
    }

    /// The protocol that a request speaks; nil for plain HTTP.
    ///
    /// The upstream may name one; else the request tells, since one address serves several.
    public static func of(
        _ request: RecordedRequest, upstream: Upstream?
    ) -> (any WireProtocol)? {
        if let named = upstream?.wireProtocol.flatMap(named) { return named }
        return detect(request, host: upstream.map { host(of: $0.address) } ?? "")
    }

    /// How the events of an answer are framed, whether its protocol is known or not; nil for one
    /// document.
    public static func framing(
        of request: RecordedRequest, headers: HeaderFields, wire: (any WireProtocol)?
    ) -> StreamFraming? {
        guard let wire else { return StreamFraming(announcedBy: headers) }
        return wire.framing(of: request, headers: headers)
    }

    /// The protocol that a request to a host speaks; nil for plain HTTP.
    public static func detect(_ request: RecordedRequest, host: String) -> (any WireProtocol)? {
        all.first { $0.matches(request, host: host) }
    }

    /// The host of an address in lower case, without its port.
    static func host(of address: String) -> String {
        // The scheme ends at the first slash, which a second one follows.
        let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        let hasScheme = parts.first?.hasSuffix(":") == true && parts.count > 1
        let authority = hasScheme ? parts[1] : parts.first ?? ""
        let host = authority.split(separator: "@").last ?? ""
        return asciiLowercased(String(host.prefix { $0 != ":" && $0 != "?" }))
    }
}
