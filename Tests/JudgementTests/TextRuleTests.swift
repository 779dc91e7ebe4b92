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
            (#"{"contains":{"value":"REFUND","case_sensitive":true}}"#, "a refund", false),
            (#"{"contains":"Zürich"}"#, "zu\u{308}rich", true),
            (#"{"contains":"a"}"#, "", false),
            (#"{"excludes_pattern":{"texts":["As an AI"]}}"#, "as an ai, no", false),
            (#"{"excludes_pattern":["as an AI"]}"#, "As an ai, no", false),
            (
                #"{"excludes_pattern":{"patterns":["AI"],"case_sensitive":true}}"#, "as an ai",
                true
            ),
            (#"{"excludes_pattern":{"patterns":["AI"],"case_sensitive":true}}"#, "AI", false),
            (#"{"regex":{"pattern":"^b$"}}"#, "abc", false),
            (#"{"word_count":{"min":2}}"#, "one", false),
            (#"{"word_count":{"max":2}}"#, "one two three", false),
            (#"{"no_mojibake":true}"#, "a \u{E2}\u{20AC}\u{201D} b", false),
            (#"{"no_mojibake":true}"#, "a\u{FFFD}", false),
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
            (RunEnd.exited(.code(3)), "", true),
            (.exited(.code(1)), "Traceback (most recent call last):\nValueError: x\n", false),
            (.stopped(.hung), "", false),
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

    static func agent(_ tools: [String], output: String) -> Trace {
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
            (["refund", "find"], "Refund of 20 EUR is done!", Expected.holds()),
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
            ("length", #"["stop","length"]"#, true), ("end_turn", #"["stop"]"#, true),
            ("odd", #"["odd"]"#, true), ("model_length", #"["length"]"#, true),
            ("incomplete", #"["length"]"#, true), ("RECITATION", #"["content_filter"]"#, true),
            ("PROHIBITED_CONTENT", #"["content_filter"]"#, true),
        ])
    func finishReason(reason: String, words: String, passes: Bool) throws {
        try expect(
            #"{"finish_reason":{"in":\#(words)}}"#, of: Self.finished(reason),
            passes ? .holds(reason, [2]) : .atEnd([2], reason))
        let none = try invariant(#"{"finish_reason":["stop"]}"#).evaluate(WireTrace().ended())
        #expect(!none.isJudged)
    }

    /// A tool is used, and the answer of the model after it ends for this reason.
    static func finished(_ reason: String) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", "find", "{}")])
        trace.tell("c1", "ok")
        trace.model(says: "done", finish: reason)
        return trace.ended()
    }

    /// A model is asked after 10 milliseconds, and its answer takes so many.
    static func taking(_ milliseconds: Int64) -> Trace {
        var trace = WireTrace()
        trace.model(says: "done", at: 10, WireTrace.Answer(takes: milliseconds))
        return trace.ended()
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
