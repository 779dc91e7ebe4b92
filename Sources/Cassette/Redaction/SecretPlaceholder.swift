/// What stands in place of a secret: as long as it, valid inside a JSON string, a URL and a header.
enum SecretPlaceholder {
    private static let word = Array("REDACTED".utf8)
    private static let filler = UInt8(ascii: "x")

    /// The placeholder for a secret: labelled as far as its length allows.
    ///
    /// A secret of digits may be a JSON number, so it becomes one of nines.
    static func bytes(for secret: ArraySlice<UInt8>, kind: SecretKind) -> [UInt8] {
        if secret.allSatisfy(isNumeric) {
            return secret.map { isDigit($0) ? UInt8(ascii: "9") : $0 }
        }
        let label = word + Array("-\(kind.rawValue)".utf8)
        var bytes: [UInt8] = []
        if secret.count >= label.count {
            bytes = label
            if secret.count > label.count { bytes.append(UInt8(ascii: "-")) }
        } else if secret.count >= word.count {
            bytes = word
        }
        bytes += Array(repeating: filler, count: secret.count - bytes.count)
        return bytes
    }

    /// Whether this is a placeholder already; replacing it again would change its label.
    static func isPlaceholder(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.allSatisfy({ $0 == filler }) || bytes.allSatisfy({ $0 == UInt8(ascii: "9") }) {
            return true
        }
        return bytes.starts(with: word)
            && bytes.dropFirst(word.count).allSatisfy {
                $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
    }

    /// Whether a value occurs in placeholders, so that looking for it would find those.
    static func occursInPlaceholders(_ value: [UInt8]) -> Bool {
        if isPlaceholder(value[...]) { return true }
        return SecretKind.allCases.contains { kind in
            let label = word + Array("-\(kind.rawValue)-xxxxxxxx".utf8)
            guard label.count >= value.count else { return false }
            return (0...(label.count - value.count)).contains {
                label[$0..<($0 + value.count)].elementsEqual(value)
            }
        }
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}

func isDigit(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39
}

func isLetter(_ byte: UInt8) -> Bool {
    asciiLower(byte) >= 0x61 && asciiLower(byte) <= 0x7A
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte)
}

func isBase64URL(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
}
