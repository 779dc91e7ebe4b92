import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of a server behind a pipe, and identifiers of answers")
struct MCPPipeFaultTests {
    private let answer = MCPSample.refund(.lines)
    private let call = MCPSample.call(stdio: true)

    private var message: String { MCPSample.response(MCPSample.refunded).encodedText() }

    private func variant(_ name: String) -> [JSONMember] {
        [JSONMember("variant", .string(name))]
    }

    @Test(
        "noise comes before the response, in it or behind it",
        arguments: [
            ("banner", "Server started on stdio\n"),
            ("ansi", "\u{1B}[32m✓\u{1B}[0m ready\n"),
            ("log", "[dotenv@17.2.3] injecting env (4) from .env\n"),
            (
                "partial-line",
                #"{"jsonrpc":"2.0","method":"notifications/message","params":"# + "\n"
            ),
            (
                "two-messages",
                #"{"jsonrpc":"2.0","method":"notifications/message","params":"#
                    + #"{"level":"info","data":"ready"}}"#
            ),
        ])
    func noise(name: String, before: String) {
        let (delivery, outcome) = apply("mcp-stdout-noise", variant(name), to: answer, in: call)
        #expect(outcome == .fired)
        let progress = MCPSample.progress.encodedText()
        #expect(delivery.text == "\(progress)\n\(before)\(message)\n")
        #expect(delivery.milliseconds == [10, 20])
    }

    @Test("a line is broken in the middle of a message")
    func embedded() {
        let (delivery, _) = apply(
            "mcp-stdout-noise", variant("embedded-newline"), to: answer, in: call)
        #expect(delivery.text.hasSuffix("{\n\(message.dropFirst())\n"))
    }

    @Test("bytes that are no text come before the response")
    func invalid() {
        let (delivery, _) = apply("mcp-stdout-invalid-utf8", to: answer, in: call)
        #expect(delivery.bodyBytes.contains(0xFF))
        #expect(
            delivery.bodyBytes.suffix(message.utf8.count + 1).elementsEqual((message + "\n").utf8))
    }

    @Test("a response is made longer without changing what it says", arguments: [true, false])
    func oversize(stdio: Bool) {
        let before = stdio ? answer : MCPSample.refund()
        let (delivery, outcome) = apply(
            "mcp-stdout-oversize-line", [JSONMember("bytes", 2_048)], to: before,
            in: MCPSample.call(stdio: stdio))
        #expect(outcome == .fired)
        #expect(delivery.bodyBytes.count == before.bodyBytes.count + 2_048)
        #expect(MCPSample.messages(delivery) == MCPSample.messages(before))
    }

    @Test("a pipe that fills up is told to the bridge in a header line")
    func pipes() {
        let flood = apply(
            "mcp-stderr-flood", [JSONMember("bytes", 100)], to: answer, in: call)
        #expect(flood.delivery.head?.headers.first("stormtape-pipe") == "stderr 100")
        let blocked = apply("mcp-stderr-flood", variant("stdin-blocked"), to: answer, in: call)
        #expect(blocked.delivery.head?.headers.first("stormtape-pipe") == "stdin")
        #expect(blocked.delivery.text == answer.text)
    }

    @Test(
        "over HTTP there is no pipe",
        arguments: ["mcp-stdout-noise", "mcp-stdout-invalid-utf8", "mcp-stderr-flood"])
    func http(id: String) {
        let (delivery, outcome) = apply(id, to: MCPSample.refund(), in: MCPSample.call())
        #expect(delivery == MCPSample.refund())
        #expect(
            outcome == .inapplicable("the server is no program that writes to a pipe"))
    }

    @Test("what only HTTP has does not hit a server behind a pipe")
    func noHTTP() throws {
        let kinds = FaultCatalogue.all.filter { $0.needsHTTP && $0.target != .model }
        #expect(kinds.count > 30)
        for kind in kinds {
            let (delivery, fates) = CompositionTests.fates(answer, [(kind.id, [])], in: call)
            #expect(delivery == answer, "\(kind.id)")
            #expect(fates == [.inapplicable("a server behind a pipe has no network and no HTTP")])
        }
        let over = CompositionTests.fates(
            MCPSample.refund(), [("server-error", [])], in: MCPSample.call())
        #expect(over.fates == [.fired])
    }

    @Test(
        "damage lies in the text of a result, and the message stays one",
        arguments: MCPSample.Form.allCases)
    func corrupt(form: MCPSample.Form) throws {
        let (delivery, outcome) = apply(
            "tool-corrupt", [JSONMember("at_bytes", 1)], to: MCPSample.refund(form),
            in: MCPSample.call(stdio: form == .lines))
        #expect(outcome == .fired)
        let result = try #require(MCPSample.messages(delivery).last?["result"])
        #expect(result["content"]?[0]?["text"]?.stringValue == "rdfunded 5")
        #expect(result["structuredContent"]?["result"]?.stringValue == "rdfunded 5")
    }

    @Test(
        "an answer takes the identifier and the token of the request that is asked",
        arguments: MCPSample.Form.allCases)
    func readdressed(form: MCPSample.Form) throws {
        let context = MCPSample.call()
        var asked = context.interaction.request
        asked.body =
            Array(
                #"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"refund","#.utf8)
            + Array(#""arguments":{"cents":5},"_meta":{"progressToken":9}}}"#.utf8)
        let before = MCPSample.refund(form)
        let delivery = try #require(before.readdressed(to: asked, in: context))
        let messages = MCPSample.messages(delivery)
        #expect(messages.last == MCPSample.response(MCPSample.refunded, id: 9))
        if form != .document {
            #expect(messages.first?["params"]?["progressToken"] == 9)
            #expect(delivery.milliseconds == before.milliseconds)
        }
        #expect(before.readdressed(to: context.interaction.request, in: context) == nil)
    }
}
