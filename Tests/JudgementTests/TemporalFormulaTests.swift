import Determinism
import Judgement
import Testing

@Suite("Temporal formulas as text")
struct TemporalFormulaTests {
    @Test(
        "what the language has is read",
        arguments: [
            #"never call("POST /refund") before ok("GET /identity/*")"#,
            #"always (fault("rate-limit-*") -> within 60s ok(openai))"#,
            "never (status(openai, 429) and ok)",
            "call(pay, amount = $a) requires result(quote, amount = $a) before",
            "call(pay) requires ok(pay) after within 3 steps",
            "after 3 error(search) never call(search) within 30s",
            "after fault (eventually ok)", #"eventually output("refunded")"#,
            "not call(a) until ok(b)", "not call(a) unless ok(b)",
            #"at most 1 call("POST /charge")"#, "at most 1 call(charge, key = $k) within 2min",
            "at least 2 call(search) and exactly 1 exit", "(eventually ok) -> (eventually exit(0))",
            "never ask(openai, model = 'gpt-4') after error within 500 ms",
            "eventually wants(refund, amount >= 100, order.id != \"x\", reason = /late|lost/)",
            "never says(/as an ai/)", "never status(5xx) within 1 step",
            "never status(openai, 500-504)", "never fault(status, openai)",
            "eventually exit(signal) or eventually exit(stopped)", "always (true or false)",
            "never call(\"/v1/refunds\", '/a~1b' = null)", "within 60s (ok and not error)",
            "never call(get_*, x = -1.5e3)", "call(a) requires call(b) before -> eventually exit",
            "call(a) before call(b) -> eventually exit", "never call(p) within 100000000min",
        ])
    func valid(text: String) throws {
        let formula = try TemporalFormula(parsing: "  \(text)\n ")
        #expect(formula.text == text)
    }

