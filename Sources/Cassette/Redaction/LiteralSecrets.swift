import Determinism

/// Finds known values, as they are and in the forms in which they travel.
struct LiteralSecrets: Sendable {
    static let lengthMin = 8
    private static let escapeDepth = 3
    private static let unreserved = Array("-._~".utf8)

    /// The forms of all values by their first byte, longest first.
    private let byFirst: [[[UInt8]]]
    private let lengthMax: Int

    init(_ values: [String]) {
        var forms: [[UInt8]] = []
        for value in values {
            let bytes = Array(value.utf8)
            guard bytes.count >= Self.lengthMin,
                !SecretPlaceholder.occursInPlaceholders(bytes)
            else { continue }
            for form in Self.forms(of: value) where !forms.contains(form) { forms.append(form) }
        }
        var table = Array(repeating: [[UInt8]](), count: 256)
        for form in forms { table[Int(form[0])].append(form) }
        byFirst = table.map { $0.sorted { $0.count > $1.count } }
        lengthMax = forms.map(\.count).max() ?? 0
    }

    func find(in bytes: [UInt8]) -> [SecretFinding] {
        guard lengthMax > 0 else { return [] }
        var findings: [SecretFinding] = []
        var position = 0
        while position < bytes.count {
            let form = byFirst[Int(bytes[position])].first { bytes[position...].starts(with: $0) }
            guard let form else {
                position += 1
                continue
            }
            findings.append(
                SecretFinding(kind: .environmentValue, offset: position, length: form.count))
            position += form.count
        }
        return findings
    }

    /// The first byte of a form that is cut by the end of the bytes; their count when none is.
    func openStart(in bytes: [UInt8]) -> Int {
        for start in max(0, bytes.count - lengthMax)..<bytes.count {
            let tail = bytes[start...]
            if byFirst[Int(bytes[start])].contains(where: { $0.starts(with: tail) }) {
                return start
            }
        }
        return bytes.count
    }

    static func forms(of value: String) -> [[UInt8]] {
        let bytes = Array(value.utf8)
        var forms = [bytes]
        // A body in JSON may carry JSON in a string, such as the arguments of a tool call, and each
        // level may have another encoder.
        var level = [value]
        for _ in 0..<escapeDepth {
            var next: [String] = []
            for text in level {
                for escaped in escapings(of: text) where !next.contains(escaped) {
                    next.append(escaped)
                }
            }
            level = next
            forms += level.map { Array($0.utf8) }
        }
        forms.append(percentEncoded(bytes, digits: "0123456789ABCDEF"))
        forms.append(percentEncoded(bytes, digits: "0123456789abcdef"))
        for shift in 0..<3 {
            let form = base64Core(bytes, shift: shift)
            forms.append(form)
            forms.append(
                form.map {
                    $0 == UInt8(ascii: "+")
                        ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
                })
        }
        return forms
    }

    /// The text as our encoder, Python's and PHP's write it inside a JSON string.
    private static func escapings(of text: String) -> [String] {
        let compact = JSONValue.string(text).encodedText()
        let encodings = [
            compact, JSONValue.string(text).pythonStyle(),
            replacing("/", with: "\\/", in: compact),
        ]
        return encodings.map { String($0.dropFirst().dropLast()) }
    }

    private static func percentEncoded(_ bytes: [UInt8], digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return bytes.flatMap { byte in
            isAlphanumeric(byte) || unreserved.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    /// The digits that depend on the value alone when it begins `shift` bytes into a base64 group.
    private static func base64Core(_ bytes: [UInt8], shift: Int) -> [UInt8] {
        let digits = Base64.encode(Array(repeating: 0, count: shift) + bytes)
        let start = (8 * shift + 5) / 6
        let end = (8 * (shift + bytes.count)) / 6
        return Array(digits[start..<end])
    }
}
