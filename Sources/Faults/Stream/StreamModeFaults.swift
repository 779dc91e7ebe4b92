import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let wrongContentType = FaultKind(
        id: "wrong-content-type",
        summary: "The answer is as recorded, but its content type is another one.",
        layer: .framing, target: .any, signature: .ambiguous, weight: 3, replaces: false,
        parameters: [
            ParameterSpec(
                "type",
                .choice([
                    "swapped", "application/json", "text/event-stream", "text/html", "text/plain",
                    "absent",
                ]), default: .fixed("swapped"),
                "The content type; swapped: a stream is called application/json, anything else "
                    + "text/event-stream.")
        ],
        documentation: FaultDocumentation(
            wireForm: "content-type: application/json above the frames of a stream, or "
                + "text/event-stream above one document; the body is untouched.",
            clients: "openai and anthropic do not check: they give no events, or one. httpx-sse "
                + "raises SSEError; MCP clients fail with \"Unexpected content type\".",
            robustAgent: "Checks that something was answered before it goes on.",
            evidence: ["openai-python 3.54.0, read", "mcp 2.3.0, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard let head = delivery.head, delivery.bodyCount > 0 else {
                throw Inapplicable("the answer has no body")
            }
            var type = parameters.text("type")
            if type == "swapped" {
                let isStream = context.framing(of: delivery) != nil
                type = isStream ? "application/json" : "text/event-stream"
            }
            guard type != "absent" else {
                delivery.head?.headers.remove("content-type")
                return
            }
            let recorded = head.headers.first("content-type") ?? ""
            let media = asciiLowercased(recorded).prefix { $0 != ";" && $0 != " " }
            guard media != type else {
                throw Inapplicable("the content type is \(type) already")
            }
            delivery.head?.headers.set("content-type", type)
        })

    static let nonstreamToStreamFallback = FaultKind(
        id: "nonstream-to-stream-fallback",
        summary: "The provider ignores that a stream was asked for and answers in one document.",
        layer: .stream, target: .model, signature: .loud, weight: 2, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "content-type: application/json and the JSON answer that says what the "
                + "stream says, sent when the stream ended. Gemini and Bedrock have routes of "
                + "their own for streams, which no server overlooks.",
            clients: "openai and anthropic look for lines of data and iterate over nothing; other "
                + "clients fail on the content type.",
            robustAgent: "Handles both, or asks again without a stream."),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let (stream, wire) = try modelStream(delivery, context)
            let shape = try DeltaShape(wire)
            guard shape != .gemini, shape != .converse, wire.id != BedrockInvoke.id else {
                throw Inapplicable("\(wire.id) is asked for a stream by the route")
            }
            let events = stream.events
            guard wire.summary(of: events).terminated,
                let document = AnswerDocument.of(events, shape)
            else { throw Inapplicable("the stream is not whole") }
            delivery.edit(bodyBytes: document.encoded())
            delivery.head?.headers.set("content-type", "application/json")
        })
}
