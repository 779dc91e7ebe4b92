import Determinism

/// The counters of an answer.
enum CohereUsage {
    /// The counters of an answer without content.
    ///
    /// Of the tokens of every plain answer three are not billed: they are its frame.
    static func ofNothing(_ usage: JSONValue) -> JSONValue {
        var usage = usage
        if usage["billed_units"]?["output_tokens"] != nil {
            usage["billed_units"]?["output_tokens"] = 0
        }
        if usage["tokens"]?["output_tokens"] != nil { usage["tokens"]?["output_tokens"] = 3 }
        if usage["tokens"]?["reasoning_tokens"] != nil {
            usage["tokens"]?["reasoning_tokens"] = .none
        }
        return usage
    }
}
