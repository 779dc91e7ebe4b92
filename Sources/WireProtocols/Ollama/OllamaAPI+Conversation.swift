import Cassette
import Determinism

extension OllamaAPI {
    /// What a request says: its messages, or the prompt as the only turn.
    ///
    /// A request without a prompt only loads the model; its conversation has no turn.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        switch route {
        case .chat: ChatConversation.read(request.json)
        case .generate: Self.generation(request.json)
        }
    }

    private static func generation(_ body: JSONValue?) -> Conversation? {
        guard let body, body["model"]?.stringValue != nil else { return nil }
        var builder = ConversationBuilder()
        builder.instruct(body["system"]?.stringValue ?? "")
        let images = body["images"]?.arrayValue ?? []
        let prompt = body["prompt"]?.stringValue ?? ""
        var parts = images.map { _ in ConversationPart.other }
        if !prompt.isEmpty { parts.append(.text(prompt)) }
        if !parts.isEmpty { builder.add(.user, parts) }
        return builder.conversation
    }

    /// The tokens that the last line counts: `prompt_eval_count`, which servers leave out where
    /// they remember the whole prompt, and `eval_count`.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(input: ["prompt_eval_count"], output: ["eval_count"])
            .reading(body, framing) { $0 }
    }
}
