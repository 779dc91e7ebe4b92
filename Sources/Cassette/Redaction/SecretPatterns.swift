/// Finds secrets by their shape, in one pass over the bytes.
enum SecretPatterns {
    /// The patterns by the first byte of their prefix.
    private static let tokens: [[TokenPattern]] = {
        var table = Array(repeating: [TokenPattern](), count: 256)
        for pattern in TokenPattern.all { table[Int(pattern.prefix[0])].append(pattern) }
        return table
    }()
    private static let isStart: [Bool] = {
        var table = tokens.map { !$0.isEmpty }
        for byte in "-Bbe".utf8 { table[Int(byte)] = true }
        return table
    }()
    private static let jwtPrefix = Array("eyJ".utf8)
    private static let segmentMin = 10
    private static let bearer = Array("bearer".utf8)
    private static let bearerMin = 16

    static func find(in bytes: [UInt8]) -> [SecretFinding] {
        let isStart = isStart
        var findings: [SecretFinding] = []
        var position = 0
        while position < bytes.count {
            guard isStart[Int(bytes[position])], isBoundary(bytes, before: position),
                let finding = match(bytes, at: position)
            else {
                position += 1
                continue
            }
            findings.append(finding)
            position = finding.end
        }
        return findings
    }

    private static func match(_ bytes: [UInt8], at start: Int) -> SecretFinding? {
        for pattern in tokens[Int(bytes[start])] {
            if let end = pattern.match(bytes, at: start) {
                return SecretFinding(kind: pattern.kind, offset: start, length: end - start)
            }
        }
        switch bytes[start] {
        case UInt8(ascii: "-"): return PrivateKeyPattern.match(bytes, at: start)
        case UInt8(ascii: "e"): return webToken(bytes, at: start)
        default: return bearerToken(bytes, at: start)
        }
    }

    /// A token does not begin inside a word; an escape such as `\n` before it is no word.
    private static func isBoundary(_ bytes: [UInt8], before position: Int) -> Bool {
        guard position > 0, isAlphanumeric(bytes[position - 1]) else { return true }
        if position >= 2, bytes[position - 2] == UInt8(ascii: "\\") { return true }
        if position >= 3, bytes[position - 3] == UInt8(ascii: "%") { return true }
        return position >= 6 && bytes[position - 5] == UInt8(ascii: "u")
            && bytes[position - 6] == UInt8(ascii: "\\")
    }

    /// Three or more segments of base64url joined by dots; source: RFC 7515, section 3.1.
    private static func webToken(_ bytes: [UInt8], at start: Int) -> SecretFinding? {
        // Inside a run the search has looked from the run's start: this keeps it linear.
        if start > 0, isBase64URL(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: "."),
            !isAlphanumeric(bytes[start - 1])
        {
            return nil
        }
        guard bytes[start...].starts(with: jwtPrefix) else { return nil }
        var end = start
        for segment in 0..<5 {
            let segmentEnd = bytes[end...].firstIndex { !isBase64URL($0) } ?? bytes.count
            guard segmentEnd - end >= segmentMin else {
                guard segment >= 3 else { return nil }
                break
            }
            end = segmentEnd
            guard end < bytes.count, bytes[end] == UInt8(ascii: "."), segment < 4 else {
                guard segment >= 2 else { return nil }
                break
            }
            end += 1
        }
        if bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return SecretFinding(kind: .jsonWebToken, offset: start, length: end - start)
    }

    /// The credentials after `Bearer`, without the word; source: RFC 6750, section 2.1.
    private static func bearerToken(_ bytes: [UInt8], at start: Int) -> SecretFinding? {
        var token = start + bearer.count
        guard token < bytes.count,
            bytes[start..<token].elementsEqual(bearer, by: { asciiLower($0) == $1 })
        else { return nil }
        let wordEnd = token
        while token < bytes.count, token < wordEnd + 4, bytes[token] == UInt8(ascii: " ") {
            token += 1
        }
        guard token > wordEnd else { return nil }
        var end = token
        var hasDigit = false
        while end < bytes.count, isToken68(bytes[end]) {
            hasDigit = hasDigit || isDigit(bytes[end])
            end += 1
        }
        guard hasDigit, end - token >= bearerMin else { return nil }
        return SecretFinding(kind: .bearerToken, offset: token, length: end - token)
    }

    private static func isToken68(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || "._~+/=".utf8.contains(byte)
    }
}

/// A private key in PEM form, also with its line feeds escaped; source: RFC 7468.
enum PrivateKeyPattern {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let title = Array("PRIVATE KEY-----".utf8)
    private static let finish = Array("-----END ".utf8)
    private static let titleMax = 48

    /// The whole block; one without an end reaches as far as bytes of a block do.
    static func match(_ bytes: [UInt8], at start: Int) -> SecretFinding? {
        guard bytes[start...].starts(with: begin) else { return nil }
        let nameStart = start + begin.count
        guard let bodyStart = end(of: title, in: bytes, from: nameStart) else { return nil }
        var position = bodyStart
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "-"), bytes[position...].starts(with: finish),
                let end = end(of: title, in: bytes, from: position + finish.count)
            {
                return finding(from: start, to: end)
            }
            guard let next = skip(bytes, position) else { break }
            position = next
        }
        return finding(from: start, to: position)
    }

    private static func finding(from start: Int, to end: Int) -> SecretFinding {
        SecretFinding(kind: .privateKey, offset: start, length: end - start)
    }

    private static func end(of text: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var position = start
        while position < min(bytes.count, start + titleMax) {
            if bytes[position...].starts(with: text) { return position + text.count }
            guard bytes[position] == UInt8(ascii: " ") || isAlphanumeric(bytes[position]) else {
                return nil
            }
            position += 1
        }
        return nil
    }

    /// The place after one byte, or one escaped line end, of a block; nil when it ends here.
    private static func skip(_ bytes: [UInt8], _ position: Int) -> Int? {
        guard bytes[position] == UInt8(ascii: "\\") else {
            return isAlphanumeric(bytes[position]) || "+/=-:, \r\n".utf8.contains(bytes[position])
                ? position + 1 : nil
        }
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        guard end < bytes.count, "nr".utf8.contains(bytes[end]) else { return nil }
        return end + 1
    }
}
