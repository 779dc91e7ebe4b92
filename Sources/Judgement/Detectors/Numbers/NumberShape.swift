/// A way to write a number: `9` is a digit, `A` a letter, `X` either, `H` a hexadecimal digit, and
/// anything else stands for itself.
struct NumberShape: Sendable {
    private let shape: [UInt8]
    /// How many characters come before the first separator.
    let firstGroup: Int

    init(_ text: String) {
        shape = Array(text.utf8)
        firstGroup = shape.firstIndex { !$0.isASCIIAlphanumeric } ?? shape.count
    }

    private var isSpaced: Bool { shape.contains(UInt8(ascii: " ")) }
    private var hasColons: Bool { shape.contains(UInt8(ascii: ":")) }

    /// The letters and digits at a place, without separators; nil when the shape is not there.
    func characters(in bytes: [UInt8], at start: Int) -> [UInt8]? {
        guard start + shape.count <= bytes.count else { return nil }
        var characters: [UInt8] = []
        for offset in shape.indices {
            let (wanted, byte) = (shape[offset], bytes[start + offset])
            switch wanted {
            case UInt8(ascii: "9"): guard byte.isASCIIDigit else { return nil }
            case UInt8(ascii: "A"): guard byte.isASCIILetter else { return nil }
            case UInt8(ascii: "X"): guard byte.isASCIIAlphanumeric else { return nil }
            case UInt8(ascii: "H"): guard byte.hexValue != nil else { return nil }
            default:
                guard byte == wanted else { return nil }
                continue
            }
            characters.append(byte)
        }
        return characters
    }

    func range(at start: Int) -> Range<Int> { start..<(start + shape.count) }

    /// Whether what stands around leaves it a number of its own: no part of a longer number, of a
    /// UUID, a version, a date or a word.
    func isFree(in bytes: [UInt8], at start: Int, mayBeFollowed: Bool) -> Bool {
        isFreeBefore(bytes, start)
            && isFreeAfter(bytes, start + shape.count, mayBeFollowed: mayBeFollowed)
    }

    private func isFreeBefore(_ bytes: [UInt8], _ start: Int) -> Bool {
        guard let previous = bytes.byte(start - 1) else { return true }
        let second = bytes.byte(start - 2)
        switch previous {
        case UInt8(ascii: "-"): return second?.isASCIIWord != true
        case UInt8(ascii: "."), UInt8(ascii: "/"): return second?.isASCIIDigit != true
        case UInt8(ascii: ":"): return !hasColons || second?.hexValue == nil
        case UInt8(ascii: " "): return !isSpaced || second?.isASCIIDigit != true
        case UInt8(ascii: "+"): return false
        default: return !previous.isASCIIWord
        }
    }

    private func isFreeAfter(_ bytes: [UInt8], _ end: Int, mayBeFollowed: Bool) -> Bool {
        guard let next = bytes.byte(end) else { return true }
        let second = bytes.byte(end + 1)
        switch next {
        case UInt8(ascii: "-"): return second?.isASCIIWord != true
        case UInt8(ascii: "."), UInt8(ascii: "/"): return second?.isASCIIDigit != true
        case UInt8(ascii: ":"): return !hasColons || second?.hexValue == nil
        case UInt8(ascii: " "): return mayBeFollowed || !isSpaced || second?.isASCIIDigit != true
        case UInt8(ascii: "@"): return false
        default: return !next.isASCIIWord
        }
    }
}

/// How the numbers of one kind are written and proved.
struct NumberRule: Sendable {
    let kind: SensitiveKind
    /// Shapes that say enough by themselves.
    let strong: [NumberShape]
    /// Shapes that count only beside a word of the context.
    let weak: [NumberShape]
    let context: ContextWords
    /// The check digits and ranges.
    let proves: @Sendable ([UInt8]) -> Bool
    /// Whether an expiry date or the like may follow after a space.
    let mayBeFollowed: Bool

    init(
        _ kind: SensitiveKind, strong: [String] = [], weak: [String] = [],
        context: [String] = [], mayBeFollowed: Bool = false,
        proves: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.kind = kind
        self.strong = strong.map(NumberShape.init)
        self.weak = weak.map(NumberShape.init)
        self.context = ContextWords(context)
        self.mayBeFollowed = mayBeFollowed
        self.proves = proves
    }
}
