import Determinism

/// Addresses of Bitcoin and Ethereum, with their checksums.
enum CoinAddresses {
    private static let base58 = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let bech32 = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// Base58Check of 21 bytes, or a witness address of BIP 173 and BIP 350.
    static func isBitcoin(_ token: ArraySlice<UInt8>) -> Bool {
        let isWitness =
            token.count >= 14 && token.count <= 74 && token.lowered.starts(with: "bc1".utf8)
        if isWitness { return isWitnessAddress(Array(token)) }
        guard (26...35).contains(token.count), token.first == 0x31 || token.first == 0x33,
            let bytes = base58Bytes(token, count: 25), bytes[0] == 0 || bytes[0] == 5
        else { return false }
        let digest = Digest(hashing: Digest(hashing: Array(bytes.prefix(21))).bytes)
        return Array(digest.bytes.prefix(4)) == Array(bytes.suffix(4))
    }

    /// The number as bytes of a fixed count; nil when a digit is foreign or it does not fit.
    private static func base58Bytes(_ token: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        var bytes = Array(repeating: UInt8(0), count: count)
        for byte in token {
            guard var carry = base58.firstIndex(of: byte) else { return nil }
            for place in bytes.indices.reversed() {
                carry += Int(bytes[place]) * 58
                bytes[place] = UInt8(carry & 255)
                carry >>= 8
            }
            guard carry == 0 else { return nil }
        }
        return bytes
    }

    /// Lower or upper case, not both; the checksum is 1 for version 0 and another since version 1.
    private static func isWitnessAddress(_ token: [UInt8]) -> Bool {
        let lower = token.lowered
        let isMixed =
            token.contains(where: \.isASCIIUpper)
            && token != token.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
        guard !isMixed else { return false }
        var values = [3, 3, 0, 2, 3]
        for byte in lower.dropFirst(3) {
            guard let value = bech32.firstIndex(of: byte) else { return false }
            values.append(value)
        }
        guard values.count > 12 else { return false }
        let checksum = values.reduce(1) { sum, value in
            let top = sum >> 25
            var next = (sum & 0x1FF_FFFF) << 5 ^ value
            let generators = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
            for (bit, generator) in generators.enumerated() where top >> bit & 1 == 1 {
                next ^= generator
            }
            return next
        }
        return checksum == (values[5] == 0 ? 1 : 0x2BC8_30A3)
    }

    /// `0x` and 40 hexadecimal digits; mixed case must be the checksum of EIP-55.
    static func isEthereum(_ token: ArraySlice<UInt8>) -> Bool {
        guard token.count == 42, token.starts(with: "0x".utf8) else { return false }
        let digits = Array(token.dropFirst(2))
        guard digits.allSatisfy({ $0.hexValue != nil }), Set(digits).count > 2 else { return false }
        let hasUpper = digits.contains(where: \.isASCIIUpper)
        let hasLower = digits.contains { $0.isASCIILetter && !$0.isASCIIUpper }
        guard hasUpper, hasLower else { return true }
        let hash = Keccak256.hash(digits.lowered)
        return digits.enumerated().allSatisfy { place, byte in
            let nibble = place % 2 == 0 ? hash[place / 2] >> 4 : hash[place / 2] & 15
            return !byte.isASCIILetter || byte.isASCIIUpper == (nibble >= 8)
        }
    }
}

extension Collection where Element == UInt8 {
    /// The bytes with ASCII capitals in lower case.
    var lowered: [UInt8] { map(\.asciiLowered) }
}
