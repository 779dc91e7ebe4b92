public import Cassette
import Determinism

extension OpenAIChat {
    /// What a request says; instructions are the system and developer messages at its head.
    ///
    /// Calls of custom tools have their input, a text, for arguments.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        ChatConversation.read(request.json)
    }

    /// The tokens by the last count of the answer: `prompt_tokens` and `completion_tokens`.
    ///
    /// A stream counts only where the request asks for it; Groq does so in a member of its own.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(input: ["prompt_tokens"], output: ["completion_tokens"])
            .reading(body, framing) { $0["usage"]?.nonNull ?? $0["x_groq"]?["usage"] }
    }
}
