internal import Faults

/// Values with names, put into texts where `{{name}}` stands.
///
/// What is put in is never looked at again: a value that holds `{{other}}` stays as it is.
struct TemplateValues {
    /// Why a text cannot be filled.
    struct Failure: Error {
        let message: String
        var hint: String?
        var allowed: String?
    }

    /// A part of a text: what stands between places, or the name at a place.
    struct Piece: Hashable {
        var text: String
        var isName: Bool
    }

    static let nameRule = "letters, digits, _ and -, not a digit or - first"

    private struct Value {
        var name: String
        var text: String
        var place: YAMLNode.Place?
        var isUsed = false
    }

    private var values: [Value] = []

    /// Sets a value; a later one replaces an earlier one.
    mutating func set(_ name: String, _ text: String, at place: YAMLNode.Place?) {
        if let index = values.firstIndex(where: { $0.name == name }) {
            values[index].text = text
        } else {
            values.append(Value(name: name, text: text, place: place))
        }
    }

    /// The names that no text asked for, with their places in the file.
    var unused: [(name: String, place: YAMLNode.Place?)] {
        values.filter { !$0.isUsed }.map { ($0.name, $0.place) }
    }

    /// The text with the values in their places, each encoded.
    mutating func fill(
        _ text: String, _ encode: (String) -> String
    ) throws(Failure) -> String {
        var filled = ""
        for piece in Self.pieces(of: text) {
            guard piece.isName else {
                filled += piece.text
                continue
            }
            filled += encode(try value(piece.text))
        }
        return filled
    }

    private mutating func value(_ name: String) throws(Failure) -> String {
        guard Self.isName(name) else {
            throw Failure(
                message: "{{\(name)}} names no value",
                hint: "to send braces, give them as a value", allowed: Self.nameRule)
        }
        guard let index = values.firstIndex(where: { $0.name == name }) else {
            let names = values.map(\.name)
            throw Failure(
                message: "there is no value '\(name)'; add it to 'values', or give "
                    + "--value \(name)=TEXT",
                hint: Suggestion.question(for: name, in: names),
                allowed: names.isEmpty ? nil : names.joined(separator: ", "))
        }
        values[index].isUsed = true
        return values[index].text
    }

    /// Whether a value is to be put in anywhere.
    static func hasName(_ text: String) -> Bool {
        pieces(of: text).contains(where: \.isName)
    }

    /// The parts of a text; braces that are never closed are plain text.
    static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"),
            let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            pieces.append(Piece(text: String(rest[..<open.lowerBound]), isName: false))
            let name = rest[open.upperBound..<close.lowerBound].trimmingPrefix { $0 == " " }
            let end = name.lastIndex { $0 != " " }.map { name.index(after: $0) }
            pieces.append(
                Piece(text: String(name[..<(end ?? name.startIndex)]), isName: true))
            rest = rest[close.upperBound...]
        }
        return pieces + [Piece(text: String(rest), isName: false)]
    }

    /// Whether a text can name a value.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), first != 0x2D else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
            default: false
            }
        }
    }
}

/// Percent-encoding of a value inside a path or a query (RFC 3986, 2.1): all but the unreserved.
enum PercentEncoding {
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte -> String in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return String(UnicodeScalar(byte))
            case 0x2D, 0x2E, 0x5F, 0x7E: return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }.joined()
    }
}
