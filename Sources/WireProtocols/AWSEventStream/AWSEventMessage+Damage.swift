/// How a binary message is damaged so that a client refuses it.
package enum AWSEventDamage: String, Hashable, Sendable, CaseIterable {
    /// The checksum of the whole is wrong by one bit.
    case checksum = "eventstream-crc"
    /// The length of the whole is above what clients take; its own checksum is true.
    case length = "eventstream-len"
    /// A header has a type that is not defined; lengths and checksums are true.
    case header = "eventstream-unknown-header"
}

extension AWSEventMessage {
    /// The bytes of the message with one damage; what is already refused stays as it is.
    package func damaged(_ damage: AWSEventDamage) -> [UInt8] {
        guard isValid, let last = bytes.last else { return bytes }
        switch damage {
        case .checksum:
            return bytes.dropLast() + [last ^ 1]
        case .length:
            let prelude = Self.bytes(Self.lengthRefused) + bytes[4..<8]
            return prelude + Self.bytes(CRC32.checksum(prelude[...])) + bytes[12...]
        case .header:
            let name = Array("x-unknown".utf8)
            let header = [UInt8(name.count)] + name + [Self.typeUndefined]
            return AWSEventMessage(
                headerBlock: headerBlock + header, payload: Array(payloadBytes)
            ).bytes
        }
    }

    /// 32 MiB; clients take at most 24 MiB of payload.
    private static let lengthRefused: UInt32 = 32 << 20
    /// The types of values end at 9.
    private static let typeUndefined: UInt8 = 10
}
