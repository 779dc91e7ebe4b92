internal import Determinism

/// Texts as the values of data formats.
enum Quoting {
    /// A JSON string with its quotation marks; also a YAML one.
    static func json(_ text: String) -> String { JSONValue.string(text).encodedText() }

    /// A field of RFC 4180.
    static func csv(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    /// The text of an XML element.
    static func xml(_ text: String) -> String {
        text.map { cluster in
            switch cluster {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(cluster)
            }
        }.joined()
    }
}
