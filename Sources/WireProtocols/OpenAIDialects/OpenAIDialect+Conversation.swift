import Cassette

extension OpenAIDialect {
    /// As in chat completions.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        OpenAIChat().conversation(of: request)
    }

    /// As in chat completions.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        OpenAIChat().usage(of: body, framing: framing)
    }
}
