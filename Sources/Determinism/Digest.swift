import Crypto

/// A SHA-256 digest; its order is that of its bytes.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// The SHA-256 digest of some bytes.
    public init(hashing bytes: [UInt8]) {
        var hasher = SHA256()
        hasher.update(bytes)
        self.init(hasher.finalize())
    }

    /// Takes over the 32 bytes of a digest; nil for any other number of bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(sized: bytes)
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: 64, by: 2) {
            guard let high = hexDigitValue(digits[position]),
                let low = hexDigitValue(digits[position + 1])
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.init(sized: bytes)
    }

    init(_ digest: SHA256.Digest) {
        // Safe: a SHA-256 digest has 32 bytes, and the buffer does not outlive the call.
        (word0, word1, word2, word3) = unsafe digest.withUnsafeBytes { buffer in
            func word(_ index: Int) -> UInt64 {
                UInt64(
                    bigEndian: unsafe buffer.loadUnaligned(
                        fromByteOffset: 8 * index, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    private init(sized bytes: [UInt8]) {
        func word(_ index: Int) -> UInt64 {
            bytes[(8 * index)..<(8 * index + 8)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        (word0, word1, word2, word3) = (word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes of the digest.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// The digest as 64 lower-case hexadecimal digits.
    public var hex: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for byte in bytes {
            digits.append(hexDigit(UInt32(byte >> 4)))
            digits.append(hexDigit(UInt32(byte & 15)))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The bytes as four big-endian numbers.
    var words: [UInt64] { [word0, word1, word2, word3] }

    /// The first 8 bytes as a big-endian number, for keys of draws.
    public var prefix64: UInt64 { word0 }

    /// The digest as 64 lower-case hexadecimal digits.
    public var description: String { hex }

    /// Orders digests as their bytes and their hexadecimal forms are ordered.
    public static func < (lhs: Digest, rhs: Digest) -> Bool {
        (lhs.word0, lhs.word1, lhs.word2, lhs.word3)
            < (rhs.word0, rhs.word1, rhs.word2, rhs.word3)
    }
}

extension SHA256 {
    /// Extends the hash without Foundation's `DataProtocol`.
    mutating func update(_ bytes: [UInt8]) {
        // Safe: the buffer lives for the whole call, and the hash keeps no pointer to it.
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe update(bufferPointer: buffer)
        }
    }
}
