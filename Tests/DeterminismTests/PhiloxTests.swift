import Determinism
import Testing

@Suite("Philox4x32-10")
struct PhiloxTests {
    struct Vector: Sendable {
        let counter: SIMD4<UInt32>
        let key: [UInt32]
        let block: SIMD4<UInt32>
    }

    // Source: kat_vectors of Random123 1.14, lines "philox4x32 10".
    static let published = [
        Vector(
            counter: SIMD4(0, 0, 0, 0), key: [0, 0],
            block: SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
        Vector(
            counter: SIMD4(repeating: .max), key: [.max, .max],
            block: SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
        Vector(
            counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
            key: [0xa409_3822, 0x299f_31d0],
            block: SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)),
    ]

    @Test("the published vectors come out", arguments: published)
    func publishedVectors(vector: Vector) {
        let block = Philox4x32.block(
            counter: vector.counter, key: (vector.key[0], vector.key[1]))
        #expect(block == vector.block)
    }
}
