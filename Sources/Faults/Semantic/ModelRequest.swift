import Cassette
import Determinism
import WireProtocols

/// A tool that a request offers to the model.
struct OfferedTool: Hashable {
    /// Its name.
    let name: String
    /// The JSON Schema of its arguments; nil when none is given.
    let schema: JSONValue?

    /// The names of arguments that must be there.
    var required: [String] {
        schema?["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// What the schema says of one argument.
    func property(_ name: String) -> JSONValue? {
        schema?["properties"]?[name]
    }
}

/// What a request to a model says, as far as faults ask, in any of the known protocols.
struct ModelRequest {
    /// The tools that it offers.
    let offered: [OfferedTool]
    /// The tool calls in its history, oldest first.
    let calls: [AnswerCall]
    /// The instructions of the system; empty when there are none.
    let systemPrompt: String

    init(_ request: RecordedRequest) {
        let body = (try? JSONValue.parse(request.body)) ?? .null
        let groups = body["tools"]?.arrayValue ?? body["toolConfig"]?["tools"]?.arrayValue ?? []
        offered = groups.flatMap(ModelRequest.tools)
        let turns =
            body["messages"]?.arrayValue ?? body["input"]?.arrayValue
            ?? body["contents"]?.arrayValue ?? []
        calls = turns.flatMap(ModelRequest.calls)
        systemPrompt = ModelRequest.systemPrompt(of: body, turns: turns)
    }

    /// The tool with this name.
    func tool(_ name: String) -> OfferedTool? {
        offered.first { $0.name == name }
    }

    /// One element of the list of tools: one tool, or with Gemini a group.
    private static func tools(_ entry: JSONValue) -> [OfferedTool] {
        let group = entry["functionDeclarations"] ?? entry["function_declarations"]
        if let group = group?.arrayValue { return group.compactMap(tool) }
        return [tool(entry["function"] ?? entry["toolSpec"] ?? entry)].compactMap { $0 }
    }

    private static func tool(_ entry: JSONValue) -> OfferedTool? {
        guard let name = entry["name"]?.stringValue else { return nil }
        let schema =
            entry["parameters"] ?? entry["input_schema"] ?? entry["inputSchema"]?["json"]
            ?? entry["parametersJsonSchema"] ?? entry["parameters_json_schema"]
        return OfferedTool(name: name, schema: schema)
    }

    /// The calls in one message or item of the history.
    private static func calls(_ turn: JSONValue) -> [AnswerCall] {
        if turn["type"]?.stringValue == "function_call" {
            return [call(turn, id: "call_id", arguments: "arguments")].compactMap { $0 }
        }
        if let calls = turn["tool_calls"]?.arrayValue {
            return calls.compactMap { entry in
                var named = entry["function"] ?? .null
                named["id"] = entry["id"]
                return call(named, id: "id", arguments: "arguments")
            }
        }
        let blocks = turn["content"]?.arrayValue ?? turn["parts"]?.arrayValue ?? []
        return blocks.compactMap { block in
            if block["type"]?.stringValue == "tool_use" {
                return call(block, id: "id", arguments: "input")
            }
            if let use = block["toolUse"] { return call(use, id: "toolUseId", arguments: "input") }
            let use = block["functionCall"] ?? block["function_call"]
            return use.flatMap { call($0, id: "id", arguments: "args") }
        }
    }

    private static func call(_ entry: JSONValue, id: String, arguments: String) -> AnswerCall? {
        guard let name = entry["name"]?.stringValue else { return nil }
        let value = entry[arguments]
        return AnswerCall(
            id: entry[id]?.stringValue, name: name,
            arguments: value?.stringValue ?? value?.encodedText())
    }

    private static func systemPrompt(of body: JSONValue, turns: [JSONValue]) -> String {
        let instruction = body["systemInstruction"] ?? body["system_instruction"]
        let apart = body["system"] ?? body["instructions"] ?? instruction?["parts"]
        if let apart, !text(of: apart).isEmpty { return text(of: apart) }
        let roles = ["system", "developer"]
        return turns.filter { roles.contains($0["role"]?.stringValue ?? "") }
            .map { text(of: $0["content"] ?? .null) }.joined(separator: "\n")
    }

    /// A text, or the texts of a list of parts.
    private static func text(of content: JSONValue) -> String {
        if let text = content.stringValue { return text }
        return (content.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }
}

extension FaultContext {
    /// What the request says to a model.
    var modelRequest: ModelRequest { ModelRequest(interaction.request) }
}
