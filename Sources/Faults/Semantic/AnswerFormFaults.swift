import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let safetyBlockPrompt = FaultKind(
        id: "safety-block-prompt",
        summary: "The provider blocks the prompt: there is no candidate at all.",
        layer: .semantic, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "reason",
                .choice(["BLOCKLIST", "IMAGE_SAFETY", "OTHER", "PROHIBITED_CONTENT", "SAFETY"]),
                default: .fixed("PROHIBITED_CONTENT"), "The reason that is given.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Gemini: promptFeedback.blockReason, no candidates; as the whole document, "
                + "or as the only chunk of a stream.",
            clients: "google-genai: response.text is None; code that walks the parts fails.",
            robustAgent: "Reads promptFeedback, tells the user, does not repeat the prompt.",
            evidence: ["agent-kit#178"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard context.wire?.id == Gemini().id else {
                throw Inapplicable("only Gemini answers like this")
            }
            func blocked(_ answer: JSONValue) -> JSONValue {
                var members = [
                    JSONMember(
                        "promptFeedback", ["blockReason": .string(parameters.text("reason"))])
                ]
                for key in ["usageMetadata", "modelVersion", "responseId"] {
                    if let value = answer[key] { members.append(JSONMember(key, value)) }
                }
                return .object(members)
            }
            guard context.framing(of: delivery) != nil else {
                let answer = try delivery.jsonAnswer()
                let edited = blocked(answer)
                if edited != answer { delivery.edit(bodyBytes: edited.encoded()) }
                return
            }
            var body = try EventStreamBody(delivery, context)
            guard let place = body.timed.firstIndex(where: { $0.event.json != nil }),
                let first = body.timed[place].event.json
            else { throw Inapplicable("the stream has no chunk") }
            body.timed[place].event = body.timed[place].event.replacingJSON(blocked(first))
            body.timed.swapAt(0, place)
            body.write(first: 1, to: &delivery)
        })

    static let emptyChoices = FaultKind(
        id: "empty-choices",
        summary: "The answer holds an empty list where the answers of the model should be.",
        layer: .semantic, target: .model, signature: .loud, weight: 2, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "A document with choices, candidates, output or content as an empty list. "
                + "In a stream see choices-empty-chunk of delta-null.",
            clients: "IndexError, or None where a message was expected.",
            robustAgent: "Treats it as a failed call.",
            evidence: ["MindSearch#310"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            guard context.framing(of: delivery) == nil else {
                throw Inapplicable("the answer is a stream; this is about whole documents")
            }
            var answer = try delivery.jsonAnswer()
            let lists = ["choices", "candidates", "output", "content"]
            guard let key = lists.first(where: { answer[$0]?.arrayValue?.isEmpty == false }) else {
                throw Inapplicable("the answer has no list of choices")
            }
            answer[key] = .array([])
            delivery.edit(bodyBytes: answer.encoded())
        })

    static let logprobNull = FaultKind(
        id: "logprob-null",
        summary: "A field that clients do not need is null, absent or of another type.",
        layer: .semantic, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "field",
                .choice([
                    "created", "id", "model", "object", "responseId", "service_tier",
                    "system_fingerprint", "usage", "usageMetadata",
                ]), default: .fixed("usage"), "The member of the answer or of each event."),
            ParameterSpec(
                "variant", .choice(["absent", "null", "text", "zero"]), default: .fixed("null"),
                "What it is: absent, null, its value as text, or 0."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The member at the top of the document, or of each event that has it.",
            clients: "Typed decoders raise a validation error; openai and anthropic accept "
                + "anything without checking.",
            robustAgent: "Decodes leniently what it does not need.",
            evidence: ["pydantic-ai#631"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let field = parameters.text("field")
            let variant = parameters.text("variant")
            let reason = "the answer has no member \(field)"
            try delivery.editJSON(context, otherwise: reason) { answer in
                guard let old = answer[field] else { return nil }
                var result = answer
                switch variant {
                case "absent": result[field] = nil
                case "text": result[field] = .string(old.stringValue ?? old.encodedText())
                case "zero": result[field] = .int(0)
                default: result[field] = .null
                }
                return result
            }
        })

    static let staleCachedResponse = FaultKind(
        id: "stale-cached-response",
        summary: "The model's answer is the one to an earlier request, as from a wrong cache.",
        layer: .semantic, target: .model, signature: .quiet, weight: 5, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The recorded answer to the nearest earlier request of the same route, "
                + "byte for byte.",
            clients: "No SDK can tell; tool calls carry identifiers of an old turn.",
            robustAgent: "Matches identifiers, refuses calls of tools that it did not offer.",
            evidence: ["headroom#2022", "litellm#12234", "OmniRoute#12734"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var stale = delivery
            try stale.becomeStale(context)
            guard context.framing(of: stale) == context.framing(of: delivery) else {
                throw Inapplicable("the earlier answer is framed in another way")
            }
            delivery = stale
        })
}
