import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let repeatedToolIDPerChunk = FaultKind(
        id: "repeated-tool-id-per-chunk",
        summary: "Every piece of a tool call repeats the call's identifier and name.",
        layer: .stream, target: .model, signature: .quiet, weight: 4, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "id, type and function.name stand in every tool_calls delta of the call, as "
                + "some servers that copy OpenAI's protocol send them; Cohere likewise. Other "
                + "protocols have no place for them.",
            clients: "openai's accumulate_delta joins texts: the identifier becomes "
                + "call_abccall_abc and the name get_weatherget_weather.",
            robustAgent: "Takes identifier and name from the first piece, and refuses a tool that "
                + "it does not know.",
            evidence: ["openai-python 3.54.0, read"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let deltas = ToolDeltas(shape: try DeltaShape(wire), wire: wire)
            let edited = try deltas.repeatingIdentity(in: stream.events)
            guard edited != stream.events else {
                throw Inapplicable("no tool call of the stream has a later piece without a name")
            }
            for place in stream.timed.indices { stream.timed[place].event = edited[place] }
            stream.write(to: &delivery)
        })

    static let indexGap = FaultKind(
        id: "index-gap",
        summary: "The index of tool calls in a stream starts too high, is missing or null.",
        layer: .stream, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                ToolDeltas.IndexEdit.allCases.map(\.rawValue),
                "index-gap: one too high; missing-index: absent; null-index: null.")
        ],
        documentation: FaultDocumentation(
            wireForm: "tool_calls[].index starts at 1, is absent or null. Anthropic and Cohere: "
                + "index, Bedrock: contentBlockIndex, Responses: output_index of the events of a "
                + "tool call. Gemini and Ollama have none.",
            clients: "openai's helper raises RuntimeError \"Expected list delta entry to have an "
                + "`index`\"; Vercel's AI SDK falls back to the identifier or the latest call.",
            robustAgent: "Joins pieces by identifier where the index is of no use, and fails the "
                + "turn rather than running half a call.",
            evidence: ["openai-python 3.54.0, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let variant = ToolDeltas.IndexEdit(rawValue: parameters.text("variant")) ?? .gap
            let deltas = ToolDeltas(shape: try DeltaShape(wire), wire: wire)
            let edited = try deltas.editingIndex(of: stream.events, variant)
            guard edited != stream.events else {
                throw Inapplicable("the stream has no tool call with an index")
            }
            for place in stream.timed.indices { stream.timed[place].event = edited[place] }
            stream.write(to: &delivery)
        })

    static let dropUsage = FaultKind(
        id: "drop-usage",
        summary: "The stream does not say how many tokens it took, or says zero or null.",
        layer: .stream, target: .model, signature: .quiet, weight: 2, replaces: false,
        parameters: [
            .variant(
                UsageEdit.allCases.map(\.rawValue),
                "drop-usage: absent; usage-zero: every number is 0; usage-null: null.")
        ],
        documentation: FaultDocumentation(
            wireForm: "usage, usageMetadata, eval_count and prompt_eval_count are absent, zero or "
                + "null; the chunk of chat completions that has nothing else is left out.",
            clients: "SDKs hand out None or zeros. Budget trackers crash, divide by zero or count "
                + "too little.",
            robustAgent: "Estimates the tokens itself, and never divides by a count.",
            evidence: ["oh-my-pi#10758"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let shape = try DeltaShape(wire)
            let variant = UsageEdit(rawValue: parameters.text("variant")) ?? .drop
            let before = stream.timed
            stream.timed = before.compactMap { item in
                guard let event = variant.applied(to: item.event, shape) else { return nil }
                return .init(event: event, at: item.at)
            }
            guard stream.timed != before else {
                throw Inapplicable("the stream reports no usage that could be changed")
            }
            stream.write(to: &delivery)
        })

    static let deltaNull = FaultKind(
        id: "delta-null",
        summary: "The stream has an event with a null delta, without choices, or without a role.",
        layer: .stream, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                ["delta-null", "role-missing", "choices-empty-chunk"],
                "delta-null: an event more whose delta is null; choices-empty-chunk: an event more "
                    + "without choices; role-missing: no event names the role."),
            ParameterSpec(
                "at", .choice(["first", "last"]), default: .fixed("first"),
                "Whether the additional event comes before or behind the content; role-missing "
                    + "has no place."),
        ],
        documentation: FaultDocumentation(
            wireForm: "choices[0].delta is null, choices is [] as in Azure's first chunk, or no "
                + "delta has a role. Gemini: candidates [] and content null; Anthropic, Bedrock, "
                + "Cohere and Responses: delta null; Ollama: message null.",
            clients: "IndexError and AttributeError in code that reads choices[0].delta.content; "
                + "the SDKs themselves pass it on.",
            robustAgent: "Skips what has no choice and no delta.",
            evidence: ["pydantic/pydantic-ai#164", "BerriAI/litellm#35785", "simonw/llm#294"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let shape = try DeltaShape(wire)
            if parameters.text("variant") == "role-missing" {
                for place in stream.timed.indices {
                    let event = stream.timed[place].event
                    stream.timed[place].event = shape.withoutRole(event) ?? event
                }
            } else {
                let isFirst = parameters.text("at") == "first"
                let places = stream.contentPlaces(wire)
                guard let place = isFirst ? places.first : places.last else {
                    throw Inapplicable("the stream has no content events")
                }
                let model = stream.timed[place].event
                let event = try hollow(model, shape, variant: parameters.text("variant"))
                let isLast = !isFirst && !wire.finishes(model)
                stream.insert([event], at: isLast ? place + 1 : place)
            }
            try stream.writeChange(to: &delivery)
        })

    /// An event like a recorded one that says nothing.
    private static func hollow(
        _ model: StreamEvent, _ shape: DeltaShape, variant: String
    ) throws(Inapplicable) -> StreamEvent {
        let event =
            variant == "delta-null"
            ? shape.replacingDelta(of: model, by: .null)
            : shape.withoutChoices(shape.unfinished(model))
        guard let event else {
            throw Inapplicable("the events of this protocol have no such field")
        }
        return event
    }
}
