/// Finds where the elements of a JSON array end.
///
/// A frame is what stands before an element (the bracket or the comma, and blanks) and the element.
/// What follows the last element, with the closing bracket, is a frame of its own. Elements that
/// are not objects or arrays end before the byte that follows them.
struct JSONArrayScanner {
    private enum Place {
        /// Before the bracket that opens the array.
        case start
        /// Between elements.
        case between
        /// In an object or array, so deep.
        case nested(Int)
        /// In a text, inside so many objects and arrays.
        case text(Int, isEscaped: Bool)
        /// In a number or a word.
        case scalar
        /// Behind the bracket that closes the array.
        case end
    }

    private var place = Place.start

    /// Whether what is left is whole: a scalar, or what follows the last element.
    var holdsWholeFrame: Bool {
        switch place {
        case .end, .scalar: true
        default: false
        }
    }

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> FrameScanner.Cut {
        switch place {
        case .start:
            if byte == UInt8(ascii: "[") {
                place = .between
            } else {
                takeBetween(byte)
            }
        case .between: takeBetween(byte)
        case .nested(let depth): return takeNested(byte, depth)
        case .text(let depth, let isEscaped): return takeText(byte, depth, isEscaped)
        case .scalar:
            guard Self.isBlank(byte) || [UInt8(ascii: ","), UInt8(ascii: "]")].contains(byte) else {
                return .none
            }
            place = .between
            takeBetween(byte)
            return .before
        case .end: break
        }
        return .none
    }

    private mutating func takeBetween(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): place = .nested(1)
        case UInt8(ascii: "\""): place = .text(0, isEscaped: false)
        case UInt8(ascii: "]"): place = .end
        case UInt8(ascii: ","): break
        default: if !Self.isBlank(byte) { place = .scalar }
        }
    }

    private mutating func takeNested(_ byte: UInt8, _ depth: Int) -> FrameScanner.Cut {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): place = .nested(depth + 1)
        case UInt8(ascii: "\""): place = .text(depth, isEscaped: false)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            place = depth == 1 ? .between : .nested(depth - 1)
            return depth == 1 ? .after : .none
        default: break
        }
        return .none
    }

    private mutating func takeText(
        _ byte: UInt8, _ depth: Int, _ isEscaped: Bool
    ) -> FrameScanner.Cut {
        guard !isEscaped, byte == UInt8(ascii: "\"") else {
            place = .text(depth, isEscaped: !isEscaped && byte == UInt8(ascii: "\\"))
            return .none
        }
        place = depth == 0 ? .between : .nested(depth)
        return depth == 0 ? .after : .none
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
