/// Where a stream of bytes may have stopped inside a secret, and where one may be cut in a JSON text.
enum OpenSecret {
    private static let begin = Array("-----BEGIN ".utf8)
    /// No shape needs more of its bytes than this to be known; images come in longer runs.
    private static let runMax = 8192
    private static let finish = Array("-----END ".utf8)

    /// The first byte that later bytes could turn into a part of a secret.
    static func start(in bytes: [UInt8], literals: LiteralSecrets) -> Int {
        // Every shape but a private key is one run; it is decided when something follows it.
        var start = bytes.count
        let earliest = max(0, bytes.count - runMax)
        while start > earliest, isRun(bytes[start - 1]) { start -= 1 }
        if let block = openBlock(in: bytes) { start = min(start, block) }
        return min(start, literals.openStart(in: bytes))
    }

    private static func isRun(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || ".~+/=%\\".utf8.contains(byte)
    }

    /// The beginning of a private key whose end has not come.
    private static func openBlock(in bytes: [UInt8]) -> Int? {
        var open: Int?
        var position = 0
        while let dash = bytes[position...].firstIndex(of: begin[0]) {
            if bytes[dash...].starts(with: begin) {
                open = open ?? dash
            } else if bytes[dash...].starts(with: finish) {
                open = nil
            }
            position = dash + 1
        }
        guard let open else { return nil }
        // Text that cannot be a part of a key decides the matter.
        guard let finding = PrivateKeyPattern.match(bytes, at: open) else {
            return bytes.count - open <= 64 ? open : nil
        }
        return finding.end == bytes.count ? open : nil
    }

    /// The range of a finding without an escape that is cut at either end.
    static func outsideEscapes(_ finding: SecretFinding, in bytes: [UInt8]) -> Range<Int> {
        var start = finding.offset
        var end = finding.end
        if backslashes(bytes, before: start) % 2 == 1 {
            let isUnicode = bytes[start] == UInt8(ascii: "u")
            start = min(end, start + (isUnicode ? 5 : 1))
        }
        if end < bytes.count, end > start, backslashes(bytes, before: end) % 2 == 1 { end -= 1 }
        return start..<end
    }

    private static func backslashes(_ bytes: [UInt8], before position: Int) -> Int {
        var start = position
        while start > 0, bytes[start - 1] == UInt8(ascii: "\\") { start -= 1 }
        return position - start
    }
}
