public import Cassette
import Determinism

extension CohereChat {
    /// What a request says; plans for tools are `other`, documents of results are their data.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        ChatConversation.read(request.json)
    }

    /// The tokens that are billed; where the answer does not say, those that the model read and
    /// wrote, the frame of the prompt among them.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(input: ["input_tokens"], output: ["output_tokens"])
            .reading(body, framing) { document in
                let answer = document["delta"] ?? document
                let usage = answer["usage"] ?? answer["meta"]
                return usage?["billed_units"]?.nonNull ?? usage?["tokens"]
            }
    }
}
