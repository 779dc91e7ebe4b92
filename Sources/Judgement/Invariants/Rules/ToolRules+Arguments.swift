internal import Determinism
internal import Simulation
internal import WireProtocols

/// Rules about what tools are called with.
extension ToolRules {
    private static let placeParameter = "`{tool, path}`"

    static let argumentKinds = [
        InvariantKind(
            "tool_arguments_valid", .tools,
            summary: "Each call that a model asked for and the agent carried out is of a tool that "
                + "the request offered, with arguments that are JSON and fit the offered schema. "
                + "A call whose result is an error counts as not carried out, unless it is seen "
                + "on the wire. Keywords of JSON Schema that are not checked here are passed over, "
                + "and the message names them.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            try arguments.isTrue()
            return ValidArguments()
        },
        InvariantKind(
            "bound_arguments", .tools,
            summary: "A value in the arguments of one tool was in the result of an earlier call of "
                + "another, one that the model knew when it asked. Texts and numbers of the same "
                + "digits are equal. A call without the argument is passed over.",
            parameters: [
                InvariantParameter(
                    "from", placeParameter,
                    "The tool whose results hold the value, and where; without `path` any value of "
                        + "a JSON result or any word of a text. Failed results hold none."),
                InvariantParameter(
                    "to", placeParameter,
                    "The tool that is called with the value, and the argument. A path is written "
                        + "`order.id` or `/order/id`; `*` stands for all elements of a list."),
            ],
            example: #"{"from": {"tool": "quote", "path": "amount"}, "#
                + #""to": {"tool": "pay", "path": "amount"}}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["from", "to"])
            let (source, target) = (try arguments.required("from"), try arguments.required("to"))
            try source.allow(["tool", "path"])
            try target.allow(["tool", "path"])
            let path = try source.optional("path")?.text()
            return BoundArguments(
                source: try source.required("tool").text(), sourcePath: path.map(ValuePath.init),
                target: try target.required("tool").text(),
                targetPath: ValuePath(try target.required("path").text()))
        },
    ]

    struct ValidArguments: InvariantRule {
        var id: String { "tool_arguments_valid" }

        func check(_ conduct: Conduct) -> Finding {
            var asked = AskedCalls(conduct.turns)
            var schemas = OfferedSchemas()
            var (judged, unread) = (0, 0)
            for use in conduct.toolUses {
                guard let origin = asked.origins(of: use).first else { continue }
                if case .result = use.evidence, use.saysItFailed { continue }
                guard let offered = origin.turn.conversation?.tools, !offered.isEmpty else {
                    unread += 1
                    continue
                }
                judged += 1
                let fault = fault(use, origin.call, offered, &schemas)
                if let fault {
                    return .brokenByRequest(
                        "\(ToolRules.quoted(origin.call.name)) was carried out, but \(fault)",
                        witnesses: [origin.turn.id, use.exchange])
                }
            }
            let note =
                unread == 0 ? "" : "; \(unread) were asked for where no offered tools could be read"
            guard judged > 0 else {
                return .unjudged(
                    unread > 0
                        ? String(note.dropFirst(2)) : "no call of a model was carried out")
            }
            return .holds("\(judged) calls fit what was offered" + schemas.note + note)
        }

        /// What is wrong with a call; nil for one that is right.
        private func fault(
            _ use: ToolUse, _ call: ToolCall, _ offered: [OfferedTool],
            _ schemas: inout OfferedSchemas
        ) -> String? {
            guard let tool = offered.first(where: { $0.name == call.name }) else {
                return "the request did not offer it"
            }
            // Without a schema, as custom tools of OpenAI are offered, any text is right.
            guard tool.schema != nil else { return nil }
            // Some models write nothing for a call without arguments.
            let written = call.arguments.isEmpty ? "{}" : call.arguments
            var arguments = try? JSONValue.parse(text: written)
            if case .call = use.evidence { arguments = use.arguments ?? arguments }
            guard let arguments else {
                return "its arguments are no JSON: \(ToolRules.quoted(call.arguments))"
            }
            guard let failure = schemas.schema(of: tool)?.failures(of: arguments).first else {
                return nil
            }
            return
                "its arguments do not fit: \(PlainText.clipped(failure.path)) \(ToolRules.quoted(failure.message))"
        }
    }
}

/// The schemas of offered tools, read as far as they are checked here.
struct OfferedSchemas {
    /// What providers write beside the data's form; nothing is lost without it.
    private static let silent = [
        "default", "examples", "example", "format", "deprecated", "readOnly", "writeOnly", "$id",
        "strict", "nullable", "$schema", "title", "description", "$comment",
    ]

    private var known: [String: (source: JSONValue, schema: JSONSchema?)] = [:]
    private var dropped: [String] = []

    /// What was not checked, for a message.
    var note: String {
        guard !dropped.isEmpty else { return "" }
        let names = dropped.prefix(8).map(ToolRules.quoted).joined(separator: ", ")
        return "; not checked of the schemas: \(names)"
    }

    mutating func schema(of tool: OfferedTool) -> JSONSchema? {
        guard let source = tool.schema else { return nil }
        if let entry = known[tool.name], entry.source == source { return entry.schema }
        let schema = try? JSONSchema(pruned(source), at: "$")
        if schema == nil { drop("the schema of \(tool.name)") }
        known[tool.name] = (source, schema)
        return schema
    }

    private mutating func drop(_ name: String) {
        if !dropped.contains(name) { dropped.append(name) }
    }

    /// The schema without what is not checked; types in lower case, as Gemini writes them in upper.
    private mutating func pruned(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.objectValue else { return schema }
        var kept: [JSONMember] = []
        for member in members {
            switch member.key {
            case "properties":
                let inner = (member.value.objectValue ?? []).map {
                    JSONMember($0.key, pruned($0.value))
                }
                kept.append(JSONMember(member.key, .object(inner)))
            case "items" where member.value.arrayValue != nil: drop(member.key)
            case "items": kept.append(JSONMember(member.key, pruned(member.value)))
            case "additionalProperties":
                // What stands under a pattern is not additional.
                if schema["patternProperties"] == nil {
                    kept.append(JSONMember(member.key, pruned(member.value)))
                }
            case "type":
                if schema["nullable"]?.boolValue == true { continue }
                let word = member.value.stringValue.map { JSONValue.string($0.lowercased()) }
                kept.append(JSONMember(member.key, word ?? member.value))
            case "enum" where schema["nullable"]?.boolValue == true: continue
            default:
                if JSONSchema.keywordNames.contains(member.key) {
                    kept.append(member)
                } else if !OfferedSchemas.silent.contains(member.key) {
                    drop(member.key)
                }
            }
        }
        return .object(kept)
    }
}
