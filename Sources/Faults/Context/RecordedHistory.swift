import Cassette
import Determinism

/// The conversation that a request to a model brings along, as far as it can be compared.
///
/// It is read from the identity of the request: what normalisers and the names of volatile
/// identifiers make equal there is equal here.
struct RecordedHistory {
    /// A digest for each beginning: of the first message, of the first two, and so on.
    ///
    /// Model, instructions of the system and the conversation that the provider keeps are part
    /// of each.
    let beginnings: [Digest]

    init(_ identity: RequestIdentity) {
        let lists = RecordedHistory.messageLists.map { name in
            identity.components.filter { component in
                component.path.hasPrefix(name + "[")
                    || component.path == name && component.value.stringValue != nil
            }
        }
        var rolling = RollingDigest()
        for component in identity.components where RecordedHistory.isSetting(component.path) {
            rolling.append(component.path)
            rolling.append(RecordedHistory.unmarked(component.value).canonical())
        }
        beginnings = (lists.first { !$0.isEmpty } ?? []).map { component in
            rolling.append(RecordedHistory.message(component.value).canonical())
            return rolling.value
        }
    }

    /// Where the protocols keep their messages.
    private static let messageLists = ["$.messages", "$.input", "$.contents"]
    /// Where they say who is asked, with which instructions, and what was said before.
    private static let settings = [
        "$.model", "$.system", "$.instructions", "$.systemInstruction", "$.system_instruction",
        "$.previous_response_id", "$.conversation",
    ]

    private static func isSetting(_ path: String) -> Bool {
        settings.contains { path == $0 || path == $0 + ".length" || path.hasPrefix($0 + "[") }
    }

    /// A message in the one of its forms that has a list of parts.
    ///
    /// Clients mark the message up to which a provider may cache, which moves on with each call; a
    /// text becomes a part to carry the mark.
    private static func message(_ value: JSONValue) -> JSONValue {
        if value.stringValue != nil { return message(["role": "user", "content": value]) }
        var message = unmarked(value)
        if let text = message["content"]?.stringValue {
            message["content"] = [["type": "text", "text": .string(text)]]
        }
        return message
    }

    /// The value without marks of what may be cached.
    private static func unmarked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements):
            .array(elements.filter { $0["cachePoint"] == nil }.map(unmarked))
        case .object(let members):
            .object(
                members.filter { $0.key != "cache_control" }
                    .map { JSONMember($0.key, unmarked($0.value)) })
        case .null, .bool, .number, .string: value
        }
    }
}
