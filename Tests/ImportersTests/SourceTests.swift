import Cassette
import Determinism
import Testing

@testable import Importers

@Suite("Each source") struct SourceTests {
    private func only(_ reading: SourceReading) throws -> ImportedExchange {
        #expect(reading.refusals.isEmpty)
        return try #require(reading.exchanges.count == 1 ? reading.exchanges.first : nil)
    }

    @Test("vcrpy: folded texts come back as they were, and nothing is known of time")
    func vcrpy() throws {
        let exchange = try only(read(Sample.vcrpy))
        #expect(exchange.source == .vcrpy)
        #expect(exchange.method == "POST")
        #expect(exchange.url.origin == "https://api.openai.com")
        #expect(exchange.url.target == "/v1/chat/completions")
        let message = #"{"role": "user", "content": "It's *me* & you"}"#
        #expect(
            text(exchange.body)
                == "{\"model\": \"gpt-4o\", \"messages\": [\(message)], \"stream\": true}")
        #expect(
            text(exchange.response?.body)
                == "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n")
        #expect(exchange.response?.reason == "OK")
        #expect(exchange.timing == .unknown)
        #expect(exchange.fidelity.timing == .absent)
    }

    @Test("vcrpy: the old httpx form, scalar headers and parsed bodies are read too")
    func vcrpyDialects() throws {
        let reading = read(
            """
            version: 1
            interactions:
            - request:
                method: GET
                uri: http://shop.example/a
                body: null
                headers: {accept: '*/*'}
              response: {status_code: 404, content: '{"error": 1}', http_version: HTTP/1.1}
            - request:
                method: POST
                uri: http://shop.example/b
                parsed_body: {model: m, n: 2, ok: true, none: null, text: '2'}
              response:
                status: {code: 200, message: OK}
                parsed_body: [1, 2.5, "x"]
            - {kind: message, direction: sent, data: hello}
            """)
        #expect(reading.exchanges.map { $0.response?.status } == [404, 200])
        #expect(reading.exchanges[0].headers == [HeaderField("accept", "*/*")])
        #expect(
            text(reading.exchanges[1].body)
                == #"{"model":"m","n":2,"ok":true,"none":null,"text":"2"}"#)
        #expect(text(reading.exchanges[1].response?.body) == #"[1,2.5,"x"]"#)
        #expect(reading.exchanges[1].fidelity.request == .reconstructed)
        #expect(reading.refusals.map(\.code) == [.notHTTP])
        #expect(reading.refusals.first?.origin?.index == 3)
    }

    @Test("Ruby's VCR: binary bodies, repeated lines, instants, and a placeholder for the host")
    func rubyVCR() throws {
        let exchange = try only(read(Sample.rubyVCR))
        #expect(exchange.source == .rubyVCR)
        #expect(exchange.url.origin == "https://gpu-api-base.invalid")
        #expect(exchange.url.holdsPlaceholder)
        #expect(text(exchange.response?.body) == #"{"ok":true}"#)
        #expect(exchange.response?.headers.fields.count { $0.name == "Date" } == 2)
        #expect(exchange.instant == 1_780_944_871_000_000_000)
    }

    @Test("Ruby's VCR: a body as base64, also in JSON; one that is none is refused")
    func rubyBase64() throws {
        func json(_ digits: String) -> String {
            """
            {"http_interactions": [{"request": {"method": "get", "uri": "http://a.example/"},
             "response": {"status": {"code": 200}, "headers": {},
              "body": {"encoding": "UTF-8", "base64_string": "\(digits)"}}}]}
            """
        }
        #expect(text(try only(read(json("aGk=\\n"))).response?.body) == "hi")
        let reading = read(json("aGk"))
        #expect(reading.exchanges.isEmpty)
        #expect(reading.refusals.map(\.code) == [.malformed])
    }

    @Test("vcrpy: a body as base64 is decoded; one that is none is refused")
    func vcrpyBase64() throws {
        func cassette(_ digits: String) -> String {
            """
            version: 1
            interactions:
            - request: {method: GET, uri: 'http://a.example/', body: null, headers: {}}
              response:
                status: {code: 200, message: OK}
                headers: {}
                body: {base64_string: \(digits)}
            """
        }
        #expect(text(try only(read(cassette("'aG k='"))).response?.body) == "hi")
        #expect(read(cassette("aGk")).refusals.map(\.code) == [.malformed])
        #expect(read(cassette("!x aGk=")).refusals.map(\.code) == [.unsafeTag])
    }

    @Test("Pseudo lines go, wherever they stand")
    func pseudoLines() throws {
        var exchange = try only(read(Sample.har))
        exchange.response?.headers.append(":status", "201")
        exchange.response?.trailers = [HeaderField(":path", "/"), HeaderField("checksum", "1")]
        try ExchangeRepair.repair(&exchange)
        #expect(exchange.headers.fields.map(\.name) == ["content-type"])
        #expect(
            exchange.response?.headers.fields.map(\.name) == ["Content-Type", "Content-Length"])
        #expect(exchange.response?.trailers == [HeaderField("checksum", "1")])
    }

    @Test("A larger loss wins over a smaller one")
    func losses() {
        #expect(FidelityMark.allCases.sorted() == [.recorded, .reconstructed, .absent])
    }

    @Test("HAR: a header line without a value is kept, and joined ones are taken apart")
    func harHeaders() throws {
        let exchange = try only(
            read(
                """
                {"log": {"entries": [{"request": {"method": "GET", "url": "http://a.example/",
                 "headers": [{"name": "accept", "value": ""}, {"name": "x"},
                 {"name": "y", "value": "1\\n2"}]}}]}}
                """))
        #expect(
            exchange.headers == [
                HeaderField("accept", ""), HeaderField("x", ""), HeaderField("y", "1"),
                HeaderField("y", "2"),
            ])
    }

    @Test("go-vcr: the duration is kept, and a missing type is seen in the body")
    func goVCR() throws {
        var exchange = try only(read(Sample.goVCR))
        #expect(exchange.source == .goVCR)
        #expect(exchange.timing.end == .milliseconds(1_200))
        #expect(exchange.fidelity.timing == .reconstructed)
        try ExchangeRepair.repair(&exchange)
        #expect(exchange.response?.headers == [HeaderField("content-type", "text/event-stream")])
        #expect(exchange.response?.reason == "OK")
        #expect(exchange.fidelity.response == .reconstructed)
    }

    @Test("HAR: pseudo lines go, base64 is decoded, lengths and the address are mended")
    func har() throws {
        var exchange = try only(read(Sample.har))
        try ExchangeRepair.repair(&exchange)
        #expect(exchange.source == .har)
        #expect(exchange.url.origin == "https://shop.example:8443")
        #expect(exchange.url.target == "/orders?id=7")
        #expect(exchange.headers == [HeaderField("content-type", "application/json")])
        #expect(text(exchange.body) == #"{"a":1}"#)
        #expect(text(exchange.response?.body) == #"{"ok":true}"#)
        #expect(exchange.response?.headers.first("content-length") == "11")
        #expect(exchange.timing == ImportedTiming(head: .milliseconds(40), end: .milliseconds(100)))
        #expect(exchange.instant == 1_795_413_160_950_681_000)
    }

    @Test(
        "HAR: what is no whole HTTP exchange is refused, or kept as what it was",
        arguments: [
            (#""status": 0, "headers": [], "content": {}"#, nil, Ending.unreachable),
            (#""status": 101, "headers": [], "content": {}"#, .notHTTP, .complete),
            (#""status": 200, "headers": [], "content": {"size": 9}"#, .missingBody, .complete),
            (#""status": 204, "headers": [], "content": {"size": 9}"#, nil, .complete),
            (#""status": 200, "headers": [], "content": {"size": 0}"#, nil, .complete),
            (#""status": 200, "headers": [], "content": {"_file": "x"}"#, .missingBody, .complete),
        ] as [(String, ImportError.Code?, Ending)])
    func harEdges(_ response: String, _ code: ImportError.Code?, _ ending: Ending) {
        let reading = read(
            """
            {"log": {"entries": [{"request": {"method": "GET", "url": "http://a.example/",
             "headers": []}, "response": {\(response)}}]}}
            """)
        #expect(reading.refusals.map(\.code) == (code.map { [$0] } ?? []))
        #expect(reading.exchanges.map(\.ending) == (code == nil ? [ending] : []))
    }

    @Test("mitmproxy: the name that was asked for, the instants, and the bytes")
    func mitmproxy() throws {
        let exchange = try only(SourceReader.read(Sample.mitmproxy, file: "a"))
        #expect(exchange.source == .mitmproxy)
        #expect(exchange.url.origin == "http://shop.example:8080")
        #expect(exchange.url.target == "/items?q=1")
        #expect(text(exchange.response?.body) == "[1,2]")
        #expect(exchange.instant == 1_795_413_160_250_000_000)
        #expect(
            exchange.timing == ImportedTiming(head: .milliseconds(250), end: .milliseconds(500)))
    }

    @Test("mitmproxy: a request that names no path is refused", arguments: ["*", "a.example:443"])
    func pathless(_ path: String) {
        let flow = Netstring.map([
            ("type", Netstring.text("http")),
            (
                "request",
                Netstring.map([
                    ("method", Netstring.bytes("OPTIONS")), ("scheme", Netstring.bytes("http")),
                    ("host", Netstring.text("shop.example")), ("path", Netstring.bytes(path)),
                    ("content", Netstring.bytes("")),
                ])
            ),
        ])
        let reading = SourceReader.read(flow, file: "a")
        #expect(reading.exchanges.isEmpty)
        #expect(reading.refusals.map(\.code) == [.notHTTP])
    }

    @Test("mitmproxy: a file that is cut keeps the flows before the cut, and says so")
    func cutFlows() {
        let whole = Sample.mitmproxy
        let reading = SourceReader.read(whole + whole.dropLast(9), file: "a")
        #expect(reading.exchanges.count == 1)
        #expect(reading.refusals.map(\.code) == [.malformed])
        #expect(reading.refusals.first?.origin?.index == 2)
    }
}
