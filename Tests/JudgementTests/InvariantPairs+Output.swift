import Cassette
import Judgement
import Simulation

extension InvariantPairs {
    static let ends = [
        InvariantPair(
            #"{"exit_code":0}"#, keeps: WireTrace().ended(),
            breaks: WireTrace().ended(.exited(.code(1))), .atEnd([], "exited with code 1")),
        InvariantPair(
            #"{"completes":true}"#, keeps: WireTrace().ended(),
            breaks: WireTrace().ended(.exited(.signal(11))), .atEnd([], "signal 11"),
            verdict: .crashed),
        InvariantPair(
            #"{"completes_after_faults":true}"#,
            keeps: RecoveryRuleTests.failing(1).ended(output: "done"),
            breaks: RecoveryRuleTests.failing(1).ended(output: " \n"),
            .atEnd([1], "said nothing")),
        InvariantPair(
            #"{"user_informed":true}"#,
            keeps: RecoveryRuleTests.undone("I couldn\u{2019}t look it up."),
            breaks: RecoveryRuleTests.undone("All is well."),
            .atEnd([2], "GET /a (exchange 2) got no whole answer")),
        InvariantPair(
            #"{"graceful_error":true}"#,
            keeps: WireTrace().ended(
                .exited(.code(1)), output: "The shop did not answer. Error 503."),
            breaks: WireTrace().ended(
                .exited(.code(1)), output: "oh\n    at run (agent.js:3:7)"),
            .atEnd([], "`    at run (agent.js:3:7)`")),
        InvariantPair(
            #"{"finish_reason":{"in":["stop"]}}"#, keeps: TextRuleTests.finished("stop"),
            breaks: TextRuleTests.finished("length"), .atEnd([2], "length")),
    ]

    static let words: [InvariantPair] = [
        .says(
            #"{"output_matches":"refund(ed)? \\d+"}"#, keeps: "a refunded 12", breaks: "a refund",
            "no match of /refund(ed)? \\d+/"),
        .says(#"{"output_not_matches":"(?i)error"}"#, keeps: "all well", breaks: "ERROR", ""),
        .says(#"{"output_json":true}"#, keeps: " {\"a\": 1}\n", breaks: "{'a': 1}", "JSON"),
        .says(
            #"{"output_json_schema":{"type":"object"}}"#, keeps: "{}", breaks: "[]", "object"),
        .says(#"{"contains":"REFUND"}"#, keeps: "a refund", breaks: "a letter", "REFUND"),
        .says(#"{"contains_any":["x","fun"]}"#, keeps: "a refund", breaks: "a letter", ""),
        .says(#"{"equals":"Done."}"#, keeps: " done.\n", breaks: "Done. Well.", ""),
        .says(#"{"starts_with":"Done"}"#, keeps: "\nDone. Well.", breaks: "Not Done", ""),
        .says(#"{"ends_with":"Well."}"#, keeps: "Done. Well.\n", breaks: "Well. Done.", ""),
        .says(
            #"{"excludes_pattern":["\\d{4}","^x"]}"#, keeps: "12 34", breaks: "1234",
            "the output matches /"),
        .says(#"{"regex":"a.b"}"#, keeps: "a\nb", breaks: "ab", ""),
        .says(#"{"valid_json":true}"#, keeps: "{\"a\":1}", breaks: "a", "JSON"),
        .says(#"{"output_not_empty":true}"#, keeps: ".", breaks: " \n\u{3000}", ""),
        .says(
            #"{"word_count":{"min":2,"max":3}}"#, keeps: " one  two\nthree ",
            breaks: "one two three four", "4"),
        .says(
            #"{"no_mojibake":true}"#, keeps: "Zürich – “Ünder” AMANHÃ” Ã o",
            breaks: "caf\u{C3}\u{A9}", ""),
        .says(
            #"{"language":"latin"}"#, keeps: "Zürich, at 12, да", breaks: "Привет, мир", "latin"),
        .says(
            #"{"refusal_check":"answer"}"#, keeps: "I will refund it.",
            breaks: "I'm sorry, but I can’t help with that.", ""),
    ]

    static let likeness = [
        InvariantPair.says(
            #"{"similarity":{"expected":"the same"}}"#, keeps: "The  same\n", breaks: "xyz",
            "the output is 0 % like the expected text"),
        InvariantPair(
            #"{"behavior_unchanged":true}"#, keeps: compared(["find", "refund"]),
            breaks: compared(["find", "refund", "refund"]), .byRequest([4], "more")),
    ]

    private static func compared(_ tools: [String]) -> InvariantPair.Scene {
        let says = "Refund of 20 EUR is done."
        return InvariantPair.Scene(
            trace: TextRuleTests.agent(tools, output: says),
            undisturbed: TextRuleTests.agent(["find", "refund"], output: says))
    }

    static let judges = [
        InvariantPair(
            JudgeRuleTests.rule, keeps: judged([Judged.words("PASS Order 7 is named.")]),
            breaks: judged([Judged.words("FAIL No order is named.")]),
            .atEnd([1], "small: No order is named.")),
        InvariantPair(
            MeaningRuleTests.rule, keeps: judged(["[1,0]", "[1,0]"].map(Judged.vector)),
            breaks: judged(["[1,0]", "[0,1]"].map(Judged.vector)),
            .atEnd([1], "the output means 0 % the same as the text, by e")),
    ]

    private static func judged(_ answers: [String]) -> InvariantPair.Scene {
        InvariantPair.Scene(trace: Judged(JudgeRuleTests.rule).trace, answers: answers)
    }
}
