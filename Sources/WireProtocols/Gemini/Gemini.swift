public import Cassette
public import Determinism

/// Gemini's `generateContent` and `streamGenerateContent`, in the Gemini API and Vertex AI.
///
/// Source: https://ai.google.dev/api/generate-content. The answer is the candidate with index 0; an
/// answer with several candidates is read but not edited. A stream is server-sent events with
/// `alt=sse`, else one JSON array that trickles in. It has no terminator: the chunk with a
/// `finishReason` ends it and often carries the last content as well.
public struct Gemini: WireProtocol {
    /// The stable identifier.
    public static let id = "gemini"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to `…/models/{model}:generateContent` or to the streaming method.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        guard asciiEqual(request.method, "POST"), let method = Self.method(of: request) else {
            return false
        }
        return method == "generateContent" || method == "streamGenerateContent"
    }

    /// As the head announces it, or the array that the streaming method gives without `alt=sse`.
    public func framing(of request: RecordedRequest, headers: HeaderFields) -> StreamFraming? {
        if let announced = StreamFraming(announcedBy: headers) { return announced }
        guard isStreaming(request), !Self.asksForEvents(request),
            let type = headers.first("content-type"),
            asciiLowercased(type).hasPrefix("application/json")
        else { return nil }
        return .jsonArray
    }

    /// What one event means.
    ///
    /// One event may say several things; the role is the first of: error, text, tool calls (a whole
    /// call is its start, whose arguments only the summary shows), finish, usage. The index of a
    /// call counts in its event, since the provider numbers none.
    public func role(of event: StreamEvent) -> StreamEventRole {
        guard let chunk = GeminiChunk(event) else {
            return event.isKeepAlive ? .ping : .other
        }
        if chunk.isError { return .error }
        let text = chunk.text
        if !text.isEmpty { return .text(text) }
        for (index, call) in chunk.parts.compactMap(GeminiPart.call).enumerated() {
            if GeminiPart.opensCall(call) {
                return .toolStart(
                    index: index, id: call["id"]?.stringValue ?? "",
                    name: call["name"]?.stringValue ?? "")
            }
            if let pieces = call["partialArgs"], !pieces.isBlank {
                return .toolArguments(index: index, fragment: pieces.encodedText())
            }
        }
        if let reason = chunk.endReason { return .finish(reason: reason) }
        return chunk.candidate == nil && chunk.hasUsage ? .usage : .other
    }

    /// Whether it has a `finishReason` or blocks the prompt, whatever else it says.
    public func finishes(_ event: StreamEvent) -> Bool {
        guard let chunk = GeminiChunk(event), !chunk.isError else { return false }
        return chunk.endReason != nil
    }

    /// What a stream says.
    ///
    /// It is read to its last event, as in the SDKs, since nothing but the end of the body says
    /// that no more comes. An error, even behind the finish, leaves it without an end.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        GeminiReader.summary(of: events)
    }

    /// What a JSON answer says; the reason of a blocked prompt is why it ended.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        GeminiReader.summary(of: answer)
    }

    /// Nil: the provider sends none, and its SDK takes a comment for an answer that is no JSON.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? { nil }

    private static let collections = ["models", "tunedModels", "endpoints"]

    /// The method of a route; other routes have methods too, but no model before.
    private static func method(of request: RecordedRequest) -> String? {
        let segments = request.path.split(separator: "/")
        guard let last = segments.last, let colon = last.lastIndex(of: ":"),
            let collection = segments.dropLast().last, collections.contains(String(collection)),
            colon > last.startIndex
        else { return nil }
        return String(last[last.index(after: colon)...])
    }

    private static func asksForEvents(_ request: RecordedRequest) -> Bool {
        let query = request.target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.split(separator: "&").contains { parameter in
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, asciiEqual(String(pair[1]), "sse") else { return false }
            return ["alt", "$alt", "%24alt"].contains(String(pair[0]))
        }
    }
}
