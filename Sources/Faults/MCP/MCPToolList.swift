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

    /// A tool whose description ends with another text.
    static func adding(_ text: String, to tool: JSONValue, after separator: String) -> JSONValue {
        var tool = tool
        let old = tool["description"]?.stringValue ?? ""
        tool["description"] = .string(old.isEmpty ? text : old + separator + text)
        return tool
    }
}
