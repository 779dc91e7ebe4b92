import Determinism
import Judgement
import Testing

@Suite("Numbers of scores")
struct ScoreNumberTests {
    @Test(
        "decimals round half to even, and what rounds to zero has no sign",
        arguments: [
            // 0.125 and 0.375 lie in the middle of two neighbours: the even one is taken.
            (125_000_000, 2, "0.12"), (375_000_000, 2, "0.38"), (-125_000_000, 2, "-0.12"),
            (125_000_001, 2, "0.13"), (500_000_000, 0, "0"), (1_500_000_000, 0, "2"),
            (2_500_000_000, 0, "2"), (-400_000_000, 0, "0"), (999_999_999, 8, "1.00000000"),
            (999_999_999, 9, "0.999999999"), (-1, 9, "-0.000000001"), (0, 3, "0.000"),
            (1, 30, "0.000000001"), (1, -3, "0"),
            (Int64.max, 2, "9223372036.85"), (Int64.min, 9, "-9223372036.854775808"),
        ])
    func rounding(billionths: Int64, decimals: Int, text: String) {
        #expect(FixedDecimal(billionths: billionths).text(decimals: decimals) == text)
    }

    @Test(
        "decimals are read exactly, or not at all",
        arguments: [
            ("0.35", 350_000_000), ("1", 1_000_000_000), ("-1.5", -1_500_000_000),
            ("0.000000001", 1), ("9223372036.854775807", Int64.max), ("0.0000000001", nil),
            ("9223372036.854775808", nil), ("99999999999999999999", nil), ("", nil), (".5", nil),
            ("1.", nil), ("+1", nil), ("--1", nil), ("1.2.3", nil), ("1e3", nil), ("٣", nil),
        ] as [(String, Int64?)])
    func reading(text: String, billionths: Int64?) {
        #expect(FixedDecimal(text: text)?.billionths == billionths)
    }

    @Test("a decimal is described without the zeros at its end")
    func description() {
        #expect(FixedDecimal(billionths: 500_000_000).description == "0.5")
        #expect(FixedDecimal.one.description == "1")
        #expect(FixedDecimal(billionths: 10_000_000_000).description == "10")
        #expect(FixedDecimal(billionths: 255_288_520).percentText() == "25.5 %")
    }

    @Test("fractions are reduced, and compared exactly")
    func fractions() throws {
        let fraction = try #require(Fraction(6, 8))
        #expect(fraction.description == "3/4")
        #expect(Fraction(0, 5)?.description == "0")
        #expect(Fraction(-5, 10)?.description == "-1/2")
        #expect(Fraction(1, 0) == nil)
        #expect(Fraction(1, -2) == nil)
        #expect(Fraction(.min, .max)?.text(decimals: 2) == "-1.00")
        let (small, large) = (Fraction(.max - 1, .max), Fraction(1, 1))
        #expect(try #require(small) < #require(large))
        #expect(fraction == Ratio(3, 4).map { Fraction($0) })
        #expect(Fraction(2, 3)?.decimal.billionths == 666_666_667)
    }

    @Test(
        "only what is whole reads as 100 %, and only what is nothing as 0 %",
        arguments: [
            (1_999, 2_000, "99.9 %"), (2_000, 2_000, "100.0 %"), (1, 10_000, "0.1 %"),
            (0, 10_000, "0.0 %"), (7, 8, "87.5 %"), (1, 3, "33.3 %"),
            (Int.max - 1, Int.max, "99.9 %"),
        ])
    func honestPercentages(passed: Int, total: Int, text: String) {
        #expect(Fraction(passed, total)?.percentText() == text)
    }
}
