import Cassette
import Determinism
import Testing

@testable import Importers

@Suite("Hostile files") struct HostileTests {
    private func code(_ text: String) -> ImportError.Code? {
        read(text).refusals.first?.code
    }

    private func cassette(body: String) -> String {
        """
        version: 1
        interactions:
        - request: {method: POST, uri: 'http://a.example/', body: \(body)}
          response: {status: {code: 200, message: OK}, headers: {}, body: {string: ok}}
        - request: {method: GET, uri: 'http://a.example/'}
          response: {status: {code: 200, message: OK}, headers: {}, body: {string: ok}}
        """
    }

    @Test(
        "Tags that name code are refused one by one, and never run",
        arguments: [
            "!!python/object/apply:os.system ['touch /tmp/x']",
            "!!python/object/new:_io.BytesIO {state: [1]}", "!!python/name:os.system ''",
            "!ruby/object:Gem::Installer {i: x}", "!<tag:evil.example,2002:x> y",
        ])
    func tags(_ body: String) {
        let reading = read(cassette(body: body))
        #expect(reading.refusals.map(\.code) == [.unsafeTag])
        #expect(reading.refusals.first?.origin?.index == 1)
        #expect(reading.exchanges.map(\.method) == ["GET"])
    }

    @Test(
        "Tags of plain texts are read as texts",
        arguments: [
            ("!!python/unicode 'a'", "a"), ("!!python/str b", "b"), ("!!str 12", "12"),
            ("!!binary aGk=", "hi"), ("!binary aGk=", "hi"), ("! c", "c"),
        ])
    func plainTags(_ body: String, _ expected: String) {
        let reading = read(cassette(body: body))
        #expect(reading.refusals.isEmpty)
        #expect(text(reading.exchanges.first?.body) == expected)
    }

    @Test("Binary that is no base64 is refused")
    func badBase64() {
        #expect(read(cassette(body: "!!binary '%%%'")).refusals.map(\.code) == [.malformed])
    }

    @Test("Nested aliases are refused before they unfold; stars and ampersands in texts are none")
    func aliases() {
        var bomb = "interactions:\na0: &a0 [x, x, x]\n"
        for level in 1...9 {
            let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(inner)]\n"
        }
        #expect(code(bomb) == .tooLarge)
        #expect(AliasCount.of(bomb) == 81)
        #expect(AliasCount.of("a: &x 1\nb: *x\nc: '**bold** *em* R&D &y'\n") == 1)
        #expect(code("interactions: &a [*a]\n") == .malformed)
        let star = Array(repeating: "*is* & so", count: 40).joined(separator: " ")
        #expect(read(cassette(body: "'\(star)'")).refusals.isEmpty)
    }

    @Test("Depth is bounded in every form")
    func depth() {
        let open = String(repeating: "[", count: 900)
        let close = String(repeating: "]", count: 900)
        #expect(code("interactions: \(open)\(close)\n") == .tooLarge)
        #expect(code("{\"interactions\": \(open)\(close)}") == .malformed)
        var flow = Array("1:1#".utf8)
        for _ in 0..<200 { flow = Netstring.tagged(flow, "]") }
        let reading = SourceReader.read(Netstring.map([("request", flow)]), file: "a")
        #expect(reading.refusals.map(\.code) == [.tooLarge])
    }

    @Test(
        "Damage is named, with its place where there is one",
        arguments: [
            ("", "empty"), ("interactions:\n- a: 1\n  a: 2\n", "'a' is given twice"),
            ("interactions:\n- {\n", "line"), ("{\"log\": ", "byte 8"), ("hello", "known are"),
            ("{\"a\": 1}", "known are"), ("\u{1}\u{2}", "known are"),
        ])
    func damage(_ file: String, _ words: String) {
        let reading = read(file)
        #expect(reading.exchanges.isEmpty)
        #expect(reading.refusals.first?.message.contains(words) == true)
    }

    @Test(
        "Netstrings with lengths that lie are refused",
        arguments: ["9:1:a,}", "3:1:a}", "99999999999:1:a,}", "5:1:a,~}", "4:1:a,?", "2:1:}"])
    func netstrings(_ flow: String) {
        let reading = SourceReader.read(Array(flow.utf8), file: "a")
        #expect(reading.exchanges.isEmpty)
        #expect(!reading.refusals.isEmpty)
    }

    @Test("A file that is packed too often, and one that unfolds without end, are refused")
    func packed() {
        let har = zlib(Array(Sample.har.utf8))
        #expect(SourceReader.read(zlib(har), file: "a").exchanges.count == 1)
        #expect(SourceReader.read(zlib(zlib(har)), file: "a").refusals.map(\.code) == [.tooLarge])
        let bomb = zlib([UInt8](repeating: 0x20, count: 4 << 20))
        #expect(bomb.count < 8_000)
        #expect(SourceReader.read(bomb, file: "a").refusals.map(\.code) == [.tooLarge])
        #expect(SourceReader.read(har.dropLast(20), file: "a").refusals.map(\.code) == [.malformed])
    }

    @Test(
        "What could break a request line or a header line is refused or made harmless",
        arguments: [
            (#"{"name": "a b", "value": "c"}"#, "GET", ImportError.Code?.some(.malformed)),
            (#"{"name": "a", "value": "c\rd: e"}"#, "GET", .malformed),
            (#"{"name": "a", "value": "\u0000"}"#, "GET", .malformed),
            (#"{"name": "a", "value": "b"}"#, "GET /x HTTP/1.1", .notHTTP),
            (#"{"name": "a", "value": "b"}"#, "CONNECT", .notHTTP),
            (#"{"name": "a", "value": "b"}"#, "get", nil),
        ] as [(String, String, ImportError.Code?)])
    func injection(_ header: String, _ method: String, _ code: ImportError.Code?) throws {
        let result = try imported([
            (
                "a.har",
                """
                {"log": {"entries": [{"request": {"method": "\(method)", "headers": [\(header)],
                 "url": "http://me:pw@a.example/x y\\r\\nb"},
                 "response": {"status": 200, "headers": [], "content": {"text": "{}"}}}]}}
                """
            )
        ])
        #expect(result.report.refusals.map(\.code) == (code.map { [$0] } ?? []))
        #expect(result.interactions.map(\.request.target) == (code == nil ? ["/x%20y%0D%0Ab"] : []))
        #expect(
            result.manifest.upstreams.map(\.address) == (code == nil ? ["http://a.example"] : []))
    }
}
