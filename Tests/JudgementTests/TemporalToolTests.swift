import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing
import WireProtocols

@Suite("Temporal formulas over models and their tools")
struct TemporalToolTests {
    private func check(_ formula: String, _ trace: Trace) throws -> InvariantResult {
        try Invariant.parse(["temporal": .string(formula)]).evaluate(trace)
    }

    /// A model asks for a quote and then for a payment; the agent runs both itself.
    private static func payment(quoted: String, paid: String) -> Trace {
        var wire = WireTrace()
        wire.model([("c1", "quote", #"{"item":"book"}"#)], at: 0)
        wire.tell("c1", #"{"amount":\#(quoted)}"#)
        wire.model([("c2", "pay", #"{"amount":\#(paid)}"#)], at: 1_000)
        wire.tell("c2", "paid")
        wire.model(says: "The book is paid.", at: 2_000)
        return wire.ended()
    }

    @Test("data flows from a result to the arguments of a later call")
    func dataFlow() throws {
        let formula = "call(pay, amount = $a) requires result(quote, amount = $a) before"
        #expect(
            try check(formula, TemporalToolTests.payment(quoted: "12.50", paid: "12.5")).passed)
        let broken = try check(formula, TemporalToolTests.payment(quoted: "12.5", paid: "99"))
        #expect(
            broken.message
                == "pay was called (told in exchange 3) without an earlier "
                + "result(quote, amount = $a)")
        #expect(broken.witnesses == [ExchangeID(3)])
        #expect(broken.position == .request(ExchangeID(3)))
    }

    @Test(
        "tools within the agent are moments of the request that tells of them",
        arguments: [
            ("call(quote) before call(pay)", true), ("call(pay) before call(quote)", false),
            ("eventually ok(pay)", true), ("eventually error(pay)", false),
            ("eventually result(quote, amount > 10)", true), ("exactly 2 call", true),
            ("exactly 3 ask(openai)", true), ("eventually wants(pay, amount = 12.5)", true),
            ("wants(pay) requires call(pay) after within 1 step", true),
            ("call(pay) requires wants(pay) before", true),
            ("call requires ask after", true), ("eventually says(/book is paid/)", true),
            ("says('paid') before call(pay)", false), ("eventually ask(model = 'gpt-4o')", true),
            ("never ask(\"POST /v1/chat/*\") before call", false),
            ("eventually call(openai, model = 'gpt-4o')", true),
            ("never status(pay, 200)", true), ("exactly 3 status(openai, 200)", true),
            ("eventually ok(openai, object = 'chat.completion')", true),
        ])
    func tools(formula: String, holds: Bool) throws {
        let result = try check(
            formula, TemporalToolTests.payment(quoted: "12.5", paid: "12.5"))
        #expect(result.passed == holds, "\(result.message)")
    }

    @Test(
        "each tool that one answer asks for is counted, and binds its values",
        arguments: [
            ("at most 1 wants(pay)", false), ("exactly 2 wants(pay)", true),
            ("exactly 1 wants(quote)", true), ("exactly 3 wants", true),
            ("exactly 1 wants(pay, amount > 5)", true), ("exactly 1 ok(openai)", true),
            ("exactly 1 says(/both/)", true), ("exactly 1 status(openai, 200)", true),
            ("eventually (wants(pay) and wants(quote) and says(/both/))", true),
            ("at most 1 wants(pay, amount = $a)", true),
            ("wants(pay, amount = $a) requires wants(quote, amount = $a) before", false),
            ("wants(pay, amount = $a) requires wants(pay, amount = $a) after", false),
            ("after 2 wants(pay) never wants(pay)", true),
        ])
    func severalTools(formula: String, holds: Bool) throws {
        var wire = WireTrace()
        wire.model(
            [
                ("c1", "quote", #"{"amount":3}"#), ("c2", "pay", #"{"amount":5}"#),
                ("c3", "pay", #"{"amount":7}"#),
            ], says: "both")
        let result = try check(formula, wire.ended())
        #expect(result.passed == holds, "\(result.message)")
    }

    @Test("each tool that one MCP batch calls is counted")
    func batch() throws {
        let call = { (id: Int, order: Int) in
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"find","#
                + #""arguments":{"order":\#(order)}}}"#
        }
        let answer = { (id: Int) in
            #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[{"type":"text","text":"ok"}]}}"#
        }
        var wire = WireTrace()
        wire.ask(
            "shop", "POST /mcp", body: "[\(call(1, 7)),\(call(2, 8))]",
            .init(
                headers: [HeaderField("content-type", "application/json")],
                body: "[\(answer(1)),\(answer(2))]"))
        let trace = wire.ended()
        for formula in [
            "exactly 2 call(find)", "exactly 1 call(find, order = 8)", "exactly 2 ok(find)",
            "exactly 1 status(shop, 200)", "at most 1 call(find, order = $o)",
        ] {
            let result = try check(formula, trace)
            #expect(result.passed, "\(formula): \(result.message)")
        }
    }

    @Test("a truncated answer of a model is an error of it")
    func truncated() throws {
        var wire = WireTrace()
        wire.model(says: "hello", .init(sent: 20))
        wire.model(says: "hello")
        let trace = wire.ended()
        let result = try check("never error(openai)", trace)
        #expect(result.message == "openai answered 200, not whole (exchange 1)")
        #expect(result.position == .delivery(ExchangeID(1)))
        #expect(try check("error requires ok(openai) after", trace).passed)
    }

    @Test("tools of Anthropic and of an MCP server have names too")
    func otherProtocols() throws {
        var wire = WireTrace()
        wire.ask(
            "shop", "POST /mcp",
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find","#
                + #""arguments":{"order":7}}}"#,
            .init(
                headers: [HeaderField("content-type", "application/json")],
                body: #"{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":"#
                    + #"[{"type":"text","text":"{\"code\":\"late\"}"}]}}"#))
        wire.ask(
            "anthropic", "POST /v1/messages", kind: .model,
            body: #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"},"#
                + #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"save","#
                + #""input":{"id":7}}]},{"role":"user","content":[{"type":"tool_result","#
                + #""tool_use_id":"t1","content":"kept"}]}]}"#,
            at: 10, wire: "anthropic-messages")
        let trace = wire.ended()
        for formula in [
            "eventually call(find, order = 7)", "eventually error(find, code = 'late')",
            "never ok(find)", "eventually call(shop, order = 7)",
            "eventually call(\"POST /mcp\")", "error(find) before call(save)",
            "call(save, id = $x) requires call(find, order = $x) before",
            "eventually ok(save)", "exactly 1 ask(anthropic)",
        ] {
            let result = try check(formula, trace)
            #expect(result.passed, "\(formula): \(result.message)")
        }
    }

    @Test("moments stand in the order of the log, and lines when they are complete")
    func order() throws {
        var trace = Trace(cassette: Digest(hashing: []), clock: .virtual)
        var builder = TraceBuilder(clock: .virtual)
        builder.ask("a", "POST /a", kind: .tool)
        builder.ask("b", "POST /b", kind: .tool)
        trace.exchanges = builder.trace.exchanges
        let out = { (count: Int) in TraceEvent.output(.standardOutput, byteCount: count) }
        for event in [
            .request(ExchangeID(1)), out(3), .request(ExchangeID(2)), out(3),
            .step(ExchangeID(2), index: 0), .step(ExchangeID(1), index: 0),
            .agentClosed(ExchangeID(2)), out(4),
            .ended(.exited(.code(0))), out(5),
        ] {
            trace.append(event, at: .zero)
        }
        trace.end = .exited(.code(0))
        // "halfe" is complete with the second write, "twoX" at the end; the last comes too late.
        trace.standardOutput = Array("halfe\ntwoXlate\n".utf8)
        for formula in [
            "call(b) before ok(a)", "ok(b) before ok(a)", "output('halfe') before ok(b)",
            "never output('halfe') before call(b)", "never output('twoX') before ok(a)",
            "eventually output(/^twoX$/)", "never output('late')",
        ] {
            let result = try check(formula, trace)
            #expect(result.passed, "\(formula): \(result.message)")
        }
        // The answer of 2 was there before that of 1: what follows may rest on it.
        let broken = try check("never ok(a)", trace)
        #expect(broken.witnesses == [ExchangeID(1)])
        #expect(broken.position == .delivery(ExchangeID(2)))
        #expect(try check("never output('halfe')", trace).position == .beginning)
    }

    @Test("what an agent that is a server answers is its output")
    func server() throws {
        var trace = Trace(cassette: Digest(hashing: []), clock: .virtual)
        var asked = AskedRecord(request: RecordedRequest(method: "POST", target: "/"))
        asked.body = Array("refunded\n".utf8)
        trace.asked = [asked]
        trace.append(.inquiry(.asked(0)), at: .zero)
        trace.append(.inquiry(.answered(0)), at: .zero)
        trace.append(.ended(.dismissed(.code(0))), at: .zero)
        trace.end = .dismissed(.code(0))
        #expect(try check("output('refunded') before exit(0)", trace).passed)
        let broken = try check("never output(/refund/)", trace)
        #expect(broken.message == "the agent wrote \"refunded\"")
        #expect(broken.position == .beginning)
    }

    @Test("text of the agent is cut and made plain in a message")
    func hostileText() throws {
        let line = "\u{1B}[31m\u{202E}" + String(repeating: "x", count: 500)
        let broken = try check("never output('xxx')", TraceBuilder().ended(output: line))
        #expect(broken.message.unicodeScalars.count < 90)
        #expect(!broken.message.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
    }
}
