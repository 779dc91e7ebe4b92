import Cassette
import WireProtocols

/// A body in the gzip coding, without compression (RFC 1952, RFC 1951 section 3.2.4).
///
/// Each chunk becomes a stored block of its own, so that a client can read what has arrived.
enum Gzip {
    /// The chunks of a body, coded; their instants stay.
    static func coded(_ chunks: [Chunk]) -> [Chunk] {
        var coded = chunks.map { chunk in
            Chunk(at: chunk.at, bytes: blocks(of: chunk.bytes))
        }
        guard !coded.isEmpty else { return [] }
        let plain = chunks.reduce(into: [UInt8]()) { $0 += $1.bytes }
        coded[0].bytes = header + coded[0].bytes
        coded[coded.count - 1].bytes += lastBlock + trailer(of: plain)
        return coded
    }

    /// Magic, deflate, no flags, no time, an unknown system.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    /// An empty stored block that says that it is the last.
    static let lastBlock: [UInt8] = [1, 0, 0, 0xFF, 0xFF]
    /// Checksum and length.
    static let trailerCount = 8

    private static let blockCountMax = 0xFFFF

    private static func blocks(of bytes: [UInt8]) -> [UInt8] {
        var coded: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(blockCountMax)
            let count = UInt16(block.count)
            coded += [0] + littleEndian(count) + littleEndian(~count) + block
            rest = rest.dropFirst(block.count)
        }
        return coded
    }

    private static func trailer(of plain: [UInt8]) -> [UInt8] {
        littleEndian(CRC32.checksum(plain[...]))
            + littleEndian(UInt32(truncatingIfNeeded: plain.count))
    }

    private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: 0, to: Number.bitWidth, by: 8).map {
            UInt8(truncatingIfNeeded: number >> Number($0))
        }
    }
}
