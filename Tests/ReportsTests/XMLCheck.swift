/// Whether a text is well-formed XML of the plain kind that the reports write: elements, attributes
/// in double quotes, the five entities and characters by number.
///
/// Scalars are looked at: a quote with an accent is a quote to every reader.
struct XMLCheck {
    private typealias Scalars = Substring.UnicodeScalarView

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// An element with its attributes and its text.
    struct Element {
        let name: String
        var attributes: [String: String] = [:]
        var text = ""
        var children: [Element] = []

        /// All elements of a name, below this one too.
        func all(_ name: String) -> [Element] {
            (self.name == name ? [self] : []) + children.flatMap { $0.all(name) }
        }
    }

    private var rest: Scalars

    /// The root element.
    static func parse(_ bytes: [UInt8]) throws -> Element {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(description: "not UTF-8")
        }
        var check = XMLCheck(rest: text[...].unicodeScalars)
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        guard check.begins(head) else { throw Problem(description: "no declaration") }
        try check.take(head)
        let root = try check.element()
        guard check.rest.elementsEqual(["\n"]) else {
            throw Problem(description: "text after the root")
        }
        return root
    }

    private func problem(_ text: String) -> Problem {
        Problem(description: "\(text) before: \(Substring(rest.prefix(60)))")
    }

    private func begins(_ text: String) -> Bool { rest.starts(with: text.unicodeScalars) }

    private mutating func take(_ text: String) throws {
        guard begins(text) else { throw problem("expected \(text)") }
        rest = rest.dropFirst(text.unicodeScalars.count)
    }

    private mutating func name() throws -> String {
        let name = rest.prefix {
            $0.isASCII && ($0.properties.isAlphabetic || $0 == "-" || $0 == "_")
        }
        guard !name.isEmpty else { throw problem("expected a name") }
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private mutating func element() throws -> Element {
        try take("<")
        var element = Element(name: try name())
        while begins(" ") {
            try take(" ")
            let name = try name()
            try take("=\"")
            let value = rest.prefix { $0 != "\"" }
            rest = rest.dropFirst(value.count)
            try take("\"")
            guard element.attributes[name] == nil else { throw problem("a second \(name)") }
            element.attributes[name] = try XMLCheck.decoded(value)
        }
        if begins("/>") {
            try take("/>")
            return element
        }
        try take(">")
        while !begins("</") {
            let text = rest.prefix { $0 != "<" }
            rest = rest.dropFirst(text.count)
            element.text += try XMLCheck.decoded(text)
            guard !rest.isEmpty else { throw problem("\(element.name) is not closed") }
            if !begins("</") { element.children.append(try self.element()) }
        }
        try take("</\(element.name)>")
        return element
    }

    /// Text with its entities resolved; refuses what XML 1.0 does not allow.
    private static func decoded(_ text: Scalars) throws -> String {
        let isSound = text.allSatisfy { scalar in
            (scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" || scalar == "\r")
                && scalar.value & 0xFFFE != 0xFFFE
        }
        let isOpen = text.contains("<") || Hostile.contains("]]>", in: Array(Substring(text).utf8))
        guard isSound, !isOpen else {
            let begin = Substring(text.prefix(60))
            throw Problem(description: "a character that is not allowed in: \(begin)")
        }
        let parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var decoded = parts.first.map { String($0) } ?? ""
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: ";") else {
                throw Problem(description: "a bare & in: \(Substring(text.prefix(60)))")
            }
            decoded += try entity(Substring(part[..<end]))
            decoded += String(part[part.index(after: end)...])
        }
        return decoded
    }

    private static func entity(_ name: Substring) throws -> String {
        let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let text = known[String(name)] { return text }
        guard name.hasPrefix("#"), let number = UInt32(name.dropFirst()),
            [9, 10, 13].contains(number), let scalar = Unicode.Scalar(number)
        else { throw Problem(description: "the entity &\(name);") }
        return String(Character(scalar))
    }
}
