import Determinism

/// One thing that a message, or a piece of one in a stream, says.
enum OpenAIChatFacet {
    /// Visible text.
    case text(String)
    /// A refusal.
    case refusal(String)
    /// A tool call, or a piece of one.
    case call(JSONValue)
    /// Any other member, such as reasoning; of a list of contents what is no text.
    case kept(key: String, JSONValue)

    /// What a message or a delta says, in the order of its members; nil when it is not understood.
    static func all(of container: JSONValue?) -> [OpenAIChatFacet]? {
        guard let container = container?.nonNull else { return [] }
        guard let members = container.objectValue else { return nil }
        var facets: [OpenAIChatFacet] = []
        for member in members where !member.value.isBlank {
            switch (member.key, member.value) {
            case ("role", _): continue
            case ("content", let value): facets += contents(value)
            case ("refusal", .string(let text)): facets.append(.refusal(text))
            case ("tool_calls", .array(let calls)):
                guard calls.allSatisfy(isReadable) else { return nil }
                facets += calls.map { .call($0) }
            case ("refusal", _), ("tool_calls", _): return nil
            // Such a member says how the container is counted, not what the model said.
            case (_, .bool), (_, .number): continue
            case (let key, let value): facets.append(.kept(key: key, value))
            }
        }
        return facets
    }

    private static func contents(_ value: JSONValue) -> [OpenAIChatFacet] {
        if let text = value.stringValue { return [.text(text)] }
        guard let elements = value.arrayValue else { return [.kept(key: "content", value)] }
        let others = elements.filter { !isText($0) }
        let text = value.contentText
        var facets: [OpenAIChatFacet] = []
        if !others.isEmpty { facets.append(.kept(key: "content", .array(others))) }
        if !text.isEmpty { facets.append(.text(text)) }
        return elements.first.map(isText) == true ? facets.reversed() : facets
    }

    private static func isText(_ element: JSONValue) -> Bool {
        element["type"]?.stringValue == "text" && element["text"]?.stringValue != nil
    }

    private static func isReadable(_ call: JSONValue) -> Bool {
        guard call.objectValue != nil else { return false }
        let arguments = call["function"]?["arguments"]?.nonNull
        let type = call["type"]?.stringValue ?? ""
        return (arguments == nil || arguments?.stringValue != nil)
            && (type.isEmpty || type == "function")
    }

    /// A message or a delta that says this and nothing else, with the other members of another;
    /// nil where a member would be there twice.
    ///
    /// `emptyContent` stands where there is no text any more; nil leaves the member out.
    static func container(
        saying facets: [OpenAIChatFacet], like container: JSONValue?, emptyContent: JSONValue?
    ) -> JSONValue? {
        let members = members(facets, like: container?["content"])
        let keys = members.map(\.key)
        guard Set(keys).count == keys.count else { return nil }
        var result = JSONValue.object(
            (container?.objectValue ?? []).compactMap { member in
                remainder(of: member, emptyContent)
            })
        for member in members { result[member.key] = member.value }
        let order = (result.objectValue ?? []).map(\.key).filter { keys.contains($0) }
        guard order != keys else { return result }
        for key in keys { result[key] = nil }
        return .object((result.objectValue ?? []) + members)
    }

    /// What stays of a member that is not said any more.
    private static func remainder(
        of member: JSONMember, _ emptyContent: JSONValue?
    ) -> JSONMember? {
        if member.key == "role" || member.value.isBlank { return member }
        switch (member.key, member.value) {
        case ("content", _): return emptyContent.map { JSONMember("content", $0) }
        case ("refusal", _): return emptyContent == nil ? nil : JSONMember("refusal", .null)
        case (_, .bool), (_, .number): return member
        default: return nil
        }
    }

    /// The members that say this, in order; what shares a member is joined.
    private static func members(
        _ facets: [OpenAIChatFacet], like content: JSONValue?
    ) -> [JSONMember] {
        var members: [JSONMember] = []
        var calls: [JSONValue] = []
        let isList = content?.arrayValue != nil
        func add(_ key: String, _ value: JSONValue) {
            let last = members.count - 1
            if last >= 0, members[last].key == key, let before = members[last].value.arrayValue {
                members[last].value = .array(before + (value.arrayValue ?? [value]))
            } else {
                members.append(JSONMember(key, value))
            }
        }
        for facet in facets {
            switch facet {
            case .text(let text) where isList:
                add("content", [["type": "text", "text": .string(text)]])
            case .text(let text): add("content", .string(text))
            case .refusal(let text): add("refusal", .string(text))
            case .kept(let key, let value): add(key, value)
            case .call(let call):
                if calls.isEmpty { add("tool_calls", []) }
                calls.append(call)
            }
        }
        if let place = members.firstIndex(where: { $0.key == "tool_calls" }) {
            members[place].value = .array(calls)
        }
        return members
    }
}
