/// Writes values as JSON text: the only encoder of the project.
struct JSONWriter {
    struct Style {
        var sortsMembers = false
        var isSpaced = false
        var isASCIIOnly = false

        static let compact = Style()
        static let canonical = Style(sortsMembers: true)
        static let python = Style(isSpaced: true, isASCIIOnly: true)
        static let pythonRaw = Style(isSpaced: true)
    }

    private let style: Style
    private var out: [UInt8] = []

    static func bytes(of value: JSONValue, style: Style) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(value)
        return writer.out
    }

    private init(style: Style) {
        self.style = style
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(true): out.append(contentsOf: "true".utf8)
        case .bool(false): out.append(contentsOf: "false".utf8)
        case .number(let text): out.append(contentsOf: text.utf8)
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let members): write(style.sortsMembers ? Self.sorted(members) : members)
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        out.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            separate(isFirst)
            isFirst = false
            write(element)
        }
        out.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ members: [JSONMember]) {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in members {
            separate(isFirst)
            isFirst = false
            write(member.key)
            out.append(UInt8(ascii: ":"))
            if style.isSpaced { out.append(UInt8(ascii: " ")) }
            write(member.value)
        }
        out.append(UInt8(ascii: "}"))
    }

    private mutating func separate(_ isFirst: Bool) {
        guard !isFirst else { return }
        out.append(UInt8(ascii: ","))
        if style.isSpaced { out.append(UInt8(ascii: " ")) }
    }

    /// Members by the bytes of their names; equal names, which no parser gives, stay in order.
    private static func sorted(_ members: [JSONMember]) -> [JSONMember] {
        // Most objects have few members, or were sorted when they were written.
        guard !zip(members, members.dropFirst()).allSatisfy({ !precedes($1, $0) }) else {
            return members
        }
        return members.enumerated().sorted { left, right in
            if precedes(left.element, right.element) { return true }
            if precedes(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }

    private static func precedes(_ left: JSONMember, _ right: JSONMember) -> Bool {
        left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }

    private mutating func write(_ text: String) {
        out.append(UInt8(ascii: "\""))
        if style.isASCIIOnly {
            // Code units of UTF-16 are what Python writes: a pair for all beyond the first plane.
            for unit in text.utf16 {
                if unit < 0x7F {
                    writeEscaped(UInt8(unit))
                } else {
                    writeEscape(unit)
                }
            }
        } else {
            writeRuns(Array(text.utf8))
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Copies what needs no escape in runs: most text is one.
    private mutating func writeRuns(_ bytes: [UInt8]) {
        var runStart = 0
        for index in bytes.indices where Self.isEscaped(bytes[index]) {
            out.append(contentsOf: bytes[runStart..<index])
            writeEscaped(bytes[index])
            runStart = index + 1
        }
        out.append(contentsOf: bytes[runStart...])
    }

    static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        guard Self.isEscaped(byte) else {
            out.append(byte)
            return
        }
        let letter: UInt8
        switch byte {
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        default:
            writeEscape(UInt16(byte))
            return
        }
        out.append(UInt8(ascii: "\\"))
        out.append(letter)
    }

    private mutating func writeEscape(_ unit: UInt16) {
        out.append(UInt8(ascii: "\\"))
        out.append(UInt8(ascii: "u"))
        for shift in stride(from: UInt16(12), through: 0, by: -4) {
            out.append(hexDigit(UInt32(unit >> shift) & 15))
        }
    }
}
