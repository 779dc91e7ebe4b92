import Testing

@testable import Mutations

@Suite("The encodings")
struct EncodingTests {
    @Test(
        "base 64, 32 and 16 write the vectors of RFC 4648",
        arguments: [
            ("", "", "", ""), ("f", "Zg==", "MY======", "66"), ("fo", "Zm8=", "MZXQ====", "666F"),
            ("foo", "Zm9v", "MZXW6===", "666F6F"), ("foob", "Zm9vYg==", "MZXW6YQ=", "666F6F62"),
            ("fooba", "Zm9vYmE=", "MZXW6YTB", "666F6F6261"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI======", "666F6F626172"),
        ])
    func radix(text: String, base64: String, base32: String, base16: String) {
        let bytes = Array(text.utf8)
        #expect(Radix.base64(bytes) == base64)
        #expect(Radix.base32(bytes) == base32)
        #expect(Radix.base16(bytes) == base16)
    }

    @Test(
        "Ascii85 writes what btoa writes",
        arguments: [
            ("Man ", "9jqo^"), ("Man sure.", "9jqo^F*2M7/c"), ("\0\0\0\0", "z"), ("", ""),
            ("hello world", "BOu!rD]j7BEbo7"),
        ])
    func ascii85(text: String, wanted: String) {
        #expect(Radix.base85(Array(text.utf8)) == wanted)
    }

    @Test("bytes are written as pairs, bits and octal numbers")
    func digits() {
        #expect(Radix.hexPairs(Array("Hi\n".utf8)) == "48 69 0a")
        #expect(Radix.binary([5, 255]) == "00000101 11111111")
        #expect(Radix.octal([8, 255]) == "010 377")
    }

    @Test("the ciphers write known texts")
    func ciphers() {
        #expect(Ciphers.rot13("Hello, Wörld!") == "Uryyb, Jöeyq!")
        #expect(Ciphers.atbash("Azimuth 5") == "Zarnfgs 5")
        #expect(Ciphers.caesar("xyz ABC", by: 3) == "abc DEF")
        #expect(Ciphers.caesar("xyz", by: 255) == Ciphers.caesar("xyz", by: 21))
        #expect(Ciphers.leet("Elite test") == "31173 7357")
        #expect(Ciphers.spaced("a👨‍👩‍👧‍👦b") == "a 👨‍👩‍👧‍👦 b")
        #expect(Ciphers.reversed("a🇩🇪e\u{301}") == "e\u{301}🇩🇪a")
    }

    @Test("the alphabets write known texts")
    func alphabets() {
        #expect(Alphabets.morse("SOS 1?") == "... --- ... / .---- ..--..")
        #expect(Alphabets.nato("No 9") == "November Oscar / Nine")
        #expect(Alphabets.braille("Hi 42a") == "⠠⠓⠊⠀⠼⠙⠃⠁")
        #expect(
            Alphabets.pigLatin("Pig latin, apple why Rhythm!")
                == "Igpay atinlay, appleway ywhay Ythmrhay!")
    }

    @Test("the escapes write known texts")
    func escapes() {
        #expect(Escapes.percent("a b/ü~") == "a%20b%2F%C3%BC~")
        #expect(Escapes.htmlEntities("<é>") == "&#60;&#233;&#62;")
        #expect(Escapes.unicode("A😀") == "\\u0041\\ud83d\\ude00")
        #expect(Escapes.uuencode("Cat") == "begin 644 prompt.txt\n#0V%T\n`\nend")
        #expect(Escapes.quotedPrintable("a=é \nb") == "a=3D=C3=A9=20\r\nb")
        let long = Escapes.quotedPrintable(String(repeating: "ü", count: 60))
        #expect(long.split(separator: "\r\n").map(\.utf8.count).max() == 76)
    }

    @Test("what is its own inverse comes back", arguments: Samples.all)
    func inverses(text: String) {
        #expect(Array(Ciphers.rot13(Ciphers.rot13(text)).utf8) == Array(text.utf8))
        #expect(Array(Ciphers.atbash(Ciphers.atbash(text)).utf8) == Array(text.utf8))
        let shifted = Ciphers.caesar(Ciphers.caesar(text, by: 5), by: 21)
        #expect(Array(shifted.utf8) == Array(text.utf8))
    }

    @Test("hidden and counted bytes can be read back", arguments: Samples.all)
    func readBack(text: String) {
        let bytes = Array(text.utf8)
        let bits = Hidden.bits(text).unicodeScalars.map { $0 == "\u{2064}" ? UInt8(1) : 0 }
        let read = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | $1 }
        }
        #expect(read == bytes)
        let selected = Hidden.selectors(text).unicodeScalars.map { scalar in
            UInt8(scalar.value < 0xE0000 ? scalar.value - 0xFE00 : scalar.value - 0xE0100 + 16)
        }
        #expect(selected == bytes)
        let pairs = Radix.hexPairs(bytes).split(separator: " ").compactMap { UInt8($0, radix: 16) }
        #expect(pairs == bytes)
        let octal = Radix.octal(bytes).split(separator: " ").compactMap { UInt8($0, radix: 8) }
        #expect(octal == bytes)
        #expect(EncodingTests.decoded85(Radix.base85(bytes)) == bytes)
    }

    @Test("tag characters carry the ASCII of a text")
    func tags() {
        let tags = Hidden.tags("Aé~\n").unicodeScalars.map(\.value)
        #expect(tags == [0xE0041, 0xE007E])
    }

    private static func decoded85(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var digits: [UInt32] = []
        func flush() {
            let count = digits.count
            guard count > 0 else { return }
            let full = digits + Array(repeating: 84, count: 5 - count)
            let value = full.reduce(UInt32(0)) { $0 &* 85 &+ $1 }
            bytes += [24, 16, 8, 0].prefix(count - 1).map {
                UInt8(truncatingIfNeeded: value >> UInt32($0))
            }
            digits = []
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: "z") {
                bytes += [0, 0, 0, 0]
            } else {
                digits.append(UInt32(byte) - 33)
                if digits.count == 5 { flush() }
            }
        }
        flush()
        return bytes
    }
}
