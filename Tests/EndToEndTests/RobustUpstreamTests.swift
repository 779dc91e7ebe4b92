import Determinism
import Testing

extension Robust {
    @Suite("What an upstream is")
    struct UpstreamTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var body: String
            var options: [String]
            var kind: String
            var wire: String?
            var testDescription: String { "\(body) \(options.joined(separator: " "))" }
        }

        static let cases = [
            Case(body: chat, options: [], kind: "model"),
            Case(body: chat, options: ["--kind", "stub=tool"], kind: "tool"),
            Case(
                body: chat, options: ["--protocol", "stub=mistral"], kind: "model", wire: "mistral"),
            Case(body: "{}", options: [], kind: "tool"),
            Case(body: "{}", options: ["--kind", "stub=model"], kind: "model"),
            Case(
                body: "{}", options: ["--protocol", "stub=openai-chat"], kind: "model",
                wire: "openai-chat"),
        ]
        private static let chat = #"{"model":"m","messages":[]}"#

        @Test("It is told by what is said to it, unless a person says it", arguments: cases)
        func kind(_ example: Case) throws {
            let cassette = try RobustFolder.file("a.cassette")
            let stub = try RobustStub()
            let result = try RobustProgram.record(
                cassette, upstream: stub.address, options: example.options,
                try RobustProgram.agent("get('/json/a', b'\(example.body)')"))
            #expect(result.status == 0, "\(result.err)")
            let manifest = try RobustProgram.inspect(cassette)["manifest"]
            let upstream = try #require(manifest?["upstreams"]?[0])
            #expect(upstream["kind"]?.stringValue == example.kind)
            #expect(upstream["protocol"]?.stringValue == example.wire)
        }

        @Test("A protocol that is not known is refused with those that are")
        func unknown() throws {
            let cassette = try RobustFolder.file("a.cassette")
            let result = try RobustProgram.record(
                cassette, upstream: "http://127.0.0.1:9", options: ["--protocol", "stub=openai"],
                ["true"])
            #expect(result.status == 2)
            #expect(result.err.contains("there is no such protocol"), "\(result.err)")
            #expect(result.err.contains("openai-chat") && result.err.contains("gemini"))
        }
    }
}
