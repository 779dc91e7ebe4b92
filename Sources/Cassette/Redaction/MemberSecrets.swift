/// Finds the values of JSON members whose name says that they are secret.
///
/// Works on bytes and not on parsed JSON, so that it also finds them in the events of a stream and in
/// JSON inside a JSON string, where every quote is escaped once more.
struct MemberSecrets: Sendable {
    private static let nameMax = 40
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private let names: [[UInt8]]

    /// Names compare without regard to case, hyphens and underscores.
    init(names: [String]) {
        self.names = names.map { Self.folded(Array($0.utf8)[...]) }
    }

    func find(in bytes: [UInt8]) -> [SecretFinding] {
        var findings: [SecretFinding] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == Self.quote else {
                position += 1
                continue
            }
            guard let value = value(bytes, quote: position) else {
                position += 1
                continue
            }
            if !value.isEmpty, !SecretPlaceholder.isPlaceholder(bytes[value]) {
                findings.append(
                    SecretFinding(
                        kind: .memberValue, offset: value.lowerBound, length: value.count))
            }
            position = max(value.upperBound, position + 1)
        }
        return findings
    }

    /// The bytes of the value, when the name that begins at this quote is one of ours.
    private func value(_ bytes: [UInt8], quote: Int) -> Range<Int>? {
        let escapes = backslashes(bytes, before: quote)
        var position = quote + 1
        while position < bytes.count, position - quote <= Self.nameMax, isName(bytes[position]) {
            position += 1
        }
        guard isOurs(bytes[(quote + 1)..<position]),
            skipQuote(bytes, &position, escapes: escapes)
        else { return nil }
        skipSpace(bytes, &position)
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
        position += 1
        skipSpace(bytes, &position)
        let start = position
        guard skipQuote(bytes, &position, escapes: escapes) else {
            return number(bytes, from: start)
        }
        return position..<stringEnd(bytes, from: position, escapes: escapes)
    }

    private func isName(_ byte: UInt8) -> Bool { isBase64URL(byte) }

    private func isOurs(_ name: ArraySlice<UInt8>) -> Bool {
        guard !name.isEmpty else { return false }
        let folded = Self.folded(name)
        return names.contains(folded)
    }

    private static func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
        name.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }.map(asciiLower)
    }

    private func backslashes(_ bytes: [UInt8], before position: Int) -> Int {
        var start = position
        while start > 0, bytes[start - 1] == Self.backslash { start -= 1 }
        return position - start
    }

    private func skipQuote(_ bytes: [UInt8], _ position: inout Int, escapes: Int) -> Bool {
        let quote = position + escapes
        guard quote < bytes.count, bytes[quote] == Self.quote,
            bytes[position..<quote].allSatisfy({ $0 == Self.backslash })
        else { return false }
        position = quote + 1
        return true
    }

    private func skipSpace(_ bytes: [UInt8], _ position: inout Int) {
        while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
    }

    /// Where the content of a string ends: before its closing quote, or that of the string around it.
    ///
    /// A closing quote has as many backslashes as the opening one, after any number of escaped
    /// backslashes, which are twice as many and two each.
    private func stringEnd(_ bytes: [UInt8], from start: Int, escapes: Int) -> Int {
        var position = start
        var run = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.quote {
                let isClosing = run % (2 * (escapes + 1)) == escapes
                if isClosing || run < escapes { return position - min(run, escapes) }
            } else if byte < 0x20 {
                // No JSON string goes on over a line end: an event that was cut.
                return position
            }
            run = byte == Self.backslash ? run + 1 : 0
            position += 1
        }
        return position - min(run, escapes)
    }

    /// A whole number of at least four digits; shorter ones are counts.
    private func number(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
        var end = start
        while end < bytes.count, isDigit(bytes[end]) { end += 1 }
        guard end - start >= 4 else { return nil }
        if end < bytes.count, ".eE".utf8.contains(bytes[end]) { return nil }
        return start..<end
    }
}
