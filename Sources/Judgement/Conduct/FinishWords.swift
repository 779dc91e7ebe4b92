/// The words of providers for why an answer ended, in lower case.
enum FinishWords {
    /// The model had said all.
    static let stop = ["stop", "end_turn", "stop_sequence", "complete", "completed"]
    /// It grew too long.
    static let length = [
        "length", "max_tokens", "max_output_tokens", "model_length", "incomplete",
        "model_context_window_exceeded",
    ]
    /// The model asks for tools.
    static let toolCalls = ["tool_calls", "tool_use", "tool_call", "function_call"]
    /// The provider, or the model, did not want to say it.
    static let contentFilter = [
        "content_filter", "content_filtered", "guardrail_intervened", "refusal", "safety",
        "prohibited_content", "recitation", "blocklist", "spii", "image_safety",
        "image_prohibited_content", "image_recitation",
    ]

    /// By the word that stands for all of them.
    static let byCommonWord: [(common: String, words: [String])] = [
        ("stop", stop), ("length", length), ("tool_calls", toolCalls),
        ("content_filter", contentFilter),
    ]
}