    @Test(
        "what cannot be read is shown with its column",
        arguments: [
            ("", 1, "expected an atom"),
            ("never cal(x)", 7, "did you mean `call`"),
            ("never call(x) within 100000001min", 22, "a span is at most"),
            ("within 3s ok -> eventually exit", 14, "two ways"),
            ("after ok never call(x) -> eventually exit", 24, "two ways"),
            ("nevr call(x)", 1, "did you mean `never`"),
            ("never call(x", 13, "expected `,` or `)`, found the end"),
            ("never (call(x)", 15, "expected `)`"),
            ("never call(x) ok(y)", 15, "expected an operator"),
            ("never call(x) && ok(y)", 15, "write `and`"),
            ("!call(x)", 1, "write `not`"),
            ("never fault(rate-limt-429)", 13, "did you mean `rate-limit-429`"),
            ("never fault(\"nothing-*\")", 13, "no fault or family"),
            ("never status(openai)", 13, "needs a status"),
            ("never status(openai, 4y)", 22, "expected a status"),
            ("never status(6xx, 6xx)", 19, "expected a status"),
            ("never output", 13, "needs a text"),
            ("never output(x)", 14, "a text in quotes"),
            ("never output(/(/)", 14, "not a regular expression"),
            ("never call(/v1/x)", 12, "the name of an upstream or tool, or a route"),
            ("never call (x)", 12, "without a space"),
            ("never call(\"x)", 12, "no closing \""),
            ("never call(\"\\q\")", 13, "a backslash"),
            ("never call(x, y)", 15, "expected a condition"),
            ("never call(x, y = z)", 19, "put a text in quotes"),
            ("never call(x, y < \"5\")", 19, "expected a number"),
            ("never call(x, y != $a)", 17, "bound with `=`"),
            ("never fault(status, openai, x)", 29, "expected `)`"),
            ("never status(openai, x = 5)", 22, "takes no conditions"),
            ("never exit(zero)", 12, "an exit code"),
            ("never call(x) within 5", 22, "whole number with"),
            ("never call(x) within 1.5s", 22, "whole number with"),
            ("never call(x) within 9999999999s", 22, "at most"),
            ("never call(x) within soon", 22, "a span such as"),
            ("at 3 call(x)", 4, "`most` or `least`"),
            ("at most call(x)", 9, "a whole number"),
            ("after 0 call(x) never ok", 7, "from 1"),
            ("call(x) requires ok(y)", 23, "`before` or `after`"),
            ("never call(x) before ok(y) within 5s", 28, "`before` takes no window"),
            ("never (eventually call(x)) before ok(y)", 8, "takes an event"),
            ("call(x) requires (eventually ok(x)) after", 19, "takes an event"),
            ("always call(x) -> eventually ok(x)", 8, "with one atom"),
            ("never call(x) -> eventually ok(x)", 15, "two ways"),
            ("call(x)", 1, "first moment only"),
            ("never call(x) or ok(y)", 18, "first moment only"),
            ("after call(x) ok(y)", 15, "first moment only"),
            ("never call(x, a = $a)", 7, "cannot stand here"),
            ("call(x, a = $a) requires ok(y) before", 1, "one side"),
            ("call(x) requires ok(y, b = $b) before", 18, "one side"),
            ("at least 2 call(x, a = $a)", 12, "`at most` can count"),
            ("at most 2 (call(x, a = $a) or ok)", 12, "stands alone"),
            ("after call(x, a = $a) never ok", 7, "cannot stand here"),
            ("never call($)", 12, "needs a name"),
            ("never call(x) ; ok", 15, "means nothing here"),
        ])
    func invalid(text: String, column: Int, says: String) throws {
        let error = try #require(throws: TemporalError.self) {
            try TemporalFormula(parsing: text)
        }
        #expect(error.column == column, "\(error)")
        #expect(error.message.contains(says), "\(error)")
    }

    @Test("a caret stands under the place")
    func caret() throws {
        let error = try #require(throws: TemporalError.self) {
            try TemporalFormula(parsing: "never call(x)\n  and nevr ok(y)")
        }
        #expect(error.line == 2)
        #expect(
            error.description.hasSuffix(
                """

                    and nevr ok(y)
                        ^^^^
                """))
        #expect(error.description.hasPrefix("line 2, column 7: unknown word `nevr`; did you mean"))
    }

    @Test("of a long line only the surroundings are shown")
    func longLine() throws {
        let text = String(repeating: "never ok and ", count: 100) + "nevr ok"
        let error = try #require(throws: TemporalError.self) {
            try TemporalFormula(parsing: text)
        }
        #expect(error.column == 1_301)
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.dropFirst().allSatisfy { $0.count <= 110 })
    }

    @Test("length and depth are bounded")
    func bounds() throws {
        for text in [
            String(repeating: "(", count: 3_000), String(repeating: "not ", count: 1_000) + "ok",
            String(repeating: "never ok and ", count: 400) + "never ok",
            String(repeating: "always not ", count: 100) + "ok",
            String(repeating: "ok -> ", count: 600) + "ok",
        ] {
            let error = try #require(throws: TemporalError.self) {
                try TemporalFormula(parsing: text)
            }
            #expect(error.code == .tooLarge, "\(error)")
        }
    }

    @Test("text that was cut or changed anywhere is read or refused, and never more")
    func hostile() {
        let text = Array(
            #"always (call(pay, a.b = $a) requires result("q/*", a = $a) after within 3 steps)"#
                .unicodeScalars)
        for place in text.indices {
            for piece in ["", "\"", "/", "(", "\u{202E}", "$", "\\", "9", "\u{0}", "é"] {
                var changed = String.UnicodeScalarView(text[..<place])
                changed.append(contentsOf: piece.unicodeScalars)
                if place % 2 == 0 { changed.append(contentsOf: text[(place + 1)...]) }
                let formula = try? TemporalFormula(parsing: String(changed))
                #expect(formula == nil || formula?.text.isEmpty == false)
            }
        }
    }
}
