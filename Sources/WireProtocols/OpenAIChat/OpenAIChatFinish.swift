import Determinism

/// The words of chat completions for why an answer ended.
enum OpenAIChatFinish {
    private static let words = FinishWords([
        ("stop", .stop), ("length", .length), ("tool_calls", .toolCalls),
        ("content_filter", .contentFilter),
    ])

    /// What a word means; none for an answer that does not say.
    static func meaning(of word: String?) -> AnswerFinish {
        words.finish(of: word)
    }

    /// The value that says it; nil where there is no word for it.
    static func value(of finish: AnswerFinish) -> JSONValue? {
        words.value(for: finish)
    }

    /// Writes another reason into a choice, also where a gateway repeats what stood behind it.
    static func write(_ reason: JSONValue, into choice: inout JSONValue) {
        choice["finish_reason"] = reason
        if choice["native_finish_reason"]?.nonNull != nil {
            choice["native_finish_reason"] = reason
        }
    }
}
