import Determinism

/// Changes to a candidate and its usage that streams and JSON answers share.
enum GeminiEdits {
    /// Sets why the answer ended; the message beside it explained the old reason.
    static func finish(_ candidate: inout JSONValue, _ reason: String) {
        candidate["finishReason"] = .string(reason)
        candidate["finishMessage"] = nil
    }

    /// Replaces the parts; content without any has no `parts`, as the provider writes it.
    static func replaceParts(_ candidate: inout JSONValue, _ parts: [JSONValue]) {
        guard var content = candidate["content"], content.objectValue != nil else { return }
        content["parts"] = parts.isEmpty ? nil : .some(.array(parts))
        candidate["content"] = content
    }

    /// Drops what quotes or measures a text that is no longer whole.
    static func dropDescriptions(_ candidate: inout JSONValue) {
        for key in ["citationMetadata", "avgLogprobs", "logprobsResult", "tokenCount"] {
            candidate[key] = nil
        }
        guard var grounding = candidate["groundingMetadata"] else { return }
        grounding["groundingSupports"] = nil
        candidate["groundingMetadata"] = grounding
    }

    /// The parts that an answer without content keeps: the thoughts before its first content, and
    /// empty texts, which carry the signature of the thoughts.
    static func partsWithoutContent(_ parts: [JSONValue]) -> [JSONValue] {
        let start = parts.prefix { !GeminiPart.isOfAnswer($0) }
        return start + parts.dropFirst(start.count).filter(GeminiPart.isEmptyText)
    }

    /// The data without tokens of output, which the provider does not count when there are none.
    static func withoutOutputTokens(_ json: JSONValue) -> JSONValue {
        guard var usage = json["usageMetadata"],
            let output = usage["candidatesTokenCount"]
        else { return json }
        usage["candidatesTokenCount"] = nil
        usage["candidatesTokensDetails"] = nil
        if let total = usage["totalTokenCount"]?.intValue, let count = output.intValue,
            count >= 0, total >= count
        {
            usage["totalTokenCount"] = .int(total - count)
        }
        var json = json
        json["usageMetadata"] = usage
        return json
    }

    /// A part of a call that keeps of its arguments only the members that `kept` has; nil when
    /// nothing is left of the part.
    static func shortened(_ part: JSONValue, kept: JSONValue) -> JSONValue? {
        guard var call = GeminiPart.call(part) else { return part }
        if let members = call["args"]?.objectValue {
            call["args"] = .object(members.filter { kept[$0.key] != nil })
        }
        if let pieces = call["partialArgs"]?.arrayValue {
            let left = pieces.filter { piece in
                GeminiPartialArgument(piece).map { kept[$0.member] != nil } ?? true
            }
            let goesOn = call["willContinue"]?.boolValue == true && !GeminiPart.opensCall(call)
            if left.isEmpty, !pieces.isEmpty, goesOn, part.objectValue?.count == 1 { return nil }
            call["partialArgs"] = left.isEmpty ? nil : .some(.array(left))
        }
        guard call != GeminiPart.call(part) else { return part }
        var part = part
        part["functionCall"] = call
        return part
    }
}
