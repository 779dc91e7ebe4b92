import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let toolArgsMissingRequired = FaultKind(
        says: "tool-args-missing-required",
        "The arguments of the last tool call do not fit the schema of the tool.",
        signature: .loud, weight: 2,
        parameters: [
            ParameterSpec(
                "variant", .choice(["enum-violation", "extra-field", "missing", "out-of-range"]),
                default: .fixed("missing"),
                "A required argument is missing; one more is there; a word is not in the "
                    + "enumeration; a number is out of range."),
            argumentIfAny,
        ],
        documentation: FaultDocumentation(
            wireForm: "The arguments as recorded, but for the one member. What is required, "
                + "enumerated or bounded is read from the tools of the request.",
            clients: "Typed frameworks answer with a validation error for the model; others call "
                + "the function and raise TypeError.",
            robustAgent: "Validates before it runs; feeds the error back.",
            evidence: ["AgentChaos, tool_schema", "ToolMisuseBench (arXiv 2604.01508)"])
    ) { (content, parameters, context) throws(Inapplicable) in
        let (call, members) = try lastObject(of: content)
        let tool = context.modelRequest.tool(call.name)
        switch parameters.text("variant") {
        case "missing":
            return [try without(required: tool?.required ?? [], members, content, parameters)]
        case "extra-field":
            let more = members + [JSONMember("unexpected_field", "value")]
            let text = JSONValue.object(more).encodedText()
            return [content.mappingLastCall { $0.arguments = text }]
        case "enum-violation":
            return try changingArgument(of: content, parameters) { member in
                guard tool?.property(member.key)?["enum"]?.arrayValue != nil else { return nil }
                return JSONMember(member.key, "not-one-of-them")
            }
        default:
            return try changingArgument(of: content, parameters) { member in
                guard let number = outOfRange(tool?.property(member.key)) else { return nil }
                return JSONMember(member.key, .int(number))
            }
        }
    }

    /// Without the argument that is meant, or the next one after it that is required.
    private static func without(
        required: [String], _ members: [JSONMember], _ content: AnswerContent,
        _ parameters: FaultParameters
    ) throws(Inapplicable) -> AnswerContent {
        let number = parameters.integer("member")
        guard number >= 1, number <= members.count else {
            throw Inapplicable("the tool call has \(members.count) arguments, not \(number)")
        }
        let place = Int(number) - 1
        let order = Array(members.indices[place...]) + Array(members.indices[..<place])
        guard let lost = order.first(where: { required.contains(members[$0].key) }) else {
            throw Inapplicable("the tool's schema requires none of the arguments")
        }
        var fewer = members
        fewer.remove(at: lost)
        let text = JSONValue.object(fewer).encodedText()
        return content.mappingLastCall { $0.arguments = text }
    }

    /// A number beyond the bounds of an argument; nil when it has none.
    private static func outOfRange(_ property: JSONValue?) -> Int64? {
        if let most = property?["maximum"]?.intValue, most < .max { return most + 1 }
        if let least = property?["minimum"]?.intValue, least > .min { return least - 1 }
        return nil
    }
}
