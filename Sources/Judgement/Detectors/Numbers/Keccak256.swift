/// Keccak-256 as Ethereum uses it: the original padding, not that of SHA-3.
///
/// Source: the Keccak reference, version 3.0. Only short inputs are hashed here: one block.
enum Keccak256 {
    private static let rate = 136

    /// The hash of at most 135 bytes; more are cut.
    static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var block = Array(bytes.prefix(rate - 1))
        block.append(1)
        block += Array(repeating: 0, count: rate - block.count)
        block[rate - 1] |= 0x80
        var lanes = Array(repeating: UInt64(0), count: 25)
        for (place, byte) in block.enumerated() {
            lanes[place / 8] ^= UInt64(byte) << UInt64(place % 8 * 8)
        }
        var constants = RoundConstants()
        for _ in 0..<24 { round(&lanes, constants.next()) }
        return (0..<32).map { (place: Int) -> UInt8 in
            let shift: Int = (place % 8) * 8
            return UInt8(truncatingIfNeeded: lanes[place / 8] >> UInt64(shift))
        }
    }

    private static func round(_ lanes: inout [UInt64], _ constant: UInt64) {
        var columns = Array(lanes[0..<5])
        for place in 5..<25 { columns[place % 5] ^= lanes[place] }
        for x in 0..<5 {
            let mixed = columns[(x + 4) % 5] ^ rotated(columns[(x + 1) % 5], 1)
            for y in 0..<5 { lanes[x + 5 * y] ^= mixed }
        }
        var (x, y) = (1, 0)
        var moving = lanes[1]
        for step in 1...24 {
            (x, y) = (y, (2 * x + 3 * y) % 5)
            let place = x + 5 * y
            let next = lanes[place]
            lanes[place] = rotated(moving, step * (step + 1) / 2 % 64)
            moving = next
        }
        for y in 0..<5 {
            let row = Array(lanes[(5 * y)..<(5 * y + 5)])
            for x in 0..<5 {
                let change: UInt64 = ~row[(x + 1) % 5] & row[(x + 2) % 5]
                lanes[5 * y + x] = row[x] ^ change
            }
        }
        lanes[0] ^= constant
    }

    private static func rotated(_ lane: UInt64, _ count: Int) -> UInt64 {
        count == 0 ? lane : lane << UInt64(count) | lane >> UInt64(64 - count)
    }

    /// The constants of the rounds, from the shift register of the reference.
    private struct RoundConstants {
        private var register: UInt8 = 1

        mutating func next() -> UInt64 {
            var constant: UInt64 = 0
            for power in 0..<7 {
                if register & 1 == 1 { constant |= 1 << UInt64((1 << power) - 1) }
                register = register & 0x80 != 0 ? register << 1 ^ 0x71 : register << 1
            }
            return constant
        }
    }
}
