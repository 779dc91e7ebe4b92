import Judgement
import Testing

@Suite("Personal data in texts")
struct DetectorScannerTests {
    static func found(_ kind: SensitiveKind, in text: String) -> [String] {
        DetectorNumberTests.found(kind, in: text)
    }

    @Test(
        "contacts, addresses and places are found whole",
        arguments: [
            (SensitiveKind.email, "write to ada@example.org.", "ada@example.org"),
            (.email, "<Ada.L+x@mail.example.co.uk>", "Ada.L+x@mail.example.co.uk"),
            (.email, "mailto:ada_1@xn--bcher-kva.example", "ada_1@xn--bcher-kva.example"),
            (.email, #"{"url":"https://a.example","email":"john@acme.com"}"#, "john@acme.com"),
            (.email, "https://shop.example/reset?email=john@acme.com", "john@acme.com"),
            (.email, #"<a href="http://x.example">john@acme.com</a>"#, "john@acme.com"),
            (.email, "https://a.example:8080/john@acme.com", "john@acme.com"),
            (.phone, "Call +49 30 901820 now", "+49 30 901820"),
            (.phone, "+44 20 7946 0958", "+44 20 7946 0958"),
            (.phone, "+49 30 1234 5678", "+49 30 1234 5678"),
            (.phone, "+81 90 1234 5678", "+81 90 1234 5678"),
            (.phone, "+1 (415) 555-2671", "+1 (415) 555-2671"),
            (.phone, "+442079460958", "+442079460958"),
            (.phone, "at (415) 555-2671.", "(415) 555-2671"),
            (.phone, "phone: 415-555-2671", "415-555-2671"),
            (.phone, "tel:4155552671", "4155552671"),
            (.phone, "mobile 0171 2345678", "0171 2345678"),
            (.dateOfBirth, "born on 12 March 1985 in", "12 March 1985"),
            (.dateOfBirth, "DOB: 1985-03-12", "1985-03-12"),
            (.dateOfBirth, "\"birthDate\":\"03/12/1985\"", "03/12/1985"),
            (.ipv4, "from 8.8.8.8.", "8.8.8.8"), (.ipv4, "8.8.4.4:443", "8.8.4.4"),
            (.ipv4, "81.2.69.0/24", "81.2.69.0"),
            (.ipv6, "at 2a00:1450:4001:81b::200e.", "2a00:1450:4001:81b::200e"),
            (.ipv6, "2606:4700:0:0:0:0:0:1111", "2606:4700:0:0:0:0:0:1111"),
            (.ipv6, "[2606:4700::1111]:443", "2606:4700::1111"),
            (.ipv6, "2600::1.2.3.4", "2600::1.2.3.4"),
            (.gps, "location: 52.52000, 13.40500", "52.52000, 13.40500"),
            (.gps, "{\"lat\": 52.5200, \"lng\": -13.4050}", "52.5200, \"lng\": -13.4050"),
        ])
    func found(kind: SensitiveKind, text: String, whole: String) {
        #expect(Self.found(kind, in: text) == [whole])
    }

    @Test(
        "what only looks like it is clean",
        arguments: [
            (SensitiveKind.email, "a@b"), (.email, "pkg@1.2.3"), (.email, "icon@2x.png"),
            (.email, "git@github.com:owner/name"), (.email, "a..b@example.org"),
            (.email, "a@-example.org"), (.email, "@ada"), (.email, "a.@example.org"),
            (.email, "postgres://user:pw@db.example.org/x"),
            (.email, "ssh://git@github.com/owner/name"),
            (.phone, "contact us 01-15-2024 10 am"), (.phone, "+49-30-1985"),
            (.phone, "2024-01-15 10:30:00"), (.phone, "phone 2024-01-15"),
            (.phone, "+2024-01-15"), (.phone, "order 415-555-2671"), (.phone, "4155552671"),
            (.phone, "+1 (115) 555-2671"), (.phone, "+999 1234 5678"), (.phone, "+12345"),
            (.phone, "a+442079460958"), (.phone, "+4420794609581234567"),
            (.phone, "tel id 4155552671x"), (.dateOfBirth, "due on 1985-03-12"),
            (.dateOfBirth, "born on 1985-13-12"), (.ipv4, "version 1.2.3.4"),
            (.ipv4, "v1.2.3.4"), (.ipv4, "1.2.3.4-beta"), (.ipv4, "1.2.3.4.5"),
            (.ipv4, "8.8.8.256"), (.ipv4, "8.8.8.08"), (.ipv4, "see section 8.1.2.3"),
            (.ipv4, "192.168.1.1 10.0.0.1 127.0.0.1 203.0.113.7 172.20.1.1"),
            (.ipv6, "12:34:56"), (.ipv6, "std::vector"), (.ipv6, "abc::def"), (.ipv6, "::"),
            (.ipv6, "fe80::1 2001:db8::1 ::1"), (.ipv6, "2606:4700:0:0:0:0:1111"),
            (.ipv6, "2606::4700::1"), (.gps, "52.52000, 13.40500"), (.gps, "gps 52.52, 13.40"),
            (.gps, "gps 95.52000, 13.40500"), (.gps, "gps 52.52000, 190.40500"),
        ])
    func clean(kind: SensitiveKind, text: String) {
        #expect(Self.found(kind, in: text) == [])
    }

    @Test("reserved addresses count when they are asked for")
    func reserved() {
        let options = SensitiveScanner.Options(includesReservedAddresses: true)
        let matches = SensitiveScanner.matches(
            in: "192.168.1.1 and fe80::1", kinds: [.ipv4, .ipv6], options: options)
        #expect(matches.map(\.kind) == [.ipv4, .ipv6])
    }

    @Test("the false alarms of five plain patterns stay silent")
    func falseAlarms() {
        // Each of these is personal data to flakestorm's excludes_pii.
        let text = """
            Order 123456789 (ref 5551234567) was shipped with release 2.10.3.4 of the client, \
            built 20240115, batch 1234 5678 9012 3456, on 2024-01-15 at 10:30:15.123456789. \
            Timestamps: 1705312215, 1705312215123. Total 1,234,567,890.12 for 100 000 000 items.
            """
        #expect(SensitiveScanner.matches(in: text) == [])
    }

    @Test("matches come from left to right, with excerpts that hide the rest")
    func order() {
        let matches = SensitiveScanner.matches(
            in: "ada@example.org 4111111111111111 bob@example.org")
        #expect(matches.map(\.kind) == [.email, .paymentCard, .email])
        #expect(matches.map(\.range) == [0..<15, 16..<32, 33..<48])
        #expect(
            matches.map(\.excerpt) == [
                "ada… (15 characters)", "4111… (16 characters)", "bob… (15 characters)",
            ])
    }

    @Test("only the kinds asked for are found, and every kind has one class")
    func kinds() {
        let text = "ada@example.org 4111111111111111"
        #expect(SensitiveScanner.matches(in: text, kinds: [.email]).map(\.kind) == [.email])
        #expect(SensitiveScanner.matches(in: text, kinds: []) == [])
        let all = SensitiveKind.kinds(of: .personal) + SensitiveKind.kinds(of: .secret)
        #expect(all == SensitiveKind.allCases)
        #expect(SensitiveKind.gps.sensitiveClass == .personal)
        #expect(SensitiveKind.jwt.sensitiveClass == .secret)
    }

    /// Unfinished and endless forms: nothing may hang, trap or be found.
    @Test(
        "a hostile text is scanned in linear time",
        arguments: [
            "a", "1", "1 ", "1-", "@", "a@", "a@a.", "eyJ", "eyJ.", "sk-", "-----BEGIN ", ":", "::",
            "1.", "+", "(", "1:", "://", "a:b@", "sig=", "?sv=&sig=", "AC", "0x", "bc1", "key=a1B",
            "\u{E0041}", "%", "&#", "\\u", "May ", "GB82 ", "\u{430}", "Aa0/", "+1 ",
        ])
    func hostile(unit: String) {
        let text = String(repeating: unit, count: 20_000 / unit.utf8.count)
        let kinds = Set(SensitiveScanner.matches(in: text).map(\.kind))
        #expect(kinds.isSubset(of: [.highEntropy, .email]))
    }
}
