import Cassette
import Determinism
import Testing

@Suite struct RedactorTests {
    private let secret = "sk-" + "proj-" + SecretScanTests.run
    private func interaction(
        _ chunks: [[UInt8]], ending: Ending = .complete, request: RecordedRequest? = nil
    ) -> Interaction {
        let timed = chunks.enumerated().map {
            Chunk(at: .milliseconds(Int64($0.offset)), bytes: $0.element)
        }
        return Interaction(
            ordinal: 1, upstream: "a",
            request: request ?? RecordedRequest(method: "GET", target: "/"),
            response: RecordedResponse(status: 200, chunks: timed), ending: ending)
    }

    @Test("A secret cut over two chunks at any byte leaves nothing behind")
    func everySplit() throws {
        let body = Array(#"data: {"text":"use \#(secret) now"}"#.utf8)
        var results: Set<[UInt8]> = []
        for cut in 0...body.count {
            let original = interaction([Array(body[..<cut]), Array(body[cut...])])
            let redacted = Redactor().redact(original)
            let response = try #require(redacted.response)
            #expect(response.chunks.map(\.bytes.count) == [cut, body.count - cut])
            #expect(response.chunks.map(\.at) == original.response?.chunks.map(\.at))
            #expect(Redactor().leaks(in: redacted) == [])
            results.insert(response.body)
        }
        #expect(results.count == 1)
        let text = String(decoding: try #require(results.first), as: UTF8.self)
        #expect(text.contains("REDACTED-openai-key-xxx"))
        #expect(text.hasPrefix(#"data: {"text":"use "#) && text.hasSuffix(#" now"}"#))
    }

    @Test("While a response grows, no byte of a secret is passed on", arguments: [1, 3, 7])
    func held(step: Int) throws {
        let value = "correct horse battery 1"
        let redactor = Redactor(RedactionRules(environment: [("MY_TOKEN", value)]))
        let pem = "-----BEGIN " + "PRIVATE KEY-----\nMIIE\nab\n-----END PRIVATE KEY-----"
        let text = #"{"a":"\#(secret) x","b":"\#(value)","password":"hunter22 is"}"# + "\n\(pem)\n."
        let body = Array(text.utf8)
        let whole = redactor.redact(body: body)
        for end in stride(from: 0, through: body.count, by: step) {
            let part = interaction([Array(body[..<end])], ending: .inProgress)
            let shown = try #require(redactor.redact(part).response).body
            #expect(shown.count <= end)
            for (index, byte) in shown.enumerated() where whole[index] != body[index] {
                // A shorter member has a shorter label; that the original byte shows by chance, as
                // an x or a letter of the label, is no leak.
                #expect(byte == whole[index] || "REDACTED-json-memberx".utf8.contains(byte))
            }
        }
    }

    @Test("Headers that carry credentials keep name, length and scheme")
    func headers() {
        let request = RecordedRequest(
            method: "GET", target: "/",
            headers: [
                HeaderField("Authorization", "Bearer some-opaque-value"),
                HeaderField("X-Api-Key", "0123456789abcdef0123"),
                HeaderField("Cookie", "session=abcdef; b=c"),
                HeaderField("X-Custom-Api-Key", "short"),
                HeaderField("Idempotency-Key", "order-1-refund"),
                HeaderField("Accept", "*/*"),
                HeaderField("X-Note", "see \(secret)"),
            ])
        let redacted = Redactor().redact(request)
        #expect(
            redacted.headers.fields.map(\.value) == [
                "Bearer REDACTED-header-x", "REDACTED-header-xxxx",
                "REDACTED-header-xxx", "xxxxx", "order-1-refund", "*/*",
                "see REDACTED-openai-key-" + String(repeating: "x", count: secret.count - 20),
            ])
        #expect(
            redacted.headers.fields.map(\.value.utf8.count)
                == request.headers.fields.map(\.value.utf8.count))
    }

