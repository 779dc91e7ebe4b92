import Determinism

/// What one chunk of a stream, or a whole answer, holds, read leniently.
struct GeminiChunk {
    /// The whole data.
    let json: JSONValue
    /// The place of the candidate with index 0 in `candidates`.
    let candidatePlace: Int?
    /// The candidate with index 0, or without an index.
    let candidate: JSONValue?

    /// Reads an event; nil when it is not dispatched or its data is no object.
    init?(_ event: StreamEvent) {
        guard let json = event.json else { return nil }
        self.init(json)
    }

    /// Reads an answer; nil when it is no object.
    init?(_ json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        self.json = json
        let candidates = json["candidates"]?.arrayValue ?? []
        candidatePlace = candidates.firstIndex { Self.isFirst($0) }
        candidate = candidatePlace.map { candidates[$0] }
    }

    private static func isFirst(_ candidate: JSONValue) -> Bool {
        (candidate["index"]?.placeValue ?? 0) == 0
    }

    /// Whether it reports an error; the SDK raises it, whatever else the chunk says.
    var isError: Bool { json["error"]?.nonNull != nil }

    /// The parts of the candidate's content.
    var parts: [JSONValue] { candidate?["content"]?["parts"]?.arrayValue ?? [] }

    /// The visible text.
    var text: String { parts.map(GeminiPart.text).joined() }

    /// Why the answer ended.
    var finishReason: String? { Self.reason(candidate?["finishReason"]) }

    /// Why the answer ended, or why the prompt was blocked, which leaves no candidate.
    var endReason: String? {
        if candidate != nil { return finishReason }
        return Self.reason(json["promptFeedback"]?["blockReason"])
    }

    private static func reason(_ value: JSONValue?) -> String? {
        guard let text = value?.stringValue, !text.isEmpty else { return nil }
        // What Google's JSON writes for a value that was not set.
        return text.hasSuffix("_UNSPECIFIED") ? nil : text
    }

    /// Whether it reports usage.
    var hasUsage: Bool { json["usageMetadata"]?.nonNull != nil }

    /// Whether there are several candidates, or another one than the first.
    var hasOtherCandidates: Bool {
        let candidates = json["candidates"]?.arrayValue ?? []
        return candidates.count > 1 || candidates.contains { !Self.isFirst($0) }
    }

    /// The data with another candidate.
    func replacingCandidate(_ candidate: JSONValue) -> JSONValue {
        guard let candidatePlace else { return json }
        var json = json
        json["candidates"]?[candidatePlace] = candidate
        return json
    }
}
