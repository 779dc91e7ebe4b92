import Cassette
import Determinism
import WireProtocols

extension MCPAnswer {
    /// The tools of a list.
    func tools() throws(Inapplicable) -> [JSONValue] {
        guard let tools = try result()["tools"]?.arrayValue, !tools.isEmpty else {
            throw Inapplicable("the result lists no tools")
        }
        return tools
    }

    /// Puts others in place of the tool with this name, or of the first for an empty one.
    mutating func editTools(
        named name: String, _ change: (JSONValue) -> [JSONValue]
    ) throws(Inapplicable) {
        try call.demand("tools/list")
        var tools = try tools()
        let found = tools.firstIndex { name.isEmpty || $0["name"]?.stringValue == name }
        guard let found else { throw Inapplicable("the server offers no tool \(name)") }
        tools.replaceSubrange(found...found, with: change(tools[found]))
        var edited = try result()
        edited["tools"] = .array(tools)
        replaceResult(edited)
    }
}

extension FaultKind {
    /// The parameter by which the faults of lists name a tool.
    static let toolName = ParameterSpec(
        "tool", .text, default: .fixed(""), "The name of the tool; empty for the first.")

    /// Edits one tool of a list.
    static func editTools(
        _ delivery: inout Delivery, _ parameters: FaultParameters, _ context: FaultContext,
        _ change: (JSONValue) -> [JSONValue]
    ) throws(Inapplicable) {
        var answer = try MCPAnswer(delivery, context)
        try answer.editTools(named: parameters.text("tool"), change)
        answer.write(to: &delivery)
    }

    /// What becomes of a tool that is not what it was.
    static func change(_ tool: JSONValue, _ variant: String) -> [JSONValue] {
        var tool = tool
        switch variant {
        case "remove": return []
        case "schema-change":
            tool["inputSchema"] = [
                "type": "object", "properties": ["request": ["type": "object"]],
                "required": ["request"],
            ]
        default: tool["name"] = .string((tool["name"]?.stringValue ?? "tool") + "_v2")
        }
        return [tool]
    }

    /// What a call of such a tool gets.
    static func unknown(_ name: String, _ variant: String, _ call: MCPCall) -> JSONValue {
        variant == "schema-change"
            ? call.error(-32_602, "Invalid arguments for tool \(name): 'request' is required")
            : call.error(-32_602, "Unknown tool: \(name)")
    }

    /// A schema that no client can use.
    static func badSchema(_ variant: String) -> JSONValue {
        switch variant {
        case "ref-cycle":
            [
                "type": "object", "properties": ["value": ["$ref": "#/$defs/a"]],
                "$defs": ["a": ["$ref": "#/$defs/b"], "b": ["$ref": "#/$defs/a"]],
            ]
        case "x-mcp-header":
            [
                "type": "object",
                "properties": ["value": ["type": "object", "x-mcp-header": "not a header"]],
            ]
        default: ["type": "objekt", "properties": [], "required": "all"]
        }
    }
}
