import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Temporal formulas over a run")
struct TemporalTests {
    /// Checks a formula; the trace is virtual where it compares instants.
    private func check(_ formula: String, _ builder: TraceBuilder, output: String = "") throws
        -> InvariantResult
    {
        try Invariant.parse(["temporal": .string(formula)]).evaluate(
            builder.ended(output: output))
    }

    /// `GET /identity/7`, `POST /refund`, `POST /refund` again; `POST /charge` with a key.
    static func refunds(isChecked: Bool) -> TraceBuilder {
        var builder = TraceBuilder(clock: .virtual)
        builder.ask("openai", at: 0)
        if isChecked { builder.ask("bank", "GET /identity/7", kind: .tool, at: 1_000) }
        builder.ask("bank", "POST /refund", kind: .tool, body: #"{"amount":12.0}"#, at: 2_000)
        if !isChecked { builder.ask("bank", "GET /identity/7", kind: .tool, at: 3_000) }
        return builder
    }

    @Test("a refund before the check of the identity is named with its exchange")
    func precedence() throws {
        let formula = #"never call("POST /refund") before ok("GET /identity/*")"#
        let broken = try check(formula, TemporalTests.refunds(isChecked: false))
        #expect(!broken.passed)
        #expect(broken.id == "temporal \(formula)")
        #expect(
            broken.message
                == #"POST /refund was called (exchange 2) before any ok("GET /identity/*")"#)
    }

    /// The patterns of Dwyer, Avrunin and Corbett, as docs/TEMPORAL.md shows them; the letters are
    /// tools that are called, in order.
    @Test(
        "the patterns hold and break",
        arguments: [
            ("never call(p)", "abc", "apc", [2], "request"),
            ("eventually call(p)", "ap", "ab", [], "end"),
            ("at most 2 call(p)", "pap", "papp", [1, 3, 4], "request"),
            ("at least 2 call(p)", "pap", "pa", [1], "end"),
            ("exactly 1 call(p)", "ap", "app", [2, 3], "request"),
            ("never call(p) before call(s)", "sp", "aps", [2], "request"),
            ("call(p) requires call(s) before", "spp", "ap", [2], "request"),
            ("always (call(p) -> eventually call(s))", "psaps", "psp", [3], "end"),
            ("call(p) requires call(s) after", "pps", "psp", [3], "end"),
            ("call(p) requires call(s) after within 2 steps", "paspas", "paas", [1], "request"),
            ("always (call(p) -> within 1 steps call(s))", "psps", "pas", [1], "request"),
            (
                "always (call(p) -> eventually (call(s) and eventually call(t)))", "pst", "pts",
                [1],
                "end"
            ),
            (
                "never (call(p) and eventually (call(s) and eventually call(t)))", "pts", "pst",
                [1, 2, 3], "request"
            ),
            (
                "always (call(q) -> (not call(p) unless call(r)))", "pqarp", "qapr", [1, 3],
                "request"
            ),
            (
                "always ((call(q) and eventually call(r)) -> (not call(p) until call(r)))", "qap",
                "qpr", [1, 2, 3], "request"
            ),
            ("after call(q) never call(p)", "paqa", "qap", [1, 3], "request"),
            ("after 2 call(q) never call(q)", "qaq", "qqaq", [2, 4], "request"),
            ("not call(p) until call(r)", "arp", "aa", [], "end"),
            ("not call(p) unless call(r)", "aa", "apr", [2], "request"),
            ("never call(p) after call(s)", "ps", "sap", [1, 3], "request"),
            ("never call(p) after call(s) within 2 steps", "saap", "sap", [1, 3], "request"),
            ("call(p) before call(s)", "aps", "sp", [], "end"),
            ("(eventually call(r)) -> (not call(p) until call(r))", "pp", "pr", [1, 2], "request"),
        ])
    func patterns(
        formula: String, holding: String, breaking: String, witnesses: [Int], kind: String
    ) throws {
        #expect(try check(formula, TemporalTests.letters(holding)).passed, "\(holding)")
        let broken = try check(formula, TemporalTests.letters(breaking))
        #expect(!broken.passed, "\(breaking)")
        #expect(broken.witnesses.map(\.number) == witnesses, "\(broken.message)")
        switch broken.position {
        case .request: #expect(kind == "request", "\(broken.message)")
        case .end: #expect(kind == "end", "\(broken.message)")
        case .beginning, .delivery, nil: Issue.record("no position: \(broken.message)")
        }
    }

    private static func letters(_ tools: String) -> TraceBuilder {
        var builder = TraceBuilder(clock: .virtual)
        for (index, tool) in tools.enumerated() {
            builder.ask(
                String(tool), "POST /\(tool)", kind: .tool, at: Int64(index) * 1_000)
        }
        return builder
    }

    @Test(
        "windows are counted on the virtual clock, their ends among them",
        arguments: [
            ("always (call(p) -> within 2s call(s))", "pas", true),
            ("always (call(p) -> within 1999ms call(s))", "pas", false),
            ("call(p) requires call(s) after within 1s", "ps", true),
            ("call(p) requires call(s) before within 1s", "sap", false),
            ("after call(q) never call(p) within 2s", "qap", false),
            ("after call(q) never call(p) within 1s", "qap", true),
            ("after call(q) within 1s call(p)", "qp", true),
            ("after call(q) within 500ms call(p)", "qp", false),
            ("always at most 2 call(p) within 2s", "papap", true),
            ("always at most 2 call(p) within 2s", "appp", false),
            ("never call(p) within 3s", "aaaap", true),
            ("within 1min call(p)", "aaaap", true),
        ])
    func windows(formula: String, tools: String, holds: Bool) throws {
        let result = try check(formula, TemporalTests.letters(tools))
        #expect(result.passed == holds, "\(result.message)")
    }

    @Test("with a real clock time is not judged, but steps are")
    func realClock() throws {
        var builder = TraceBuilder(clock: .real)
        builder.ask("openai")
        builder.ask("openai")
        let timed = try check("never ask within 60s", builder)
        #expect(timed.passed)
        #expect(timed.message.hasPrefix("not judged: the agent's clock is real"))
        #expect(!timed.isJudged)
        let negated = try Invariant.parse([
            "temporal": "never ask within 60s", "negate": true,
        ]).evaluate(builder.ended())
        #expect(negated.passed && !negated.isJudged)
        #expect(try !check("never ask within 3 steps", builder).passed)
    }

    @Test("an answer that is due is named when the run ends without it")
    func response() throws {
        var builder = TraceBuilder(clock: .virtual)
        builder.ask("openai", status: 429, at: 0)
        builder.trace.exchanges[0].faults = [
            FaultRecord(
                planned: PlannedFault(
                    fault: "rate-limit-429",
                    anchor: Anchor(
                        fingerprint: Fingerprint(Digest(hashing: [])), take: 1, attempt: 1,
                        upstream: "openai", call: 1), parameters: FaultParameters()),
                outcome: .fired)
        ]
        for formula in [
            "always (fault(\"rate-limit-*\") -> within 60s ok(openai))",
            "always (fault(status, openai) -> within 60s ok(openai))",
        ] {
            let broken = try check(formula, builder)
            #expect(
                broken.message
                    == "the fault rate-limit-429 struck (exchange 1), and there was no ok(openai) "
                    + "within 60 s")
            #expect(broken.witnesses == [ExchangeID(1)])
            #expect(broken.position == .end)
        }
        var late = builder
        late.ask("openai", at: 61_000)
        let formula = "always (fault -> within 60s ok(openai))"
        #expect(try check(formula, late).position == .request(ExchangeID(2)))
        var timely = builder
        timely.ask("openai", at: 60_000)
        #expect(try check(formula, timely).passed)
        #expect(try check("never fault(status, bank)", builder).passed)
        #expect(try check("never fault(stream)", builder).passed)
    }

