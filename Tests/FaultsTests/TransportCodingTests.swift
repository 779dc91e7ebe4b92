import Cassette
import Determinism
import Faults
import Testing

@Suite("Transport faults of the coding")
struct TransportCodingTests {
    let plain = Sample.plain(["he", "llo"])

    /// What `gzip` reads as `hello`: a stored block for each chunk, and an empty last one.
    static let hello: [UInt8] =
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        + [0, 2, 0, 0xFD, 0xFF, 0x68, 0x65]
        + [0, 3, 0, 0xFC, 0xFF, 0x6C, 0x6C, 0x6F]
        + [1, 0, 0, 0xFF, 0xFF]
        + [0x86, 0xA6, 0x10, 0x36, 5, 0, 0, 0]

    @Test("a body in gzip that is not announced is whole, and keeps its instants")
    func unannounced() {
        let (delivery, outcome) = apply(
            "encoding-header-lie", [JSONMember("variant", "gzip-as-plain")], to: plain)
        #expect(outcome == .fired)
        #expect(delivery.bodyBytes == Self.hello)
        #expect(delivery.milliseconds == [10, 20])
        #expect(delivery.head?.headers.contains("content-encoding") == false)
        #expect(delivery.head?.framing == .length(Self.hello.count))
    }

    @Test("a plain body can be announced as gzip")
    func announced() {
        let (delivery, outcome) = apply("encoding-header-lie", to: plain)
        #expect(outcome == .fired)
        #expect(delivery.body == plain.body)
        #expect(delivery.head?.headers.first("content-encoding") == "gzip")
        #expect(delivery.head?.framing == .length(5))
    }

    @Test("the coding is broken in one place", arguments: ["magic", "crc", "truncated"])
    func broken(variant: String) {
        var expected = Self.hello
        switch variant {
        case "magic": expected[0] = 0xE0
        case "crc": expected[30] = 0x79
        default: expected = Array(expected.prefix(expected.count / 2))
        }
        let (delivery, outcome) = apply(
            "gzip-corrupt", [JSONMember("variant", .string(variant))], to: plain)
        #expect(outcome == .fired)
        #expect(delivery.bodyBytes == expected)
        #expect(delivery.head?.headers.first("content-encoding") == "gzip")
        #expect(delivery.head?.framing == .length(expected.count))
        #expect(delivery.ending == .complete)
    }

    @Test("a long chunk is coded in blocks of 65,535 bytes at most")
    func blocks() {
        let long = Sample.plain([String(repeating: "x", count: 65_537)])
        let (delivery, _) = apply(
            "encoding-header-lie", [JSONMember("variant", "gzip-as-plain")], to: long)
        let bytes = delivery.bodyBytes
        #expect(bytes.count == 10 + 5 + 65_535 + 5 + 2 + 5 + 8)
        #expect(bytes[10..<15] == [0, 0xFF, 0xFF, 0, 0])
        #expect(bytes[65_550..<65_555] == [0, 2, 0, 0xFD, 0xFF])
    }

    @Test("only a plain body that is there can be coded")
    func inapplicable() {
        var coded = plain
        coded.head?.headers.append("Content-Encoding", "br")
        for id in ["gzip-corrupt", "encoding-header-lie"] {
            #expect(
                apply(id, to: coded).outcome
                    == .inapplicable("the recorded body is in the coding br already"))
            #expect(
                apply(id, to: Sample.plain([])).outcome
                    == .inapplicable("the answer has no body that could be coded"))
            #expect(
                apply(id, to: Delivery(head: nil, ending: .reset)).outcome
                    == .inapplicable("the answer has no body that could be coded"))
        }
    }
}
