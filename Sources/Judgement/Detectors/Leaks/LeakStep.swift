/// One way in which a text may hide another; the raw values are stable names.
package enum LeakStep: String, Hashable, Sendable, CaseIterable {
    /// Lower case, without marks, invisible characters and look-alikes of other scripts.
    case folded
    /// Folded, and only letters and digits.
    case compact
    /// `%41` for A.
    case percent
    /// `&#65;` or `&amp;`.
    case html
    /// `\u0041`, `\x41` or `\n`, as in JSON and in most languages.
    case escapes
    /// Base64 and base64url, also glued to other text and with line ends.
    case base64
    /// Pairs of hexadecimal digits, also with spaces, colons or `\x`.
    case hex
    /// Invisible tag characters (U+E0020 to U+E007E).
    case tags
    /// Bytes in variation selectors.
    case selectors
    case rot13
    case reversed

    /// The steps that turn a text into another one; the first two only normalise.
    static let decoders: [LeakStep] = [
        .percent, .html, .escapes, .base64, .hex, .tags, .selectors, .rot13, .reversed,
    ]

    /// What the step makes of a text; nil when it finds nothing to do.
    func applied(to bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .folded: TextFolding.folded(bytes)
        case .compact: TextFolding.compacted(TextFolding.folded(bytes))
        case .percent: EscapeDecoding.percent(bytes)
        case .html: EscapeDecoding.html(bytes)
        case .escapes: EscapeDecoding.escapes(bytes)
        case .base64: RunDecoding.base64(bytes)
        case .hex: RunDecoding.hex(bytes)
        case .tags: HiddenCharacters.tags(bytes)
        case .selectors: HiddenCharacters.selectors(bytes)
        case .rot13: bytes.map(LeakStep.turned)
        case .reversed: Array(String(decoding: bytes, as: UTF8.self).unicodeScalars.reversed().utf8)
        }
    }

    /// Whether doing both, one after the other, gives the text back.
    func undoes(_ other: LeakStep?) -> Bool {
        self == other && (self == .rot13 || self == .reversed)
    }

    private static func turned(_ byte: UInt8) -> UInt8 {
        guard byte.isASCIILetter else { return byte }
        let first: UInt8 = byte.isASCIIUpper ? 0x41 : 0x61
        return first + (byte - first + 13) % 26
    }
}

extension Sequence where Element == Unicode.Scalar {
    /// The scalars in UTF-8.
    fileprivate var utf8: [UInt8] { flatMap { Array(UTF8.encode($0) ?? .init()) } }
}
