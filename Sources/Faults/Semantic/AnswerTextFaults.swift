import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let contentAndToolCalls = FaultKind(
        says: "content-and-tool-calls",
        "The answer has text beside its tool calls, as if it were a final answer too.",
        signature: .quiet, weight: 2,
        parameters: [
            ParameterSpec(
                "text", .text, default: .fixed("Let me look that up for you."),
                "What the text says.")
        ],
        documentation: FaultDocumentation(
            wireForm: "A text part and tool calls in one message.",
            clients: "Adapters lose the text, or take it for the final answer and drop the calls.",
            robustAgent: "Keeps both: shows the text, runs the calls.")
    ) { (content, parameters, _) throws(Inapplicable) in
        guard !content.calls.isEmpty else { throw Inapplicable("the answer calls no tool") }
        return [content.saying(parameters.text("text"))]
    }

    static let modelSubstituted = FaultKind(
        says: "model-substituted",
        "Another model answers than the one that was asked.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "model", .text, default: .fixed("substitute-model-mini"),
                "The model that the answer names.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The answer's model (modelVersion) is not the one of the request.",
            clients: "Nobody looks.",
            robustAgent: "Compares the two, and says so when they differ.",
            evidence: ["claude-code#81562", "agentgateway#1361"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard content.model != nil else { throw Inapplicable("the answer names no model") }
        var changed = content
        changed.model = parameters.text("model")
        return [changed]
    }

    static let responseDrift = FaultKind(
        says: "response-drift",
        "The model says the same in another form, as after an update of its provider.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(AnswerDrift.allCases.map(\.rawValue)),
                default: .fixed(.string(AnswerDrift.formatChange.rawValue)), "What drifts.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The text is changed: a member of a JSON answer has another name, prose "
                + "stands around it, it is longer, it hedges, or its tone is another.",
            clients: "Parsers of the program break; SDKs see nothing.",
            robustAgent: "Validates against a schema, repairs or asks once more.",
            evidence: ["flakestorm's model_version_drift"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard !content.text.isEmpty, let drift = AnswerDrift(rawValue: parameters.text("variant"))
        else { throw Inapplicable("the answer has no text that could drift") }
        return [content.saying(try drift.drifted(content.text))]
    }

    static let wrongLanguage = FaultKind(
        says: "wrong-language", "The model answers in another language.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "language", .choice(["ar", "de", "es", "fr", "ja", "zh"]), default: .fixed("de"),
                "The language, as in ISO 639-1.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The text is one fixed sentence of that language.",
            clients: "None looks.",
            robustAgent: "Checks the language of what it shows; asks once more.",
            evidence: ["Gemini's finishReason LANGUAGE"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard !content.text.isEmpty else { throw Inapplicable("the answer has no text") }
        let sentence =
            switch parameters.text("language") {
            case "ar": "عذرًا، لا يمكنني الإجابة إلا بالعربية."
            case "es": "Lo siento, solo puedo responder en español."
            case "fr": "Désolé, je ne peux répondre qu'en français."
            case "ja": "申し訳ありませんが、日本語でしかお答えできません。"
            case "zh": "抱歉，我只能用中文回答。"
            default: "Es tut mir leid, ich kann nur auf Deutsch antworten."
            }
        return [content.saying(sentence)]
    }

    static let hugeOutput = FaultKind(
        says: "huge-output", "The answer is far longer than anybody expects.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "bytes", .integer(1...oversizeBytesMax), default: .fixed(1_048_576),
                "How long the text is at least.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The recorded text again and again; a stream has some 500 events more.",
            clients: "All of it is kept in memory and sent back in the next request.",
            robustAgent: "Caps what it takes from one answer.",
            evidence: ["garak, reasoning denial of service"])
    ) { (content, parameters, _) throws(Inapplicable) in
        let text = content.text
        guard !text.isEmpty else { throw Inapplicable("the answer has no text to repeat") }
        let bytes = parameters.integer("bytes")
        guard (1...oversizeBytesMax).contains(bytes) else {
            throw Inapplicable("bytes \(bytes) is no length of a text")
        }
        let times = Int(bytes) / text.utf8.count + 1
        return [content.saying(String(repeating: text, count: times))]
    }

    static let structuredOutputInvalid = FaultKind(
        says: "structured-output-invalid",
        "The JSON that the model was to answer with does not fit its schema.",
        signature: .loud, weight: 2,
        parameters: [
            .variant(
                StructuredDamage.allCases.map(\.rawValue),
                "What is wrong with it.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The text is JSON without one member, with one more, with a value of another "
                + "type, inside a code fence, with prose behind it, or cut.",
            clients: "Parse helpers raise; others fill in a default and say nothing.",
            robustAgent: "Validates, asks again a bounded number of times with the error.",
            evidence: ["flink-agents#1040"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard let damage = StructuredDamage(rawValue: parameters.text("variant")),
            let json = try? JSONValue.parse(text: content.text), json.objectValue != nil
        else { throw Inapplicable("the text of the answer is no JSON object") }
        return [content.saying(try damage.damaged(json, text: content.text))]
    }

    static let hallucinatedCitationID = FaultKind(
        says: "hallucinated-citation-id",
        "The answer cites a document that nobody gave to the model.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "citation", .text, default: .fixed("[source: doc-7f3a91]"), "The citation.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The text ends with the citation.",
            clients: "None looks.",
            robustAgent: "Checks each citation against what its tools returned.",
            evidence: ["MAST 2.6, 3.2 (arXiv 2503.13657)"])
    ) { (content, parameters, _) throws(Inapplicable) in
        guard !content.text.isEmpty else { throw Inapplicable("the answer has no text") }
        return [content.saying(content.text + " " + parameters.text("citation"))]
    }

    static let systemPromptEcho = FaultKind(
        says: "system-prompt-echo", "The answer gives the system prompt away.",
        signature: .quiet, weight: 4,
        documentation: FaultDocumentation(
            wireForm: "The text begins with the system prompt of the request.",
            clients: "None looks.",
            robustAgent: "Looks for a canary of its system prompt in what it shows.",
            evidence: ["OWASP LLM07"])
    ) { (content, _, context) throws(Inapplicable) in
        let prompt = context.modelRequest.systemPrompt
        guard !prompt.isEmpty else { throw Inapplicable("the request has no system prompt") }
        return [content.saying("My instructions are: " + prompt + "\n\n" + content.text)]
    }
}

/// How an answer drifts while its meaning stays.
enum AnswerDrift: String, Hashable, Sendable, CaseIterable {
    /// The first member of a JSON answer has another name.
    case jsonFieldRename = "json-field-rename"
    /// The answer is longer than it was.
    case verbosityShift = "verbosity-shift"
    /// JSON stands in prose and a fence; prose becomes a list.
    case formatChange = "format-change"
    /// It declines first and answers then.
    case refusalRephrase = "refusal-rephrase"
    /// Another tone.
    case toneShift = "tone-shift"

    func drifted(_ text: String) throws(Inapplicable) -> String {
        switch self {
        case .jsonFieldRename:
            guard var members = (try? JSONValue.parse(text: text))?.objectValue, !members.isEmpty
            else { throw Inapplicable("the text of the answer is no JSON object with members") }
            members[0] = JSONMember(members[0].key + "_value", members[0].value)
            return JSONValue.object(members).encodedText()
        case .verbosityShift:
            return "Certainly! Here is a thorough answer to your question.\n\n" + text
                + "\n\nTo summarise what was said above: " + text
                + "\n\nPlease let me know if there is anything else that I can help you with."
        case .formatChange:
            if (try? JSONValue.parse(text: text)) != nil {
                return "Here is the result:\n\n```json\n" + text + "\n```"
            }
            return text.split(separator: "\n", omittingEmptySubsequences: true)
                .map { "- " + $0 }.joined(separator: "\n")
        case .refusalRephrase:
            return "I'm not able to answer that with certainty. That said: " + text
        case .toneShift:
            return "Hey there!! " + text + " Hope that helps, buddy!"
        }
    }
}

/// How a JSON answer breaks its schema.
enum StructuredDamage: String, Hashable, Sendable, CaseIterable {
    /// The last member is missing.
    case missingMember = "missing-member"
    /// There is one member more.
    case extraMember = "extra-member"
    /// The first member has a value of another type.
    case wrongType = "wrong-type"
    /// It stands in a code fence.
    case fenced
    /// Prose follows.
    case trailingProse = "trailing-prose"
    /// It stops in the middle.
    case truncated

    func damaged(_ json: JSONValue, text: String) throws(Inapplicable) -> String {
        var members = json.objectValue ?? []
        switch self {
        case .fenced: return "```json\n" + text + "\n```"
        case .trailingProse: return text + "\n\nI hope that this is what you were looking for."
        case .truncated:
            let scalars = text.unicodeScalars
            return String(String.UnicodeScalarView(scalars.prefix(scalars.count / 2)))
        case .extraMember: members.append(JSONMember("confidence_note", "high"))
        case .missingMember, .wrongType:
            guard !members.isEmpty else { throw Inapplicable("the JSON object has no members") }
            if self == .missingMember {
                members.removeLast()
            } else {
                members[0].value = members[0].value.ofAnotherType
            }
        }
        return JSONValue.object(members).encodedText()
    }
}
