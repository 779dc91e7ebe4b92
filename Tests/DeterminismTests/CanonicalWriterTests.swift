import Determinism
import Testing

@Suite("CanonicalWriter")
struct CanonicalWriterTests {
    private func text(_ write: (inout CanonicalWriter) -> Void) -> String {
        var writer = CanonicalWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "numbers are written as everywhere",
        arguments: [
            0, 1, 9, 10, 99, 100, -1, -10, 1_234_567_890, 9_999_999_999_999_999,
            10_000_000_000_000_000, 10_000_000_000_000_001, 90_000_000_000_000_000, .max, .min,
        ] as [Int64])
    func numbers(number: Int64) {
        #expect(text { $0.write(number: number) } == "\(number)")
        let form = CanonicalForm("é,", "", "[", "é", "]")
        let all = text { $0.write(form, number, 7, number, -1) }
        #expect(all == "é,\(number)7[\(number)é-1]")
    }

    @Test("texts are written as in the canonical form", arguments: ["", "é", "\"\\\n\u{1}", "a/b"])
    func texts(text: String) {
        let value: JSONValue = .string(text)
        #expect(self.text { $0.write(string: text) } == value.canonicalText())
        #expect(self.text { $0.write(value) } == value.canonicalText())
    }

    @Test("digests are written as 64 hexadecimal digits")
    func digests() {
        let digest = Digest(hashing: [1, 2, 3])
        #expect(text { $0.write(digest) } == "\"\(digest.hex)\"")
        let words = text { $0.write(hexadecimal: [1, .max]) }
        #expect(words == "\"0000000000000001ffffffffffffffff\"")
    }

    @Test("a digest that gathers is the one over all lengths and bytes", arguments: [1, 63, 5_000])
    func gathers(size: Int) {
        var rolling = RollingDigest()
        var all: [UInt8] = []
        for number in 0..<300 {
            let bytes = [UInt8](repeating: UInt8(number % 251), count: (number * size) % 70_000)
            all += (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
            rolling.append(bytes)
            if number % 50 == 0 { #expect(rolling.value == Digest(hashing: all)) }
        }
        #expect(rolling.value == Digest(hashing: all))
        #expect(rolling.count == 300)
    }
}
