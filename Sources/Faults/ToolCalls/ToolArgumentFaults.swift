import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let toolArgsInvalidJSON = FaultKind(
        says: "tool-args-invalid-json", "The arguments of the last tool call are no JSON.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "variant", .choice(ArgumentDamage.allCases.map(\.rawValue)),
                default: .fixed(.string(ArgumentDamage.unclosed.rawValue)), "What is wrong.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Where arguments are text (OpenAI, Anthropic's stream, Bedrock's stream): "
                + "an unclosed object, single quotes, NaN, a comment or a trailing comma.",
            clients: "json.loads raises in the program; anthropic's stream helper raises "
                + "ValueError; LangChain may repair what it got.",
            robustAgent: "Answers the call with an error for the model, a bounded number of times.",
            evidence: ["GenericAgent#746"])
    ) { (content, parameters, _) throws(Inapplicable) in
        let (_, members) = try lastObject(of: content)
        let damage: ArgumentDamage = try parameters.variant()
        let text = try damage.damaged(members)
        return [content.mappingLastCall { $0.arguments = text }]
    }

    static let toolArgsEmpty = FaultKind(
        says: "tool-args-empty", "The last tool call comes without arguments.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(["absent", "empty", "null", "object"]), default: .fixed("empty"),
                "absent; an empty text; null; or an object without members.")
        ],
        documentation: FaultDocumentation(
            wireForm: "arguments \"\", null, absent, or {}.",
            clients: "Many frameworks run the tool with {}; some keep a history that the provider "
                + "refuses later.",
            robustAgent: "Takes an empty text for {} only where the tool has no required argument.",
            evidence: ["pi#8386"])
    ) { (content, parameters, _) throws(Inapplicable) in
        let (_, members) = try lastObject(of: content)
        let variant = parameters.text("variant")
        guard variant != "object" || !members.isEmpty else {
            throw Inapplicable("the arguments are an object without members already")
        }
        let text: String? =
            switch variant {
            case "absent": nil
            case "null": "null"
            case "object": "{}"
            default: ""
            }
        return [content.mappingLastCall { $0.arguments = text }]
    }

    static let toolArgsNonObject = FaultKind(
        says: "tool-args-non-object", "The arguments of the last tool call are no object.",
        signature: .ambiguous, weight: 4,
        parameters: [
            ParameterSpec(
                "variant", .choice(["array", "double-encoded", "number", "string"]),
                default: .fixed("double-encoded"),
                "What they are; double-encoded: the object as a text inside JSON.")
        ],
        documentation: FaultDocumentation(
            wireForm: "arguments are [..], a number, a string, or a string that holds the object.",
            clients: "Crashes far from the cause, or a 400 at the next request.",
            robustAgent: "Requires an object.",
            evidence: ["hermes#58057", "GenericAgent#746", "claude-code#73899"])
    ) { (content, parameters, _) throws(Inapplicable) in
        let (_, members) = try lastObject(of: content)
        let value: JSONValue =
            switch parameters.text("variant") {
            case "array": .array(members.map(\.value))
            case "number": .int(42)
            case "string": .string(members.first?.value.stringValue ?? "all")
            default: .string(JSONValue.object(members).encodedText())
            }
        return [content.mappingLastCall { $0.arguments = value.encodedText() }]
    }

    static let toolArgsWrongType = FaultKind(
        says: "tool-args-wrong-type",
        "An argument of the last tool call has another type than its schema wants.",
        signature: .ambiguous, weight: 3, parameters: [argument],
        documentation: FaultDocumentation(
            wireForm: "5 becomes \"5\", [1,2] becomes \"[1,2]\", false becomes \"false\", a text "
                + "becomes a list of it, null becomes \"null\".",
            clients: "pydantic coerces in silence or raises; \"false\" is true in Python.",
            robustAgent: "Validates against the schema and coerces only on purpose.",
            evidence: ["atomic-agent#182", "QwenPaw#6395", "SWE-agent#1475", "hermes#114484"])
    ) { (content, parameters, _) throws(Inapplicable) in
        try changingArgument(of: content, parameters) { member in
            JSONMember(member.key, member.value.ofAnotherType)
        }
    }

    static let toolArgsWrongEntity = FaultKind(
        says: "tool-args-wrong-entity",
        "An argument of the last tool call names another thing of the same kind.",
        signature: .quiet, weight: 5, parameters: [argument],
        documentation: FaultDocumentation(
            wireForm: "A value that an earlier call had under the same name; else the same value "
                + "with its last digit, or its last letter, moved on by one, or back from the "
                + "last one.",
            clients: "Nobody can tell.",
            robustAgent: "Confirms what cannot be undone; compares with what the user asked for.",
            evidence: ["AgentChaos, compound_wrong_entity"])
    ) { (content, parameters, context) throws(Inapplicable) in
        let earlier = context.modelRequest.calls
        return try changingArgument(of: content, parameters) { member in
            let known = earlier.reversed().lazy
                .compactMap { $0.arguments.flatMap { try? JSONValue.parse(text: $0) } }
                .compactMap { $0[member.key] }
                .first { $0 != member.value }
            let other = known ?? member.value.neighbour
            return other.map { JSONMember(member.key, $0) }
        }
    }

    /// Which argument is meant.
    static let argument = counted("member", "Which argument is changed, from 1.") { content in
        (try? lastObject(of: content)).flatMap {
            $0.members.isEmpty ? nil : 1...Int64($0.members.count)
        }
    }

    /// The same where an object without arguments may also be changed.
    static let argumentIfAny = counted("member", "Which argument is changed, from 1.") { content in
        (try? lastObject(of: content)).map { 1...Int64(max(1, $0.members.count)) }
    }

    /// The last tool call and the members of its arguments.
    static func lastObject(
        of content: AnswerContent
    ) throws(Inapplicable) -> (call: AnswerCall, members: [JSONMember]) {
        guard let call = content.calls.last else { throw Inapplicable("the answer calls no tool") }
        guard let text = call.arguments,
            let members = (try? JSONValue.parse(text: text))?.objectValue
        else { throw Inapplicable("the arguments of the tool call are no JSON object") }
        return (call, members)
    }

    /// Changes one argument of the last call; nil from the change removes it.
    static func changingArgument(
        of content: AnswerContent, _ parameters: FaultParameters,
        _ change: (JSONMember) -> JSONMember?
    ) throws(Inapplicable) -> [AnswerContent] {
        var (_, members) = try lastObject(of: content)
        let number = parameters.integer("member")
        guard number >= 1, number <= members.count else {
            throw Inapplicable("the tool call has \(members.count) arguments, not \(number)")
        }
        guard let changed = change(members[Int(number) - 1]) else {
            throw Inapplicable("the argument \(members[Int(number) - 1].key) cannot be changed so")
        }
        members[Int(number) - 1] = changed
        let text = JSONValue.object(members).encodedText()
        return [content.mappingLastCall { $0.arguments = text }]
    }
}

/// How the arguments of a tool call stop being JSON.
enum ArgumentDamage: String, Hashable, Sendable, CaseIterable {
    /// A comment behind the first brace.
    case comment
    /// NaN for the first number, or as one more member.
    case nan
    /// Single quotes.
    case singleQuotes = "single-quotes"
    /// A comma before the last brace.
    case trailingComma = "trailing-comma"
    /// The last brace is missing, a comma stands there.
    case unclosed

    func damaged(_ members: [JSONMember]) throws(Inapplicable) -> String {
        let text = JSONValue.object(members).encodedText()
        let open = text.dropLast()
        switch self {
        case .comment: return "{/* as requested */" + text.dropFirst()
        case .nan: return open + (members.isEmpty ? "" : ",") + "\"value\":NaN}"
        case .singleQuotes:
            let quoted = text.map { $0 == "\"" ? "'" : $0 }
            guard !members.isEmpty else { throw Inapplicable("there is nothing to quote") }
            return String(quoted)
        case .trailingComma: return open + ",}"
        case .unclosed: return open + ","
        }
    }
}
