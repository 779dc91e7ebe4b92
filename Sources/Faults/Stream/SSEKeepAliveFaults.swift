import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let sseCommentKeepalive = FaultKind(
        id: "sse-comment-keepalive",
        summary: "Comments that keep the connection alive come between the events.",
        layer: .stream, target: .any, signature: .loud, weight: 1, replaces: false,
        parameters: [
            ParameterSpec(
                "period_events", .integer(1...1_000_000), default: .fixed(1),
                "A comment comes before the first event, and then after so many."),
            ParameterSpec("text", .text, default: .fixed("ping"), "What the comment says."),
        ],
        documentation: FaultDocumentation(
            wireForm: "A frame `: ping`, or `: OPENROUTER PROCESSING`, between events; it is no "
                + "event. It comes at the instant of the event behind it.",
            clients: "All SDKs ignore it. It resets the read time-out of httpx, but not the chunk "
                + "time-out of LangChain.",
            robustAgent: "Nothing to do.",
            evidence: [
                "mistral-vibe#774", "langchain#568",
                "https://html.spec.whatwg.org/multipage/server-sent-events.html",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            let period = Int(max(1, min(parameters.integer("period_events"), 1_000_000)))
            let comment = StreamEvent.sse(
                SSEEvent(
                    comment: try oneLine(parameters.text("text")), ending: stream.lineEnding))
            var timed: [EventStreamBody.Timed] = []
            for (place, item) in stream.timed.enumerated() {
                // What stands behind a byte order mark or an open frame would be part of it.
                let isFree = place == 0 ? item.event.isMovable : timed.last?.event.isTerminated
                if place % period == 0, isFree == true {
                    timed.append(.init(event: comment, at: item.at))
                }
                timed.append(item)
            }
            stream.timed = timed
            try stream.writeChange(to: &delivery)
        })

    static let sseCommentBlankAfterID = FaultKind(
        id: "sse-comment-blank-after-id",
        summary:
            "A comment follows an event with an identifier, which some clients dispatch again.",
        layer: .stream, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            numbered(
                "at", "Which event gets an identifier and is followed by a comment, from 1.",
                among: visibleSSEPlaces)
        ],
        documentation: FaultDocumentation(
            wireForm: "The number of an event as its id, unless it has one, then the frame "
                + "`: ping` alone.",
            clients: "openai up to 3.54.0 dispatches an empty event, whose data is no JSON: "
                + "JSONDecodeError. anthropic and Vercel's AI SDK ignore it.",
            robustAgent: "Treats it as a broken stream, and runs the turn again.",
            evidence: ["openai/openai-python#2722", "llmgateway#2334"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            let place = try place("at", parameters, among: stream.visiblePlaces, "events")
            guard let event = stream.timed[place].event.sse else { return }
            let named = event.id == nil ? event.adding(field: "id", "\(place + 1)") : event
            stream.timed[place].event = .sse(named)
            let comment = SSEEvent(comment: "ping", ending: stream.lineEnding)
            stream.timed.insert(
                .init(event: .sse(comment), at: stream.timed[place].at), at: place + 1)
            stream.write(to: &delivery)
        })

    static let sseDataKeepalive = FaultKind(
        id: "sse-data-keepalive",
        summary: "A keep-alive comes as an event whose data is no JSON.",
        layer: .stream, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            numbered("at", "Before which event it comes, from 1.", among: visibleSSEPlaces),
            ParameterSpec(
                "text", .text, default: .fixed(": keepalive"),
                "Its data; empty, `ping` and `: keepalive` were all seen."),
        ],
        documentation: FaultDocumentation(
            wireForm: "data: : keepalive, data: or data: ping as a frame of its own.",
            clients: "openai and anthropic raise JSONDecodeError and the stream is lost; Vercel's "
                + "AI SDK gives an error part AI_JSONParseError; cohere skips it.",
            robustAgent: "Its client skips what is no JSON; the agent runs the turn again.",
            evidence: [
                "opencode#50871", "OmniRoute#7031",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            let place = try place("at", parameters, among: stream.visiblePlaces, "events")
            let text = try oneLine(parameters.text("text"))
            let event = SSEEvent(line: text, ending: stream.lineEnding)
            stream.insert([.sse(event)], at: place)
            stream.write(to: &delivery)
        })

    static let sseUnknownEvent = FaultKind(
        id: "sse-unknown-event",
        summary: "The stream has an event, or a delta, of a type that no client knows yet.",
        layer: .stream, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            contentEvent("at", "Before which content event it comes, from 1."),
            ParameterSpec("name", .text, default: .fixed("future_delta"), "The new type."),
            .variant(
                ["sse-unknown-event", "unknown-field-type"],
                "sse-unknown-event: a new type of event; unknown-field-type: a known event whose "
                    + "delta is of a new type."),
        ],
        documentation: FaultDocumentation(
            wireForm: "event: NAME with data {\"type\":NAME}; Bedrock: a message with that "
                + ":event-type. Or a content event once more whose delta holds nothing but the new "
                + "type.",
            clients: "anthropic passes it on; Vercel's AI SDK of 2024 failed on its schema.",
            robustAgent: "Ignores what it does not know.",
            evidence: ["vercel/ai#2453"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let place = try contentPlace("at", parameters, stream, wire)
            let name = try oneLine(parameters.text("name"))
            let model = stream.timed[place].event
            if parameters.text("variant") == "unknown-field-type" {
                let shape = try DeltaShape(wire)
                guard let delta = shape.unknownDelta(name),
                    let event = shape.replacingDelta(of: model, by: delta)
                else {
                    throw Inapplicable("\(wire.id) has deltas of one type only in such an event")
                }
                stream.insert([event], at: place)
            } else {
                stream.insert([try unknownEvent(name, like: model, stream)], at: place)
            }
            stream.write(to: &delivery)
        })

    /// An event of a new type.
    private static func unknownEvent(
        _ name: String, like model: StreamEvent, _ stream: EventStreamBody
    ) throws(Inapplicable) -> StreamEvent {
        let payload: JSONValue = ["type": .string(name)]
        switch model.framing {
        case .sse:
            // Protocols without names of events have none here either.
            return .sse(
                SSEEvent(
                    event: model.name == nil ? nil : name, line: payload.encodedText(),
                    ending: stream.lineEnding))
        case .awsEventStream where model.name != "chunk":
            return .message(
                AWSEventMessage(
                    headers: [
                        .init(":event-type", name), .init(":content-type", "application/json"),
                        .init(":message-type", "event"),
                    ], payload: payload.encoded()))
        case .awsEventStream: return model.replacingJSON(payload)
        case .jsonLines, .jsonArray:
            throw Inapplicable("the events of this framing have no type")
        }
    }

    /// A text that is written in one line.
    private static func oneLine(_ text: String) throws(Inapplicable) -> String {
        guard !text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
            throw Inapplicable("a field of an event is one line")
        }
        return text
    }
}

extension EventStreamBody {
    /// How the lines of the stream end, by the first that does.
    fileprivate var lineEnding: [UInt8] {
        timed.first?.event.sse?.lineEnding ?? SSELineEnding.lf.bytes
    }
}
