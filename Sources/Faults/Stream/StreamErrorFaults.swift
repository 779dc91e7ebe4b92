import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let errorEventFirst = FaultKind(
        id: "error-event-first",
        summary: "The stream opens with status 200, reports an error at once and ends.",
        layer: .stream, target: .model, signature: .loud, weight: 3, replaces: false,
        parameters: [errorType],
        documentation: FaultDocumentation(
            wireForm: "Status 200 and the head of a stream, then the provider's own error as the "
                + "only event, then a clean end.",
            clients: "Vercel's AI SDK turns Anthropic's into status 529, which is retried; the "
                + "others raise an error without a useful status, which no retry catches.",
            robustAgent: "Classifies by the error's type, not by the status, and asks again: "
                + "nothing was given out yet.",
            evidence: ["vercel/ai#10653", "anthropics/anthropic-sdk-python#1918"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let first = stream.timed[0].event
            guard !first.closesArray else { throw Inapplicable("the stream has no events") }
            let event = try errorEvent(parameters, wire, framing: first.framing)
            stream.insert([event], at: 0)
            stream.write(first: 1, to: &delivery)
        })

    static let errorEventMid = FaultKind(
        id: "error-event-mid",
        summary: "After some content the stream reports an error and ends.",
        layer: .stream, target: .model, signature: .loud, weight: 3, replaces: false,
        parameters: [
            contentEvent("at", "How many content events come before the error."),
            errorType,
        ],
        documentation: FaultDocumentation(
            wireForm: "After some content events the provider's own error, then a clean end. "
                + "OpenAI: data: {\"error\":{…}}; Responses: response.failed; Anthropic: event: "
                + "error; Gemini: an element {\"error\":{…}}; Bedrock: a message with :message-type "
                + "exception; Ollama: a line {\"error\":…}; OpenRouter: finish_reason error.",
            clients: "No SDK retries once the head has arrived. openai raises APIError without a "
                + "status, but yields Responses' error as an ordinary event; anthropic raises "
                + "APIStatusError with status 200; ollama ResponseError with status -1. litellm "
                + "wraps it as MidStreamFallbackError. Some frameworks show it as text.",
            robustAgent: "Discards or labels what came before and runs the turn again, without "
                + "repeating text or tool calls that were already given out.",
            evidence: [
                "inspect_ai#5110", "HKUDS/nanobot#5454",
                "GenericAgent#753", "goose#9579", "googleapis/python-genai#1162",
                "openai/openai-python#1160", "anthropics/anthropic-sdk-python#1258",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let place = try contentPlace("at", parameters, stream, wire)
            let framing = stream.timed[place].event.framing
            let event = try errorEvent(parameters, wire, framing: framing)
            stream.timed.insert(.init(event: event, at: stream.timed[place].at), at: place + 1)
            stream.write(first: place + 2, to: &delivery)
        })

    private static func errorEvent(
        _ parameters: FaultParameters, _ wire: any WireProtocol, framing: StreamFraming
    ) throws(Inapplicable) -> StreamEvent {
        let error = try errorOfType(parameters)
        guard let event = wire.errorEvent(error, framing: framing) else {
            throw Inapplicable("\(wire.id) reports no such error inside a stream like this")
        }
        return event
    }
}
