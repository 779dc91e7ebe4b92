import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of the Model Context Protocol")
struct MCPFaultTests {
    private func variant(_ name: String) -> [JSONMember] {
        [JSONMember("variant", .string(name))]
    }

    @Test("an error of the protocol comes with the status of its era")
    func rpcError() {
        let code = [JSONMember("code", -32_601)]
        let old = apply("mcp-rpc-error", code, to: MCPSample.refund(), in: MCPSample.call())
        #expect(old.outcome == .fired)
        #expect(old.delivery.head?.status == 200)
        #expect(
            old.delivery.text
                == #"{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"Method not found"}}"#
        )
        let new = apply(
            "mcp-rpc-error", code, to: MCPSample.refund(.document),
            in: MCPSample.call(era: .modern))
        #expect(new.delivery.head?.status == 404)
        let pipe = apply(
            "mcp-rpc-error", code, to: MCPSample.refund(.lines), in: MCPSample.call(stdio: true))
        #expect(pipe.delivery.text == old.delivery.text + "\n")
        #expect(pipe.delivery.head?.status == 200)
    }

    @Test("a failed tool is a result, in every form", arguments: MCPSample.Form.allCases)
    func isError(form: MCPSample.Form) {
        let context = MCPSample.call(stdio: form == .lines)
        let (delivery, outcome) = apply(
            "mcp-is-error-result", to: MCPSample.refund(form), in: context)
        #expect(outcome == .fired)
        #expect(
            MCPSample.messages(delivery).last
                == MCPSample.response([
                    "content": [["type": "text", "text": "The tool failed."]], "isError": true,
                ]))
        #expect(MCPSample.messages(delivery).count == (form == .document ? 1 : 2))
    }

    @Test(
        "the identifier is mangled",
        arguments: [
            ("null-id", JSONValue.null), ("id-as-string", "3"), ("id-float", .number("3.0")),
        ])
    func identifiers(name: String, id: JSONValue) {
        let (delivery, outcome) = apply(
            "mcp-error-null-id", variant(name), to: MCPSample.refund(), in: MCPSample.call())
        #expect(outcome == .fired)
        #expect(MCPSample.messages(delivery).last?["id"] == id)
        #expect(delivery.head == MCPSample.refund().head)
    }

    @Test("a strange response comes in place of the response, or before it")
    func unknownID() {
        let instead = apply(
            "mcp-unknown-id-response", variant("instead"), to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(MCPSample.messages(instead.delivery).map { $0["id"] } == [nil, 990_001])
        let before = apply(
            "mcp-unknown-id-response", variant("before"), to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(MCPSample.messages(before.delivery).map { $0["id"] } == [nil, 990_001, 3])
        // A fresh event has the line endings of its neighbours.
        #expect(before.delivery.text.contains("}\r\n\r\nevent: message\r\ndata: {\"jsonrpc\""))
    }

    @Test("a second response says something else")
    func duplicate() {
        let (delivery, _) = apply(
            "mcp-duplicate-response", to: MCPSample.refund(), in: MCPSample.call())
        let messages = MCPSample.messages(delivery)
        #expect(messages.map { $0["id"] } == [nil, 3, 3])
        #expect(messages.last?["error"]?["message"] == "The tool failed.")
    }

    @Test("one document has no place for other messages")
    func documentOnly() {
        for id in ["mcp-duplicate-response", "mcp-list-changed", "mcp-progress-regress"] {
            let (delivery, outcome) = apply(
                id, to: MCPSample.refund(.document), in: MCPSample.call())
            #expect(
                outcome
                    == .inapplicable(
                        "the answer is one document; other messages need a stream"))
            #expect(delivery == MCPSample.refund(.document))
        }
    }

    @Test("a request that is accepted as a notification gets 202 and nothing else")
    func accepted() {
        let (delivery, _) = apply(
            "mcp-no-response-202", to: MCPSample.refund(), in: MCPSample.call())
        #expect(delivery.head?.status == 202)
        #expect(delivery.body.isEmpty)
        #expect(delivery.ending == .complete)
    }

    @Test("a stream ends before its response, properly or by a reset")
    func cut() {
        let closed = apply(
            "mcp-sse-closed-no-response", to: MCPSample.refund(), in: MCPSample.call())
        #expect(MCPSample.messages(closed.delivery) == [MCPSample.progress])
        #expect(closed.delivery.ending == .complete)
        let lost = apply(
            "mcp-modern-stream-loss", to: MCPSample.refund(), in: MCPSample.call(era: .modern))
        #expect(MCPSample.messages(lost.delivery) == [MCPSample.progress])
        #expect(lost.delivery.ending == .reset)
        #expect(lost.delivery.endAt == .milliseconds(20))
        // What was one document becomes a stream that says nothing.
        let document = apply(
            "mcp-sse-closed-no-response", to: MCPSample.refund(.document), in: MCPSample.call())
        #expect(document.delivery.head?.headers.first("content-type") == "text/event-stream")
        #expect(document.delivery.body.isEmpty)
    }

    @Test("a stream that is to be resumed names where, and what comes is told by that")
    func resume() throws {
        let (delivery, outcome) = apply(
            "mcp-sse-resume", to: MCPSample.refund(), in: MCPSample.call())
        #expect(outcome == .fired)
        #expect(delivery.text.hasPrefix("id: stormtape/5/duplicate\nretry: 1000\ndata:\n\n"))
        #expect(MCPSample.messages(delivery).last == MCPSample.progress)
        #expect(delivery.ending == .complete)
        func resumption(_ id: String) -> MCPResumption? {
            MCPResumption(
                RecordedRequest(
                    method: "GET", target: "/mcp", headers: [HeaderField("Last-Event-ID", id)]))
        }
        let again = try #require(resumption("stormtape/5/duplicate"))
        #expect(again.ordinal == 5)
        #expect(again.delivery(of: MCPSample.refund()) == MCPSample.refund())
        let wrapped = again.delivery(of: MCPSample.refund(.document))
        #expect(MCPSample.messages(wrapped) == [MCPSample.response(MCPSample.refunded)])
        #expect(
            try #require(resumption("stormtape/5/404")).delivery(of: delivery).head?.status == 404)
        #expect(try #require(resumption("stormtape/5/missing")).delivery(of: delivery).body == [])
        for id in ["7", "stormtape/0/404", "stormtape/x/404", "stormtape/5/else", ""] {
            #expect(resumption(id) == nil)
        }
    }

    @Test("a session is lost in each of its ways")
    func sessions() {
        let plain = apply(
            "mcp-session-404", variant("plain"), to: MCPSample.refund(), in: MCPSample.call())
        #expect(plain.delivery.head?.status == 404)
        #expect(plain.delivery.body.isEmpty)
        let message = apply("mcp-session-404", to: MCPSample.refund(), in: MCPSample.call())
        #expect(message.delivery.text.contains(#""code":-32001,"message":"Session not found""#))
        let gone = apply(
            "mcp-session-lost-other-status", variant("410"), to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(gone.delivery.head?.status == 410)
        let event = apply(
            "mcp-session-lost-other-status", variant("event"), to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(MCPSample.messages(event.delivery) == [["error": "Session not found"]])
        let none = apply(
            "mcp-session-404", to: MCPSample.refund(), in: MCPSample.call(era: .modern))
        #expect(none.outcome == .inapplicable("the request belongs to no session"))
    }

    @Test("client and server have no revision in common")
    func versions() {
        let context = MCPSample.context("initialize")
        let answer = MCPSample.answer([MCPSample.response(MCPSample.initialized)])
        func result(_ name: String) -> JSONValue? {
            let (delivery, _) = apply(
                "mcp-initialize-version-mismatch", variant(name), to: answer, in: context)
            return MCPSample.messages(delivery).last
        }
        #expect(result("unknown")?["result"]?["protocolVersion"] == "1999-01-01")
        #expect(result("none")?["result"]?["protocolVersion"] == nil)
        #expect(result("unsupported")?["error"]?["code"] == -32_022)
    }

    @Test("a server does not come up")
    func start() {
        let context = MCPSample.context("initialize", stdio: true)
        let answer = MCPSample.answer([MCPSample.response(MCPSample.initialized)], .lines)
        func outcome(_ name: String) -> Delivery {
            apply("mcp-initialize-hang", variant(name), to: answer, in: context).delivery
        }
        #expect(outcome("hang") == Delivery(head: nil, ending: .hang))
        #expect(outcome("crash") == Delivery(head: nil, ending: .closed))
        let empty = MCPSample.messages(outcome("capabilities-missing")).last
        #expect(empty?["result"]?["capabilities"] == [:])
        #expect(
            apply("mcp-initialize-hang", to: MCPSample.refund(), in: MCPSample.call()).outcome
                == .inapplicable(
                    "the request is tools/call, not initialize or server/discover"))
    }

    @Test("a crash takes the answer with it")
    func crash() {
        let kill = apply(
            "mcp-server-crash-mid-call", to: MCPSample.refund(), in: MCPSample.call())
        #expect(kill.delivery == Delivery(head: nil, ending: .reset, endAt: .milliseconds(5)))
        let exit = apply(
            "mcp-server-crash-mid-call", variant("exit-code"), to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(exit.delivery.ending == .closed)
    }

    @Test("a late response leaves what comes before it in time")
    func late() {
        let (delivery, outcome) = apply(
            "mcp-cancel-race", [JSONMember("delay_ms", 1_000)], to: MCPSample.refund(),
            in: MCPSample.call())
        #expect(outcome == .fired)
        #expect(delivery.milliseconds == [10, 1_020])
        #expect(delivery.text == MCPSample.refund().text)
    }

    @Test("what is no call of the protocol is left alone", arguments: FaultCatalogue.all.map(\.id))
    func foreign(id: String) throws {
        let kind = try #require(FaultCatalogue.named(id))
        guard FaultCatalogue.family(of: kind)?.name == "mcp" else { return }
        let order = Sample.plain([#"{"id":7}"#])
        let (delivery, outcome) = apply(id, to: order, in: Sample.tool())
        #expect(delivery == order)
        #expect(outcome != .fired)
        #expect(!kind.documentation.wireForm.isEmpty)
        #expect(kind.target == .tool)
    }
}
