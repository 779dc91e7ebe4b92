/// Finds the values of query and form fields whose name says that they are secret.
struct FieldSecrets: Sendable {
    private static let randomMin = 16
    private let names: [String]
    private let ambiguous: [String]

    init(_ rules: RedactionRules) {
        names = rules.queryFields
        ambiguous = rules.ambiguousQueryFields
    }

    /// Looks at `name=value` pairs joined by `&`, up to a `#`, a space or a quote.
    func find(in bytes: [UInt8], from start: Int) -> [SecretFinding] {
        var findings: [SecretFinding] = []
        var position = start
        while position < bytes.count {
            let end = bytes[position...].firstIndex { "&;# \"'<>".utf8.contains($0) } ?? bytes.count
            let pair = bytes[position..<end]
            if let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                isSecret(name: pair[..<equals], value: pair[(equals + 1)...])
            {
                findings.append(
                    SecretFinding(
                        kind: .queryValue, offset: equals + 1, length: end - equals - 1))
            }
            guard end < bytes.count, bytes[end] == UInt8(ascii: "&") || bytes[end] == 0x3B else {
                break
            }
            position = end + 1
        }
        return findings
    }

    private func isSecret(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) -> Bool {
        guard !value.isEmpty, !SecretPlaceholder.isPlaceholder(value) else { return false }
        let name = asciiLowercased(String(decoding: name, as: UTF8.self))
        if names.contains(name) { return true }
        // `?key=theme` asks a tool for something; two such requests must not become equal.
        return ambiguous.contains(name) && value.count >= Self.randomMin
            && value.contains(where: isDigit)
            && value.contains { isAlphanumeric($0) && !isDigit($0) }
    }
}
