public import Cassette
import Determinism

extension Gemini {
    /// What a request says; results may stand in turns of the user.
    ///
    /// Calls and results mostly have no identifier: a call's is then empty, a result's is nil, and
    /// its name tells. Schemas are JSON Schemas even where the request has those of OpenAPI.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        guard let body = request.json, let contents = body["contents"]?.arrayValue else {
            return nil
        }
        var builder = ConversationBuilder()
        let instruction = body.either("systemInstruction", "system_instruction")
        builder.instruct(instruction?.stringValue ?? "")
        for part in instruction?["parts"]?.arrayValue ?? [] {
            builder.instruct(GeminiPart.text(part))
        }
        for content in contents where content.objectValue != nil {
            let role = ConversationMessage.Role(word: content["role"]?.stringValue)
            builder.add(role, (content["parts"]?.arrayValue ?? []).map(Self.part))
        }
        for tool in body["tools"]?.arrayValue ?? [] { Self.offer(tool, to: &builder) }
        return builder.conversation
    }

    private static func part(_ part: JSONValue) -> ConversationPart {
        if let call = part.either("functionCall", "function_call"), call.objectValue != nil {
            return .toolCall(
                ToolCall(
                    id: call["id"]?.stringValue ?? "", name: call["name"]?.stringValue ?? "",
                    arguments: call["args"]?.nonNull?.argumentsText ?? "{}"))
        }
        if let result = part.either("functionResponse", "function_response"),
            result.objectValue != nil
        {
            let id = result["id"]?.stringValue ?? ""
            return .toolResult(
                ToolResultPart(
                    callID: id.isEmpty ? nil : id, name: result["name"]?.stringValue,
                    text: result["response"]?.resultText ?? ""))
        }
        guard !GeminiPart.isThought(part) else { return .other }
        return part["text"]?.stringValue.map { .text($0) } ?? .other
    }

    private static func offer(_ tool: JSONValue, to builder: inout ConversationBuilder) {
        let declarations = tool.either("functionDeclarations", "function_declarations")
        for declaration in declarations?.arrayValue ?? [] {
            let schema = declaration.either("parametersJsonSchema", "parameters_json_schema")
            builder.offer(
                name: declaration["name"],
                schema: schema ?? declaration["parameters"].map(GeminiSchema.jsonSchema))
        }
    }

    /// The tokens by the last count of the answer: `promptTokenCount`, and the candidates with the
    /// thoughts.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        UsageTally(
            input: ["promptTokenCount"], output: ["candidatesTokenCount", "thoughtsTokenCount"]
        ).reading(body, framing) { $0["usageMetadata"] }
    }
}

/// The provider's schemas: objects of OpenAPI 3.0, their types in upper case.
///
/// Beside alternatives a type says nothing: they stand in its place.
///
/// Source: https://ai.google.dev/api/caching#Schema.
private enum GeminiSchema {
    /// The same as a JSON Schema.
    static func jsonSchema(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.objectValue else { return schema }
        let isNullable = schema["nullable"]?.boolValue == true
        let hasAlternatives = schema.either("anyOf", "any_of")?.arrayValue?.isEmpty == false
        return .object(
            members.compactMap { member in
                switch member.key {
                case "nullable": nil
                case "type" where hasAlternatives: nil
                case "type": type(member.value, isNullable).map { JSONMember("type", $0) }
                case "enum" where isNullable: JSONMember("enum", adding(.null, to: member.value))
                case "anyOf", "any_of":
                    JSONMember("anyOf", alternatives(member.value, isNullable))
                case "items", "prefixItems": JSONMember(member.key, each(member.value))
                case "properties":
                    JSONMember(
                        member.key,
                        .object(
                            (member.value.objectValue ?? []).map {
                                JSONMember($0.key, jsonSchema($0.value))
                            }))
                default: member
                }
            })
    }

    private static func each(_ value: JSONValue) -> JSONValue {
        value.arrayValue.map { .array($0.map(jsonSchema)) } ?? jsonSchema(value)
    }

    private static func alternatives(_ value: JSONValue, _ isNullable: Bool) -> JSONValue {
        isNullable ? adding(["type": "null"], to: each(value)) : each(value)
    }

    /// A list with one element more, where it has any and lacks this one.
    private static func adding(_ element: JSONValue, to list: JSONValue) -> JSONValue {
        guard let elements = list.arrayValue, !elements.isEmpty, !elements.contains(element) else {
            return list
        }
        return .array(elements + [element])
    }

    private static func type(_ value: JSONValue, _ isNullable: Bool) -> JSONValue? {
        guard let word = value.stringValue else { return value }
        guard word != "TYPE_UNSPECIFIED" else { return nil }
        let type = JSONValue.string(asciiLowercased(word))
        return isNullable ? [type, "null"] : type
    }
}

extension JSONValue {
    /// A member under the name that the provider writes, or that of its fields, which it reads too.
    fileprivate func either(_ name: String, _ fieldName: String) -> JSONValue? {
        (self[name] ?? self[fieldName])?.nonNull
    }
}
