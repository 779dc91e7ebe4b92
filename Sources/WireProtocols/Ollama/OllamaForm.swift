import Determinism

/// Where the lines of a route hold what they say.
struct OllamaForm {
    private let route: OllamaRoute

    init(_ route: OllamaRoute) {
        self.route = route
    }

    private var textKey: String { route == .chat ? "content" : "response" }

    /// What a line says: thinking and other members, the text, the calls; nil when it is not
    /// understood.
    func facets(of line: JSONValue) -> [OllamaFacet]? {
        let container = route == .chat ? line["message"]?.nonNull : line
        guard let container else { return [] }
        guard let members = container.objectValue else { return nil }
        var kept: [OllamaFacet] = []
        var rest: [OllamaFacet] = []
        for member in members where !member.value.isBlank {
            switch (member.key, member.value) {
            case (textKey, .string(let text)): rest.insert(.text(text), at: 0)
            case ("tool_calls", .array(let calls)):
                guard calls.allSatisfy({ $0.objectValue != nil }) else { return nil }
                rest += calls.map { .call($0) }
            case (textKey, _), ("tool_calls", _): return nil
            case (let key, let value) where isKept(key): kept.append(.kept(key: key, value))
            default: continue
            }
        }
        return kept + rest
    }

    /// Whether a member of a message is something that the model said; beside `response` stand
    /// counters as well.
    private func isKept(_ key: String) -> Bool {
        route == .chat ? key != "role" : key == "thinking"
    }

    /// The line that says this and nothing else; its text is empty where it had one before.
    func line(saying facets: [OllamaFacet], like line: JSONValue) -> JSONValue {
        guard route == .chat else { return container(saying: facets, like: line) }
        var line = line
        line["message"] = container(saying: facets, like: line["message"] ?? ["role": "assistant"])
        return line
    }

    private func container(saying facets: [OllamaFacet], like container: JSONValue) -> JSONValue {
        var result = container
        for key in (container.objectValue ?? []).map(\.key) where isKept(key) && key != textKey {
            result[key] = nil
        }
        result["tool_calls"] = nil
        result[textKey] = ""
        var calls: [JSONValue] = []
        for facet in facets {
            switch facet {
            case .text(let text): result[textKey] = .string(text)
            case .kept(let key, let value): result[key] = value
            case .call(let call): calls.append(call)
            }
        }
        if !calls.isEmpty { result["tool_calls"] = .array(calls) }
        return result
    }

    /// A line that is not the last one, made of the last one: without what only that says.
    static func opened(_ line: JSONValue) -> JSONValue {
        guard line["done"]?.boolValue == true else { return line }
        let known = ["model", "remote_model", "remote_host", "created_at", "message", "response"]
        var result = JSONValue.object(
            (line.objectValue ?? []).filter { known.contains($0.key) })
        result["done"] = false
        return result
    }

    /// A call that says this, with what else a recorded one holds; nil where its arguments are no
    /// object.
    static func call(_ call: AnswerCall, like json: JSONValue?, index: Int?) -> JSONValue? {
        var arguments = JSONValue.null
        if let text = call.arguments {
            guard let value = try? JSONValue.parse(text: text), value.objectValue != nil else {
                return nil
            }
            arguments = value
        }
        var function: JSONValue = json?["function"] ?? [:]
        if let index { function["index"] = .int(Int64(index)) }
        function["name"] = .string(call.name)
        function["arguments"] = .some(arguments)
        guard var result = json else {
            let id = call.id.map { [JSONMember("id", .string($0))] } ?? []
            return .object(id + [JSONMember("function", function)])
        }
        result["id"] = call.id.map { .string($0) }
        result["function"] = function
        return result
    }
}
