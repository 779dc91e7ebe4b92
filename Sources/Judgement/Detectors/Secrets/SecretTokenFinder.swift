/// Finds keys and tokens by their prefix.
enum SecretTokenFinder {
    /// Longer runs are looked at this far only: no token is longer, and time stays linear.
    private static let lengthMax = 512

    static let kinds: [SensitiveKind] = SensitiveKind.allCases.filter { kind in
        SecretTokenRule.all.contains { $0.kind == kind }
    }

    private static let rules: [[SecretTokenRule]] = {
        var table = Array(repeating: [SecretTokenRule](), count: 256)
        for rule in SecretTokenRule.all {
            guard let first = rule.prefix.first else { continue }
            table[Int(first)].append(rule)
        }
        return table
    }()

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        let rules = rules
        var place = 0
        while place < bytes.count {
            let candidates = rules[Int(bytes[place])]
            guard !candidates.isEmpty, isBoundary(bytes, place),
                let match = match(candidates, bytes, place)
            else {
                place += 1
                continue
            }
            sink.add(match.kind, place..<match.end, in: bytes)
            place = match.end
        }
    }

    private static func match(
        _ candidates: [SecretTokenRule], _ bytes: [UInt8], _ start: Int
    ) -> (kind: SensitiveKind, end: Int)? {
        for rule in candidates where bytes.has(rule.prefix, at: start) {
            let body = start + rule.prefix.count
            let end = bodyEnd(rule, bytes, body)
            guard end - body >= rule.lengthMin, !rule.isExact || end - body == rule.lengthMin,
                !rule.isExact || bytes.byte(end)?.isASCIIWord != true,
                looksRandom(bytes[body..<end])
            else { continue }
            return (rule.kind, end)
        }
        return nil
    }

    /// A point or slash behind a token is the sentence's, not the token's.
    private static func bodyEnd(_ rule: SecretTokenRule, _ bytes: [UInt8], _ body: Int) -> Int {
        var end = bytes.runEnd(from: body, limit: lengthMax, rule.alphabet.contains)
        while end > body, rule.alphabet == .path, "./".utf8.contains(bytes[end - 1]) { end -= 1 }
        return end
    }

    /// A token does not begin inside a word; the `n` of an escaped line feed is no word.
    private static func isBoundary(_ bytes: [UInt8], _ place: Int) -> Bool {
        guard let previous = bytes.byte(place - 1), previous.isASCIIWord else { return true }
        return bytes.byte(place - 2) == UInt8(ascii: "\\") || bytes.byte(place - 3) == 0x25
    }

    private static let examples = ["example", "redacted", "placeholder", "your-", "your_"].map {
        Array($0.utf8)
    }
    private static let headMax = 80
    private static let tailMax = 16

    /// Placeholders and words joined by hyphens are no tokens: it takes a digit, six different
    /// characters, and five among the last, for a placeholder may keep the head of a real token.
    static func looksRandom(_ body: ArraySlice<UInt8>) -> Bool {
        guard Set(body).count >= 6, Set(body.suffix(tailMax)).count >= 5,
            body.contains(where: \.isASCIIDigit)
        else { return false }
        let head = body.prefix(headMax).lowered
        return !examples.contains { word in head.indices.contains { head.has(word, at: $0) } }
    }
}
