/// One element of a JSON array that trickles in: its exact bytes with what stands before it.
///
/// What closes the array is an element without data.
public struct JSONArrayElement: Hashable, Sendable {
    /// What stands before an element.
    enum Opening: UInt8 {
        case bracket = 0x5B
        case comma = 0x2C
    }

    /// The bytes, from the end of the element before.
    public let bytes: [UInt8]
    /// Whether it is whole.
    public let isTerminated: Bool
    /// The element as text; nil for what closes the array.
    public let data: String?
    /// The place of the bracket or comma before it.
    private let openingPlace: Int?
    private let contentStart: Int

    /// Reads an element with what stands before it.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        var place = 0
        var openingPlace: Int?
        scan: while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: ","): openingPlace = openingPlace ?? place
            case UInt8(ascii: "[") where openingPlace == nil: openingPlace = place
            case let byte where JSONArrayScanner.isBlank(byte): break
            default: break scan
            }
            place += 1
        }
        self.openingPlace = openingPlace
        contentStart = place
        let isClosing = place < bytes.count && bytes[place] == UInt8(ascii: "]")
        let content = bytes[place...]
        data = isClosing || content.isEmpty ? nil : String(decoding: content, as: UTF8.self)
        isTerminated = isClosing || Self.isWhole(content)
    }

    /// Builds a fresh element that follows another one.
    public init(data: [UInt8]) {
        self.init(bytes: Array(",\r\n".utf8) + data)
    }

    /// The same element behind a bracket or a comma.
    func opening(_ opening: Opening) -> JSONArrayElement {
        if data == nil, opening == .comma { return self }
        var bytes = bytes
        if let openingPlace {
            bytes[openingPlace] = opening.rawValue
        } else {
            bytes.insert(opening.rawValue, at: 0)
        }
        return bytes == self.bytes ? self : JSONArrayElement(bytes: bytes)
    }

    /// The same place with another element.
    func replacingData(_ data: [UInt8]) -> JSONArrayElement {
        JSONArrayElement(bytes: bytes[..<contentStart] + data)
    }

    private static func isWhole(_ content: ArraySlice<UInt8>) -> Bool {
        guard !content.isEmpty else { return false }
        var scanner = JSONArrayScanner()
        var end = false
        // Behind a bracket, as in the array: an element that is an array opens no array.
        _ = scanner.take(UInt8(ascii: "["))
        for byte in content {
            if end { return false }
            if case .after = scanner.take(byte) { end = true }
        }
        return end || scanner.holdsWholeFrame
    }
}
