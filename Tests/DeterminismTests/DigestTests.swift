import Determinism
import Testing

@Suite("Digest")
struct DigestTests {
    // Source: FIPS 180-4, examples of NIST.
    @Test(
        "the published SHA-256 vectors come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func published(text: String, hex: String) {
        let digest = Digest(hashing: Array(text.utf8))
        #expect(digest.hex == hex)
        #expect(digest.description == hex)
        #expect(Digest(hex: hex.uppercased()) == digest)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.count == 32)
    }

    @Test("the prefix is the first 8 bytes, big-endian")
    func prefix() {
        #expect(Digest(hashing: Array("abc".utf8)).prefix64 == 0xba78_16bf_8f01_cfea)
    }

    @Test("what is not a digest is refused")
    func refuses() {
        #expect(Digest(hex: "") == nil)
        #expect(Digest(hex: String(repeating: "0", count: 63)) == nil)
        #expect(Digest(hex: String(repeating: "0", count: 65)) == nil)
        #expect(Digest(hex: String(repeating: "g", count: 64)) == nil)
        #expect(Digest(bytes: Array(repeating: 0, count: 31)) == nil)
    }

    @Test("digests are ordered as their hexadecimal forms")
    func order() {
        let digests = (UInt8(0)..<50).map { Digest(hashing: [$0]) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }
}

@Suite("RollingDigest")
struct RollingDigestTests {
    private func value(_ texts: [String]) -> Digest {
        var rolling = RollingDigest()
        for text in texts { rolling.append(text) }
        return rolling.value
    }

    @Test("boundaries matter")
    func boundaries() {
        let values = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], []].map(value)
        for (index, left) in values.enumerated() {
            for right in values[(index + 1)...] { #expect(left != right) }
        }
    }

    @Test("the form is a length of 8 bytes, little-endian, then the bytes")
    func form() {
        let long = String(repeating: "x", count: 300)
        let expected =
            [2, 0, 0, 0, 0, 0, 0, 0] + Array("hi".utf8) + [44, 1, 0, 0, 0, 0, 0, 0]
            + Array(long.utf8)
        #expect(value(["hi", long]) == Digest(hashing: expected))
    }

    @Test("reading the value does not end the sequence, and copies go their own ways")
    func copies() {
        var rolling = RollingDigest()
        #expect(rolling.value == Digest(hashing: []))
        rolling.append("a")
        let middle = rolling.value
        #expect(rolling.value == middle)
        var copy = rolling
        copy.append([0xFF])
        #expect(rolling.value == middle)
        rolling.append("b")
        #expect(rolling.value == value(["a", "b"]))
        #expect(copy.value != rolling.value)
        #expect(rolling.count == 2)
    }
}
