import Judgement
import Testing

@Suite("Leaks in every view of a text")
struct DetectorLeakTests {
    static let needle = "Canary-7Q2X-tango"

    static func escaped(_ text: String, _ write: (UInt8) -> String) -> String {
        text.utf8.map(write).joined()
    }

    static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }

    static func rot13(_ text: String) -> String {
        String(
            decoding: text.utf8.map { byte -> UInt8 in
                switch byte {
                case 0x41...0x5A: (byte - 0x41 + 13) % 26 + 0x41
                case 0x61...0x7A: (byte - 0x61 + 13) % 26 + 0x61
                default: byte
                }
            }, as: UTF8.self)
    }

    static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = text.utf8.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
        while bits.count % 6 != 0 { bits.append(0) }
        return String(
            stride(from: 0, to: bits.count, by: 6).map { start in
                alphabet[bits[start..<(start + 6)].reduce(0) { $0 << 1 | Int($1) }]
            })
    }

    static func scalars(_ text: String, _ offset: UInt32) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap { Unicode.Scalar($0.value + offset) }))
    }

    @Test(
        "the simplest view that shows the needle is named",
        arguments: [
            (needle, "text"), (needle.lowercased(), "folded"),
            ("Ｃａｎａｒｙ－７Ｑ２Ｘ－ｔａｎｇｏ", "folded"), ("Cаnаry-7Q2X-tаngо", "folded"),
            ("C\u{200B}a\u{200D}n\u{2060}ary-7Q2X-tan\u{202E}go", "folded"),
            ("Cáñãrŷ-7Q2X-tängö", "folded"), ("𝐂𝐚𝐧𝐚𝐫𝐲-𝟕𝐐𝟐𝐗-𝐭𝐚𝐧𝐠𝐨", "folded"),
            ("C.a.n.a.r.y 7Q2X tango", "compact"), ("Canary 7Q2X\ntango", "compact"),
            ("canary7q2xtango", "compact"),
            (escaped(needle) { "%" + hex($0) }, "percent"),
            (escaped(needle) { "&#\($0);" }, "html"), (escaped(needle) { "&#x" + hex($0) }, "html"),
            (escaped(needle) { "\\u00" + hex($0) }, "escapes"),
            (escaped(needle) { "\\x" + hex($0) }, "escapes"),
            (escaped(needle) { "\\u{" + hex($0) + "}" }, "escapes"),
            (base64(needle), "base64"), ("x/" + base64(needle), "base64"),
            ("ab" + base64("pre " + needle + " post"), "base64"),
            (escaped(needle, hex), "hex"), ("0x" + escaped(needle, hex), "hex"),
            (escaped(needle) { hex($0) + " " }, "hex"), (escaped(needle) { hex($0) + ":" }, "hex"),
            (scalars(needle, 0xE0000), "tags"),
            (scalars(needle, 0xE0100 - 16), "selectors"), (rot13(needle), "rot13"),
            (String(needle.reversed()), "reversed"), (base64(base64(needle)), "base64 > base64"),
            (base64(needle.lowercased()), "base64 > folded"),
            (base64(String(needle.reversed())), "base64 > reversed"),
            (rot13(base64(needle)), "rot13 > base64"),
            (escaped(escaped(needle) { "%" + hex($0) }, hex), "hex > percent"),
        ])
    func view(hidden: String, name: String) {
        for text in [hidden, "He said: \(hidden) and left."] {
            let leaks = LeakScanner.find(["nothing of it", Self.needle], in: text).leaks
            #expect(leaks.map(\.needle) == [1])
            #expect(leaks.map(\.view) == [name])
            #expect(leaks.allSatisfy { !$0.excerpt.contains("tango") })
        }
    }

    @Test(
        "what does not hold the needle is clean",
        arguments: [
            "", "Canary-7Q2Y-tango", "Canary tango 7Q2X", base64("Canary-7Q2Y-tango"),
            base64(base64(base64(base64(needle)))), String(repeating: "Canary-7Q2X-", count: 300),
        ])
    func clean(text: String) {
        #expect(LeakScanner.find([Self.needle], in: text).leaks == [])
    }

    @Test("short needles are not sought, and not without separators")
    func short() {
        #expect(LeakScanner.find(["abc", ""], in: "abc").leaks == [])
        #expect(LeakScanner.find(["ab-cd"], in: "a b c d").leaks == [])
        #expect(LeakScanner.find(["ab-cd"], in: "ab-cd").leaks.map(\.view) == ["text"])
    }

    @Test("the place of a leak is that in its view")
    func range() throws {
        let leaks = LeakScanner.find([Self.needle], in: "ab \(Self.needle)").leaks
        let leak = try #require(leaks.first)
        #expect(leak.range == 3..<20)
        #expect(leak.excerpt == "Cana… (17 characters)")
    }

    @Test("line ends inside base64 are skipped")
    func wrapped() {
        let code = Self.base64(String(repeating: "long text ", count: 20) + Self.needle)
        var lines: [Substring] = []
        var rest = code[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(76))
            rest = rest.dropFirst(76)
        }
        let text = lines.joined(separator: "\r\n")
        #expect(LeakScanner.find([Self.needle], in: text).leaks.map(\.view) == ["base64"])
    }

    @Test("views, bytes and depth are bounded")
    func bounds() {
        let text = Self.base64(Self.base64(Self.base64(Self.needle))) + " %41 &amp; \\n"
        let all = LeakNormaliser().views(of: text)
        #expect(all.isComplete)
        #expect(all.views.count <= 120)
        #expect(all.views.allSatisfy { $0.path.count <= 3 })
        let few = LeakNormaliser(viewsMax: 5).views(of: text)
        #expect(!few.isComplete)
        #expect(few.views.count == 5)
        let small = LeakNormaliser(bytesMax: 10).views(of: text)
        #expect(!small.isComplete)
        #expect(small.views.map(\.path) == [[]])
        let flat = LeakNormaliser(depth: 0).views(of: text)
        #expect(flat.isComplete)
        #expect(flat.views.map(\.name) == ["text", "folded", "compact"])
    }

    @Test("a search without room for all views says so")
    func incomplete() {
        let text = Self.base64(Self.needle)
        let small = LeakNormaliser(viewsMax: 3)
        let search = LeakScanner.find([Self.needle], in: text, normaliser: small)
        #expect(search.leaks == [] && !search.isComplete)
        #expect(LeakScanner.find([Self.needle], in: text).isComplete)
        let prompt = PromptLeak.find(prompt: "Be very kind.", in: text, normaliser: small)
        #expect(prompt.leak == nil && !prompt.isComplete)
        #expect(PromptLeak.find(prompt: "Be very kind.", in: text).isComplete)
    }

    @Test("the views of a text can be scanned for personal data")
    func scanned() {
        let views = LeakNormaliser().views(of: Self.base64("mail ada@example.org now")).views
        let names = views.filter {
            !SensitiveScanner.matches(in: $0.bytes, kinds: [.email]).isEmpty
        }.map(\.name)
        #expect(names.first == "base64")
    }

    @Test(
        "hostile runs end",
        arguments: [
            "A", "=", "%41", "&#65;", "\\u0041", "a ", "\u{E0041}", "\u{FE01}", "0x", "a:", "QUFB",
            "\u{300}", "\\", "%25", "\u{430}",
        ])
    func hostile(unit: String) {
        let text = String(repeating: unit, count: 8_000 / unit.utf8.count)
        let views = LeakNormaliser(bytesMax: 1 << 20).views(of: text).views
        #expect(views.first?.bytes.count == text.utf8.count)
        #expect(LeakScanner.find([Self.needle], in: views) == [])
    }
}
