import Determinism

/// What a part of a message keeps when it is cut.
struct ResponsesKeptPart {
    /// The text or the refusal before the cut.
    var text = ""
    /// How many annotations came before the cut.
    var annotations = 0
    /// Whether text is lost.
    var losesText = false
    /// Whether annotations are lost.
    var losesAnnotations = false

    /// The part, or the event that repeats it, with only what is kept.
    func cut(_ json: JSONValue) -> JSONValue {
        var json = json
        if losesText {
            let key = json["refusal"]?.stringValue != nil ? "refusal" : "text"
            json[key] = .string(text)
            Self.cutLogprobs(&json, to: text)
        }
        if losesText || losesAnnotations, let all = json["annotations"]?.arrayValue {
            json["annotations"] = .array(Array(all.prefix(annotations)))
        }
        return json
    }

    /// Keeps the tokens that a text still holds, by their bytes: a token may be part of a
    /// character.
    static func cutLogprobs(_ json: inout JSONValue, to text: String) {
        guard let all = json["logprobs"]?.arrayValue else { return }
        var left = text.utf8.count
        let kept = all.prefix { token in
            let text = token["token"]?.stringValue ?? ""
            left -= token["bytes"]?.arrayValue?.count ?? text.utf8.count
            return left >= 0
        }
        json["logprobs"] = .array(Array(kept))
    }
}
