/// Why bytes are not the JSON that is accepted, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// A byte that the grammar does not allow here.
        case unexpectedByte
        /// The text ends inside a value.
        case unexpectedEnd
        /// Arrays and objects are nested too deeply.
        case depthLimit
        /// The text is too long.
        case sizeLimit
        /// An object names a member twice.
        case duplicateKey
        /// Half of a surrogate pair in `\u` escapes.
        case loneSurrogate
        /// Bytes in a string that are not UTF-8.
        case invalidUTF8
        /// A number that breaks the grammar of numbers.
        case invalidNumber
        /// A backslash followed by what is no escape.
        case invalidEscape
        /// A control character inside a string, not escaped.
        case controlCharacter
        /// Something follows the value.
        case trailingBytes
    }

    /// The kind of failure.
    public let code: Code
    /// The offending byte, counted from 0; for an early end, the length of the text.
    public let offset: Int
    /// What is allowed there, and how to mend it.
    public let message: String

    /// A failure at a byte.
    public init(code: Code, offset: Int, message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String {
        "invalid JSON at byte \(offset): \(message) (\(code.rawValue))"
    }
}
