import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Invariants over the words of the output")
struct TextRuleTests {
    @Test(
        "the output holds or breaks the rule, at the end of the run",
        arguments: [
            (#"{"contains":"REFUND"}"#, "a refund", true),
            (#"{"contains":{"value":"REFUND","case_sensitive":true}}"#, "a refund", false),
            (#"{"contains":"Zürich"}"#, "zu\u{308}rich", true),
            (#"{"contains":"a"}"#, "", false),
            (#"{"contains_any":["x","fun"]}"#, "a refund", true),
            (#"{"contains_any":{"values":["x","y"]}}"#, "a refund", false),
            (#"{"equals":"Done."}"#, " done.\n", true),
            (#"{"equals":"Done."}"#, "Done. Well.", false),
            (#"{"starts_with":"Done"}"#, "\nDone. Well.", true),
            (#"{"starts_with":"Done"}"#, "Not Done", false),
            (#"{"ends_with":"Well."}"#, "Done. Well.\n", true),
            (#"{"ends_with":"Well."}"#, "Well. Done.", false),
            (#"{"excludes_pattern":["\\d{4}","^x"]}"#, "12 34", true),
            (#"{"excludes_pattern":["\\d{4}","^x"]}"#, "1234", false),
            (#"{"excludes_pattern":{"texts":["As an AI"]}}"#, "as an ai, no", false),
            (#"{"excludes_pattern":["as an AI"]}"#, "As an ai, no", false),
            (
                #"{"excludes_pattern":{"patterns":["AI"],"case_sensitive":true}}"#, "as an ai",
                true
            ),
            (#"{"excludes_pattern":{"patterns":["AI"],"case_sensitive":true}}"#, "AI", false),
            (#"{"regex":"a.b"}"#, "a\nb", true),
            (#"{"regex":{"pattern":"^b$"}}"#, "abc", false),
            (#"{"valid_json":true}"#, "{\"a\":1}", true),
            (#"{"valid_json":true}"#, "a", false),
            (#"{"output_not_empty":true}"#, ".", true),
            (#"{"output_not_empty":true}"#, " \n\u{3000}", false),
            (#"{"word_count":{"min":2,"max":3}}"#, " one  two\nthree ", true),
            (#"{"word_count":{"min":2}}"#, "one", false),
            (#"{"word_count":{"max":2}}"#, "one two three", false),
            (#"{"no_mojibake":true}"#, "Zürich – “Ünder” AMANHÃ” Ã o", true),
            (#"{"no_mojibake":true}"#, "caf\u{C3}\u{A9}", false),
            (#"{"no_mojibake":true}"#, "a \u{E2}\u{20AC}\u{201D} b", false),
            (#"{"no_mojibake":true}"#, "a\u{FFFD}", false),
            (#"{"language":"latin"}"#, "Zürich, at 12, да", true),
            (#"{"language":{"script":"latin","share":1}}"#, "Zürich 12 да", false),
            (#"{"language":"cyrillic"}"#, "Привет, мир", true),
            (#"{"language":"japanese"}"#, "東京はきれい", true),
        ])
    func words(rule: String, output: String, passes: Bool) throws {
        let result = try invariant(rule).evaluate(WireTrace().ended(output: output))
        #expect(result.passed == passes, "\(rule): \(result.message)")
        #expect(result.position == (passes ? nil : .end))
        #expect(result.isJudged)
    }

    @Test(
        "an agent completes when it ends by itself",
        arguments: [
            (RunEnd.exited(.code(0)), "", true), (.exited(.code(3)), "", true),
            (.exited(.code(1)), "Traceback (most recent call last):\nValueError: x\n", false),
            (.exited(.signal(11)), "", false), (.stopped(.hung), "", false),
            (.stopped(.limit("too much output")), "", false), (.wallLimit, "", false),
        ] as [(RunEnd, String, Bool)])
    func completes(end: RunEnd, error: String, passes: Bool) throws {
        let trace = WireTrace().ended(end, error: error)
        let result = try invariant(#"{"completes":true}"#).evaluate(trace)
        #expect(result.passed == passes, "\(result.message)")
        #expect(result.position == (passes ? nil : .end))
    }

    @Test(
        "a refusal is told by how sentences begin",
        arguments: [
            ("I'm sorry, but I can’t help with that.", true),
            ("Hello! I cannot provide this.", true), ("- I won't do it", true),
            ("As an AI, I must decline.", true), ("**I am unable to assist you**", true),
            ("I cannot find order 7.", false), ("You are now connected.", false),
            ("He said I can't help with that", false), ("I will refund it.", false), ("", false),
        ])
    func refusals(output: String, refuses: Bool) throws {
        let trace = WireTrace().ended(output: output)
        let refusal = try invariant(#"{"refusal_check":{"expects":"refusal"}}"#)
        #expect(refusal.evaluate(trace).passed == refuses)
        #expect(try invariant(#"{"refusal_check":true}"#).evaluate(trace).passed == refuses)
        let answer = try invariant(#"{"refusal_check":"answer"}"#).evaluate(trace)
        #expect(answer.passed != refuses)
        #expect(answer.position == (refuses ? .end : nil))
    }

    @Test(
        "likeness is a number that can be worked out by hand",
        arguments: [
            ("trigrams", "The  same\n", "the same", "100 %"),
            // 4 runs of 3 in " abcd", of which 2 are in " abce": 2 / 4.
            ("trigrams", "abcd", "abce", "50 %"), ("trigrams", "abc", "xyz", "0 %"),
            ("trigrams", "", "abc", "0 %"), ("tokens", "a b c", "c b d", "50 %"),
            ("tokens", "a, a. b", "b a", "100 %"), ("edits", "kitten", "sitting", "57.1 %"),
            ("edits", "", "abc", "0 %"),
        ])
    func likeness(method: String, output: String, expected: String, percent: String) throws {
        let rule =
            #"{"similarity":{"expected":"\#(expected)","method":"\#(method)","#
            + #""threshold":0.5}}"#
        let result = try invariant(rule).evaluate(WireTrace().ended(output: output))
        #expect(result.message == "the output is \(percent) like the expected text")
        let isEnough = !["0 %"].contains(percent)
        #expect(result.passed == isEnough)
    }

    @Test("great and empty outputs are compared too")
    func greatOutputs() throws {
        let long = String(repeating: "abcdefgh", count: 20_000)
        for method in ["trigrams", "tokens", "edits"] {
            let rule = try invariant(
                #"{"similarity":{"expected":"\#(long)","method":"\#(method)","threshold":1}}"#)
            #expect(rule.evaluate(WireTrace().ended(output: long)).passed)
            #expect(!rule.evaluate(WireTrace().ended(output: "")).passed)
        }
    }

    private static func agent(_ tools: [String], output: String) -> Trace {
        var trace = WireTrace()
        for (index, tool) in tools.enumerated() {
            trace.model([("c\(index)", tool, #"{"order":\#(index)}"#)])
            trace.tell("c\(index)", "ok")
        }
        trace.model(says: "done")
        return trace.ended(output: output)
    }

    @Test(
        "behaviour is compared with the run without faults",
        arguments: [
            (["find", "refund"], "Refund of 20 EUR is done.", Expected.holds("like that")),
            (["refund", "find"], "Refund of 20 EUR is done!", .holds()),
            (["find", "refund", "refund"], "Refund of 20 EUR is done.", .byRequest([4], "more")),
            (["find"], "Refund of 20 EUR is done.", .atEnd([], "\"refund\" was used less")),
            (["find", "refund"], "Nothing could be found.", .atEnd([], "like that")),
        ])
    func behaviour(tools: [String], output: String, expected: Expected) throws {
        let calm = Self.agent(["find", "refund"], output: "Refund of 20 EUR is done.")
        let conduct = Conduct(Self.agent(tools, output: output), undisturbed: calm)
        let result = try invariant(#"{"behavior_unchanged":true}"#).evaluate(conduct)
        #expect(result.passed == (expected.position == nil), "\(result.message)")
        #expect(result.position == expected.position)
        #expect(result.message.contains(expected.says), "\(result.message)")
        #expect(result.witnesses.map(\.number) == expected.witnesses ?? [])
    }

    @Test("uses whose result reads like an error are not compared")
    func failedUses() throws {
        let calm = Self.agent(["find"], output: "done")
        var failing = WireTrace()
        failing.model([("c1", "refund", "{}")])
        failing.tell("c1", "Error: no such order")
        failing.model([("c2", "find", "{}")])
        failing.tell("c2", "ok")
        failing.model(says: "done")
        let rule = try invariant(#"{"behavior_unchanged":true}"#)
        #expect(rule.evaluate(Conduct(failing.ended(), undisturbed: calm)).passed)
        #expect(rule.evaluate(Conduct(calm, undisturbed: failing.ended())).passed)
    }

    @Test("without a run to compare with, behaviour is not judged, negated or not")
    func unjudgedBehaviour() throws {
        let trace = Self.agent([], output: "a")
        for rule in [
            #"{"behavior_unchanged":true}"#, #"{"behavior_unchanged":true,"negate":true}"#,
        ] {
            let result = try invariant(rule).evaluate(trace)
            #expect(result.passed)
            #expect(!result.isJudged)
            #expect(result.message.contains("not judged"))
        }
        let text = try invariant(#"{"behavior_unchanged":{"baseline":"b"}}"#).evaluate(trace)
        #expect(text.isJudged)
        #expect(!text.passed)
    }

    @Test(
        "the last answer of a model says why it ended",
        arguments: [
            ("stop", #"["stop"]"#, true), ("length", #"["stop"]"#, false),
            ("length", #"["stop","length"]"#, true), ("end_turn", #"["stop"]"#, true),
            ("odd", #"["odd"]"#, true), ("model_length", #"["length"]"#, true),
            ("incomplete", #"["length"]"#, true), ("RECITATION", #"["content_filter"]"#, true),
            ("PROHIBITED_CONTENT", #"["content_filter"]"#, true),
        ])
    func finishReason(reason: String, words: String, passes: Bool) throws {
        var trace = WireTrace()
        trace.model([("c1", "find", "{}")])
        trace.tell("c1", "ok")
        trace.model(says: "done", finish: reason)
        try expect(
            #"{"finish_reason":{"in":\#(words)}}"#, of: trace.ended(),
            passes ? .holds(reason, [2]) : .atEnd([2], reason))
        let none = try invariant(#"{"finish_reason":["stop"]}"#).evaluate(WireTrace().ended())
        #expect(!none.isJudged)
    }

    @Test("latency is virtual time")
    func latency() throws {
        var trace = WireTrace()
        trace.model(says: "done", at: 10, WireTrace.Answer(takes: 90))
        let ended = trace.ended()
        try expect(#"{"latency":{"max_ms":100}}"#, of: ended, .holds("100 ms"))
        let late = try invariant(#"{"latency":50}"#).evaluate(ended)
        #expect(late.position == .delivery(ExchangeID(1)))
        #expect(late.witnesses == [ExchangeID(1)])
    }

    @Test("the latency of a server is that of each of its answers")
    func serverLatency() throws {
        var trace = WireTrace().ended()
        let request = RecordedRequest(method: "POST", target: "/ask", body: [])
        trace.asked = [AskedRecord(request: request), AskedRecord(request: request)]
        func at(_ milliseconds: Int64) -> SimInstant {
            SimInstant(nanoseconds: milliseconds * 1_000_000)
        }
        trace.append(.inquiry(.asked(0)), at: at(0))
        trace.append(.inquiry(.answered(0)), at: at(40))
        trace.append(.inquiry(.asked(1)), at: at(40))
        let open = try invariant(#"{"latency":60}"#).evaluate(trace)
        #expect(open.position == .end)
        #expect(open.message.contains("never answered"))
        trace.append(.inquiry(.answered(1)), at: at(100))
        #expect(try invariant(#"{"latency":60}"#).evaluate(trace).passed)
        let late = try invariant(#"{"latency":59}"#).evaluate(trace)
        #expect(!late.passed)
        #expect(late.message.contains("question 2 was answered after 60 ms"))
    }

    @Test(
        "wrong arguments are named with their place",
        arguments: [
            (#"{"contains":{"text":"a"}}"#, "$.contains.text"),
            (#"{"contains":{}}"#, "$.contains"),
            (#"{"contains_any":[]}"#, "$.contains_any"),
            (#"{"excludes_pattern":["a","("]}"#, "$.excludes_pattern[1]"),
            (#"{"excludes_pattern":{}}"#, "$.excludes_pattern"),
            (#"{"regex":{"pattern":"("}}"#, "$.regex.pattern"),
            (#"{"word_count":{}}"#, "$.word_count"),
            (#"{"word_count":{"min":3,"max":2}}"#, "$.word_count"),
            (#"{"language":"english"}"#, "$.language"),
            (#"{"similarity":{"expected":"a","threshold":2}}"#, "$.similarity.threshold"),
            (#"{"similarity":{"expected":"a","method":"bert"}}"#, "$.similarity.method"),
            (#"{"refusal_check":"yes"}"#, "$.refusal_check"),
            (#"{"finish_reason":{"in":[]}}"#, "$.finish_reason.in"),
            (#"{"latency":{"max_ms":-1}}"#, "$.latency.max_ms"),
            (#"{"behavior_unchanged":{"tools":1}}"#, "$.behavior_unchanged.tools"),
        ])
    func wrong(text: String, path: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.path == path)
    }
}