    @Test(
        "a variable has the same value on both sides",
        arguments: [
            (#"{"amount":12}"#, #"{"amount":12.0}"#, true),
            (#"{"amount":12}"#, #"{"amount":13}"#, false),
            (#"{"amount":12}"#, #"{"amount":"12"}"#, false),
            (#"{"amount":{"a":1,"b":[2]}}"#, #"{"amount":{"b":[2.0],"a":1}}"#, true),
            (#"{"amount":"é"}"#, #"{"amount":"e\u0301"}"#, false),
            (#"{}"#, #"{}"#, true),
            (#"{"amount":1}"#, "no JSON", true),
        ])
    func variables(quote: String, pay: String, holds: Bool) throws {
        var builder = TraceBuilder()
        builder.ask("shop", "POST /quote", kind: .tool, body: quote)
        builder.ask("shop", "POST /pay", kind: .tool, body: pay)
        let formula =
            #"call("/pay", amount = $a) requires call("/quote", amount = $a) before"#
        let result = try check(formula, builder)
        #expect(result.passed == holds, "\(result.message)")
        #expect(result.position == (holds ? nil : .request(ExchangeID(2))))
    }

    @Test("counts are taken for each value of a variable")
    func countsPerValue() throws {
        var builder = TraceBuilder()
        for key in ["a", "b", "a"] {
            builder.ask("shop", "POST /charge", kind: .tool, body: "{\"key\":\"\(key)\"}")
        }
        let once = try check(#"at most 1 call("POST /charge", key = $k)"#, builder)
        #expect(once.witnesses.map(\.number) == [1, 3])
        #expect(once.position == .request(ExchangeID(3)))
        #expect(
            once.message.hasSuffix(
                "at most 1 allowed: the last time, POST /charge was called (exchange 3)"))
        #expect(try check(#"at most 2 call("POST /charge", key = $k)"#, builder).passed)
        #expect(try !check(#"at most 2 call("POST /charge")"#, builder).passed)
    }

    @Test(
        "members are compared by their value",
        arguments: [
            ("amount = 12", true), ("amount = 12.0", true), ("amount != 12", false),
            ("amount > 11.9", true), ("amount >= 12", true), ("amount < 12", false),
            ("amount <= 1.2e1", true), ("amount > 100", false), ("order.id = \"A7\"", true),
            ("order.id = /^A/", true), ("order.id != /^B/", true), ("\"/order/id\" = 'A7'", true),
            ("lines.1 = null", true), ("missing != 5", false), ("order.id > 5", false),
            ("paid = true", true), ("amount = 12, paid = false", false),
        ])
    func conditions(condition: String, isFound: Bool) throws {
        var builder = TraceBuilder()
        builder.ask(
            "shop", "POST /pay", kind: .tool,
            body: #"{"amount":12.0,"order":{"id":"A7"},"lines":[1,null],"paid":true}"#)
        let result = try check("eventually call(shop, \(condition))", builder)
        #expect(result.passed == isFound, "\(result.message)")
    }

    @Test(
        "answers, output and the end",
        arguments: [
            ("eventually ok(good)", true), ("eventually error(good)", false),
            ("eventually error(bad)", true), ("eventually status(bad, 5xx)", true),
            ("eventually status(500-504)", true), ("eventually status(good, 5xx)", false),
            ("eventually error(cut)", true), ("eventually ok(cut)", false),
            ("eventually result(cut)", true), ("eventually error(refused)", true),
            ("eventually result(hung)", false), ("eventually call(hung)", true),
            ("call(good) requires ok(good) after", true), ("eventually call(\"go*d\")", true),
            ("eventually output(\"refunded\")", true), ("eventually output(/^done$/)", true),
            ("eventually output(/refunded.*done/)", false), ("eventually exit", true),
            ("eventually exit(0)", true), ("eventually exit(1)", false),
            ("eventually exit(signal)", false), ("eventually exit(stopped)", false),
            ("never call after exit", true), ("never output('done') before ok(good)", true),
        ])
    func atoms(formula: String, holds: Bool) throws {
        var builder = TraceBuilder()
        builder.ask("good", "POST /good", kind: .tool)
        builder.ask("bad", "POST /bad", kind: .tool, status: 503)
        builder.ask("cut", "POST /cut", kind: .tool, ending: .reset)
        builder.ask("refused", "POST /x", kind: .tool, status: nil, ending: .unconnected)
        builder.ask("hung", "POST /x", kind: .tool, source: .miss, ending: .hang)
        let result = try check(formula, builder, output: "refunded 12\n\ndone")
        #expect(result.passed == holds, "\(result.message)")
    }

    @Test("a negated formula breaks where the formula holds")
    func negated() throws {
        let rule = try invariant(#"{"temporal":"eventually call(p)","negate":true}"#)
        let broken = rule.evaluate(TemporalTests.letters("ap").ended())
        #expect(!broken.passed)
        #expect(broken.witnesses == [ExchangeID(2)])
        #expect(broken.position == .end)
        #expect(rule.evaluate(TemporalTests.letters("aa").ended()).passed)
    }

    @Test("an error in a rule has the path and the place in the text")
    func refusal() throws {
        let error = try #require(throws: InvariantError.self) {
            try invariant(#"{"temporal":"never cal(x)"}"#)
        }
        #expect(error.path == "$.temporal")
        #expect(error.message.hasPrefix("line 1, column 7: unknown word `cal`"))
        #expect(error.message.hasSuffix("never cal(x)\n        ^^^"))
        let other = try #require(throws: InvariantError.self) { try invariant(#"{"temporal":5}"#) }
        #expect(other.path == "$.temporal")
    }
}
