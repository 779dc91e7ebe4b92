import Determinism

/// The words of chat completions for why an answer ended.
enum OpenAIChatFinish {
    /// What a word means; none for an answer that does not say.
    static func meaning(of word: String?) -> AnswerFinish {
        switch word {
        case nil: .unsaid
        case "stop": .stop
        case "length": .length
        case "tool_calls": .toolCalls
        case "content_filter": .contentFilter
        case .some(let word): .other(word)
        }
    }

    /// The value that says it; nil where there is no word for it.
    static func value(of finish: AnswerFinish) -> JSONValue? {
        switch finish {
        case .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        case .other(let word): .string(word)
        case .unsaid: .some(.null)
        case .refusal, .recitation, .malformedCall, .pause, .contextFull: nil
        }
    }

    /// Writes another reason into a choice, also where a gateway repeats what stood behind it.
    static func write(_ reason: JSONValue, into choice: inout JSONValue) {
        choice["finish_reason"] = reason
        if choice["native_finish_reason"]?.nonNull != nil {
            choice["native_finish_reason"] = reason
        }
    }
}
