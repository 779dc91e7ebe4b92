import Determinism

extension JSONValue {
    /// The document with values replaced in one pass.
    ///
    /// The change is asked from the outermost value on, with the name of the member that it is; nil
    /// leaves it as it is, and the values in it are looked at.
    func replacingValues(_ change: (_ key: String?, _ value: JSONValue) -> JSONValue?) -> JSONValue
    {
        replacingValues(key: nil, change)
    }

    private func replacingValues(
        key: String?, _ change: (_ key: String?, _ value: JSONValue) -> JSONValue?
    ) -> JSONValue {
        if let changed = change(key, self) { return changed }
        switch self {
        case .array(let elements):
            return .array(elements.map { $0.replacingValues(key: nil, change) })
        case .object(let members):
            return .object(
                members.map { member in
                    JSONMember(member.key, member.value.replacingValues(key: member.key, change))
                })
        case .null, .bool, .number, .string: return self
        }
    }

    /// The value under another type: a text as a list of it, anything else as its text.
    var ofAnotherType: JSONValue {
        stringValue != nil ? .array([self]) : .string(encodedText())
    }

    /// A value right beside this one; nil where it has neither digit nor letter.
    ///
    /// Its last digit, or else its last letter, is moved on by one, or back where there is none
    /// after it. The exponent of a number stays.
    var neighbour: JSONValue? {
        let text: String
        switch self {
        case .string(let string): text = string
        case .number(let digits): text = digits
        case .bool(let flag): return .bool(!flag)
        case .null, .array, .object: return nil
        }
        var bytes = Array(text.utf8)
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        let isLetter: (UInt8) -> Bool = { (0x41...0x5A).contains($0 & 0xDF) }
        let end = numberText == nil ? bytes.count : JSONValue.mantissaCount(of: bytes)
        let looked = bytes[..<end]
        guard let place = looked.lastIndex(where: isDigit) ?? looked.lastIndex(where: isLetter)
        else { return nil }
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "9"): bytes[place] = UInt8(ascii: "8")
        case UInt8(ascii: "z"), UInt8(ascii: "Z"): bytes[place] = byte - 1
        default: bytes[place] = byte + 1
        }
        let moved = String(decoding: bytes, as: UTF8.self)
        if case .number = self { return .number(moved) }
        return .string(moved)
    }

    /// How many bytes of a number come before its exponent.
    static func mantissaCount(of digits: [UInt8]) -> Int {
        digits.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? digits.count
    }
}