    @Test(
        "Query and form fields are replaced where they carry credentials",
        arguments: [
            ("/a?api_key=abc&x=1", "/a?api_key=xxx&x=1"),
            ("/a?x=1&Access_Token=abcdefghij", "/a?x=1&Access_Token=REDACTEDxx"),
            ("/a?key=theme", "/a?key=theme"),
            ("/a?key=0123456789abcdef", "/a?key=REDACTED-query-x"),
            ("/a/key=0123456789abcdef", "/a/key=0123456789abcdef"),
            ("/a?token=&b", "/a?token=&b"),
        ])
    func queries(target: String, expected: String) {
        let redacted = Redactor().redact(RecordedRequest(method: "GET", target: target))
        #expect(redacted.target == expected)
        let form = RecordedRequest(
            method: "POST", target: "/",
            headers: [HeaderField("content-type", "application/x-www-form-urlencoded")],
            body: Array("client_secret=abcdefghij&a=b".utf8))
        #expect(Redactor().redact(form).body == Array("client_secret=REDACTEDxx&a=b".utf8))
    }

    @Test(
        "Values of secret members are replaced, at any depth of escaping",
        arguments: [
            (#"{"password":"hunter2","a":1}"#, #"{"password":"xxxxxxx","a":1}"#),
            (#"{"Api-Key" : "abcdefghij"}"#, #"{"Api-Key" : "REDACTEDxx"}"#),
            (#"{"apiKey":"a\"b\\","c":"d"}"#, #"{"apiKey":"xxxxxx","c":"d"}"#),
            (
                #"{"s":"{\"secret\":\"abc\\\"d\",\"e\":1}"}"#,
                #"{"s":"{\"secret\":\"REDACTED\",\"e\":1}"}"#
            ),
            (
                #"{"s":"{\"secret\":\"abc\\\\\",\"e\":1}"}"#,
                #"{"s":"{\"secret\":\"xxxxxxx\",\"e\":1}"}"#
            ),
            (#"{"password":{"type":"string"}}"#, #"{"password":{"type":"string"}}"#),
            (#"{"password":123456,"b":2}"#, #"{"password":999999,"b":2}"#),
            (#"{"password":"","b":"c"}"#, #"{"password":"","b":"c"}"#),
            (#"{"token":"Hello","logprob":-0.1}"#, #"{"token":"Hello","logprob":-0.1}"#),
            (#"{"signature":"EqQBCgIYAhIkabc1"}"#, #"{"signature":"EqQBCgIYAhIkabc1"}"#),
            (
                #"{"max_tokens":4096,"key":"abcdefghij"}"#,
                #"{"max_tokens":4096,"key":"abcdefghij"}"#
            ),
        ])
    func members(json: String, expected: String) throws {
        let redacted = Redactor().redact(body: Array(json.utf8))
        #expect(String(decoding: redacted, as: UTF8.self) == expected)
        _ = try JSONValue.parse(redacted)
    }

    @Test("Redaction keeps JSON valid and lengths equal, and is done once", arguments: 0..<200)
    func stable(seed: Int) throws {
        var source = SampleSource(state: UInt64(seed))
        let value = "n" + source.text(8) + "\"\\tail\\"
        let redactor = Redactor(
            RedactionRules(environment: [("A_TOKEN", value), ("B_KEY", "1234567890")]))
        let inner: JSONValue = [
            "api_key": .string(source.text(20)), "text": .string(source.text(9) + value + "\n"),
            "plain": .string(source.text(20) + " " + secret), "number": .number("1234567890"),
        ]
        let json: JSONValue = ["arguments": .string(inner.encodedText()), "inner": inner]
        for text in [json.encoded(), Array(json.pythonStyle().utf8)] {
            let redacted = redactor.redact(body: text)
            #expect(redacted.count == text.count)
            let parsed = try JSONValue.parse(redacted)
            let arguments = try #require(parsed["arguments"]?.stringValue)
            for object in [parsed["inner"], try JSONValue.parse(text: arguments)] {
                #expect(object?["text"]?.stringValue?.contains(value) == false)
            }
            #expect(redactor.redact(body: redacted) == redacted)
            #expect(!String(decoding: redacted, as: UTF8.self).contains(secret))
        }
    }

    @Test("A manifest loses the secrets in command, prompt and input")
    func manifest() {
        let manifest = Manifest(
            toolVersion: "1", command: ["agent", "--key=\(secret)"],
            upstreams: [Upstream(name: "a", kind: .tool, address: "https://a.b/c?api_key=abc")],
            standardInput: Array(secret.utf8), prompt: "use \(secret)")
        let redacted = Redactor().redact(manifest)
        #expect(Redactor().scan(CanonicalText.encode(manifest: redacted)) == [])
        #expect(redacted.upstreams[0].address == "https://a.b/c?api_key=xxx")
        #expect(redacted.command[0] == "agent")
    }
}
