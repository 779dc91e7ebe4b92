import Cassette
import Determinism

extension StreamEvent {
    /// The data of an event that says its type, or else has it for a name; nil when no client sees
    /// the event or its data is no object.
    var typed: (type: String, json: JSONValue)? {
        guard let json, json.objectValue != nil else { return nil }
        return (json["type"]?.stringValue ?? name ?? "", json)
    }
}

extension RecordedRequest {
    /// The body as JSON; nil when it is none.
    var json: JSONValue? {
        try? JSONValue.parse(body)
    }

    /// Whether the method carries a body and the path ends like this.
    func posts(to suffix: String) -> Bool {
        asciiEqual(method, "POST") && path.hasSuffix(suffix)
    }
}

extension JSONValue {
    /// The value unless it is `null`.
    var nonNull: JSONValue? {
        isNull ? nil : self
    }

    /// Whether it says nothing: null, an empty text, array or object.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number: false
        }
    }

    /// A text, or the texts of a list of content parts.
    var contentText: String {
        if let text = stringValue { return text }
        guard let parts = arrayValue else { return "" }
        return parts.map { part in
            part["type"]?.stringValue == "text" ? part["text"]?.stringValue ?? "" : ""
        }.joined()
    }

    /// An integer that fits a place.
    var placeValue: Int? {
        intValue.flatMap { Int(exactly: $0) }
    }
}
