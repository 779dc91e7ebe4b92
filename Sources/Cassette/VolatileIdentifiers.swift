/// Finds identifiers that change from run to run: UUIDs and long hexadecimal words.
///
/// A long hexadecimal word has at least 24 digits with letters and decimals among them, so
/// that prices, dates and plain numbers are never taken for one.
public enum VolatileIdentifiers {
    static let hexLengthMin = 24

    /// The identifiers in a run of bytes, in order of appearance, as ranges.
    ///
    /// A word ends at everything but an ASCII letter or digit: `run_` before an identifier is not
    /// a part of it.
    public static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            guard isWord(bytes[start]) else {
                start += 1
                continue
            }
            let uuid = uuidEnd(bytes, from: start)
            let end = uuid ?? wordEnd(bytes, from: start)
            if uuid != nil || isLongHex(bytes[start..<end]) { found.append(start..<end) }
            start = end
        }
        return found
    }

    /// The identifiers in a text, in order of appearance.
    public static func all(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Where the UUID that begins here ends; nil when none does.
    private static func uuidEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var end = start
        for (place, length) in [8, 4, 4, 4, 12].enumerated() {
            if place > 0 {
                guard end < bytes.count, bytes[end] == 0x2D else { return nil }
                end += 1
            }
            let next = wordEnd(bytes, from: end)
            guard next - end == length, bytes[end..<next].allSatisfy(isHex) else { return nil }
            end = next
        }
        return end
    }

    private static func isLongHex(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count >= hexLengthMin, word.allSatisfy(isHex) else { return false }
        let digits = word.contains { $0 <= 0x39 }
        let letters = word.contains { $0 >= 0x41 }
        return digits && letters
    }

    private static func wordEnd(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        return end
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

/// Names volatile identifiers by first use, so that two requests that differ only in them agree.
public struct IdentifierRenamer: Sendable {
    private let known: Set<String>
    private var names: [String: Int] = [:]

    /// How many places were renamed so far.
    public private(set) var count = 0

    /// Creates a renamer that leaves the `known` identifiers, those a response introduced, alone.
    public init(known: Set<String>) {
        self.known = known
    }

    /// The text with its volatile identifiers named.
    public mutating func rename(_ text: String) -> String {
        guard text.utf8.count >= VolatileIdentifiers.hexLengthMin else { return text }
        let bytes = Array(text.utf8)
        let ranges = VolatileIdentifiers.ranges(in: bytes)
        guard !ranges.isEmpty else { return text }
        var renamed: [UInt8] = []
        var position = 0
        for range in ranges {
            let identifier = String(decoding: bytes[range], as: UTF8.self)
            renamed.append(contentsOf: bytes[position..<range.lowerBound])
            position = range.upperBound
            if known.contains(identifier) {
                renamed.append(contentsOf: bytes[range])
            } else {
                let number = names[identifier] ?? names.count + 1
                names[identifier] = number
                count += 1
                renamed.append(contentsOf: "\u{27E6}id\(number)\u{27E7}".utf8)
            }
        }
        renamed.append(contentsOf: bytes[position...])
        return String(decoding: renamed, as: UTF8.self)
    }
}
