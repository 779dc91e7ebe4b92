/// Finds values that look drawn at random beside a word such as "token" or "password".
enum EntropyFinder {
    private static let context = ContextWords([
        "key", "token", "secret", "password", "passwd", "passphrase", "pwd", "credential", "auth",
        "bearer", "apikey",
    ])
    private static let amazon = ContextWords(["aws", "amazon", "secret access", "secretaccess"])
    private static let contextMax = 48
    private static let lengthMin = 20
    private static let lengthMax = 512
    /// Names of things that services give out, and hashes of known things: random, but no secrets.
    private static let identifiers = [
        "call_", "toolu_", "msg_", "req_", "resp_", "run_", "chatcmpl-", "sha256-", "sha384-",
        "sha512-", "file-", "asst_", "thread_",
    ].map { Array($0.utf8) }
    private static let hashes = ContextWords([
        "sha1", "sha256", "sha512", "md5", "digest", "commit", "etag", "checksum", "integrity",
        "fingerprint", "revision", "uuid", "public key", "pagetoken", "page_token", "cursor",
    ])

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard belongs(bytes[place]) else {
                place += 1
                continue
            }
            let end = bytes.runEnd(from: place, belongs)
            if end - place >= lengthMin { match(bytes, place..<end, &sink) }
            place = end
        }
    }

    private static func belongs(_ byte: UInt8) -> Bool {
        byte.isBase64URLDigit || "+/=".utf8.contains(byte)
    }

    private static func match(_ bytes: [UInt8], _ run: Range<Int>, _ sink: inout SensitiveSink) {
        // `token=value` is one run: what follows the sign is the value.
        var range = run
        if let equals = bytes[run].firstIndex(of: UInt8(ascii: "=")), equals + 1 < run.upperBound,
            bytes[equals + 1] != UInt8(ascii: "=")
        {
            range = (equals + 1)..<run.upperBound
        }
        let value = bytes[range].prefix(lengthMax)
        guard value.count >= lengthMin, isRandom(value),
            !identifiers.contains(where: { bytes.has($0, at: range.lowerBound) }),
            context.occur(before: range.lowerBound, within: contextMax, in: bytes),
            !hashes.occur(before: range.lowerBound, within: 24, in: bytes)
        else { return }
        if value.count == 40, range.count == 40, !value.allSatisfy({ $0.hexValue != nil }),
            amazon.occur(before: range.lowerBound, within: contextMax, in: bytes)
        {
            sink.add(.awsSecretKey, range, in: bytes)
        } else {
            sink.add(.highEntropy, range, in: bytes)
        }
    }

    /// Letters and digits, not words or numbers joined by signs, no UUID, and entropy of at least
    /// 4 bits for a character, of hexadecimal digits 3.
    static func isRandom(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.contains(where: \.isASCIIDigit), value.contains(where: \.isASCIILetter),
            SecretTokenFinder.looksRandom(value)
        else { return false }
        let parts = value.split { !$0.isASCIIAlphanumeric }
        let isWords = parts.allSatisfy {
            $0.allSatisfy(\.isASCIILetter) || $0.allSatisfy(\.isASCIIDigit)
        }
        let isUUID =
            parts.map(\.count) == [8, 4, 4, 4, 12]
            && value.allSatisfy { $0.hexValue != nil || $0 == UInt8(ascii: "-") }
        guard !isWords, !isUUID else { return false }
        let isHex = value.allSatisfy { $0.hexValue != nil }
        return Entropy.isAtLeast(bits: isHex ? 3 : 4, value)
    }
}

/// Shannon's entropy in integers: logarithms have 16 binary places, and nothing is rounded up.
enum Entropy {
    /// Whether the characters carry at least so many bits each.
    static func isAtLeast(bits: Int, _ value: ArraySlice<UInt8>) -> Bool {
        var counts = Array(repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let used = counts.reduce(0) { $0 + ($1 > 1 ? $1 * logarithm($1) : 0) }
        // n·H = n·log n − Σ c·log c.
        return value.count * logarithm(value.count) - used >= (bits << 16) * value.count
    }

    /// The logarithm to base 2 of a number above 0, times 65,536, rounded down.
    static func logarithm(_ number: Int) -> Int {
        guard number > 1 else { return 0 }
        let whole = Int.bitWidth - 1 - number.leadingZeroBitCount
        var result = whole << 16
        // The mantissa between 1 and 2 with 30 binary places; each squaring yields one digit.
        var mantissa = whole <= 30 ? number << (30 - whole) : number >> (whole - 30)
        for bit in (0..<16).reversed() {
            mantissa = mantissa * mantissa >> 30
            if mantissa >= 2 << 30 {
                mantissa >>= 1
                result |= 1 << bit
            }
        }
        return result
    }
}
