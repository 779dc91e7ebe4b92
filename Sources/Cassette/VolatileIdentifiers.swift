/// Finds identifiers that change from run to run: UUIDs and long hexadecimal words.
///
/// A long hexadecimal word has at least 24 digits with letters and decimals among them, so
/// that prices, dates and plain numbers are never taken for one.
public enum VolatileIdentifiers {
    static let hexLengthMin = 24

    /// The identifiers in a run of bytes, in order of appearance, as ranges.
    public static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            guard isHexOrDash(bytes[start]) else {
                // Any other letter or digit spoils the word it belongs to.
                start = isWord(bytes[start]) ? endOfWord(bytes, from: start) : start + 1
                continue
            }
            var end = start
            while end < bytes.count, isHexOrDash(bytes[end]) { end += 1 }
            if end < bytes.count, isWord(bytes[end]) {
                start = endOfWord(bytes, from: end)
                continue
            }
            if isIdentifier(bytes[start..<end]) { found.append(start..<end) }
            start = end
        }
        return found
    }

    /// The identifiers in a text, in order of appearance.
    public static func all(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private static func isIdentifier(_ word: ArraySlice<UInt8>) -> Bool {
        if word.count == 36 {
            let dashes: Set<Int> = [8, 13, 18, 23]
            return word.enumerated().allSatisfy { offset, byte in
                (byte == 0x2D) == dashes.contains(offset)
            }
        }
        guard word.count >= hexLengthMin, !word.contains(0x2D) else { return false }
        let digits = word.contains { $0 >= 0x30 && $0 <= 0x39 }
        let letters = word.contains { $0 >= 0x41 }
        return digits && letters
    }

    private static func endOfWord(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count, isWord(bytes[end]) || bytes[end] == 0x2D { end += 1 }
        return end
    }

    private static func isHexOrDash(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x2D: true
        default: false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}

/// Names volatile identifiers by first use, so that two requests that differ only in them agree.
public struct IdentifierRenamer: Sendable {
    private let known: Set<String>
    private var names: [String: Int] = [:]

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
                renamed.append(contentsOf: "\u{27E6}id\(number)\u{27E7}".utf8)
            }
        }
        renamed.append(contentsOf: bytes[position...])
        return String(decoding: renamed, as: UTF8.self)
    }
}
