import Judgement
import Testing

@Suite("Statistics")
struct StatisticsTests {
    /// All were computed a second time with 50 decimals.
    ///
    /// The first four are in table I of Newcombe, Statistics in Medicine 17 (1998), 857–872, with
    /// four decimals: 0.2553 0.3662, 0.0624 0.1605, 0 0.1611, 0.0061 0.1718.
    @Test(
        "Wilson's interval",
        arguments: [
            (81, 263, 255_288_520, 366_209_577), (15, 148, 62_386_400, 160_487_242),
            (0, 20, 0, 161_125_158), (1, 29, 6_113_214, 171_755_219),
            (0, 1, 0, 793_450_686), (1, 1, 206_549_314, 1_000_000_000),
            (10, 10, 722_467_200, 1_000_000_000), (9, 10, 595_849_973, 982_123_787),
            (19, 20, 763_868_807, 991_118_551), (999_999, 1_000_000, 999_994_335, 999_999_823),
            (500_000_000, 1_000_000_000, 499_969_010, 500_030_990),
            (1, 1_000_000_000_000, 0, 0), (0, Int.max, 0, 0),
            (Int.max, Int.max, 1_000_000_000, 1_000_000_000),
        ] as [(Int, Int, Int64, Int64)])
    func wilson(passed: Int, total: Int, lower: Int64, upper: Int64) throws {
        let interval = try #require(ShareInterval.wilson(passed: passed, total: total))
        #expect(interval.lower.billionths == lower)
        #expect(interval.upper.billionths == upper)
    }

    @Test("no run and impossible counts have no interval", arguments: [(0, 0), (3, 2), (-1, 5)])
    func noInterval(passed: Int, total: Int) {
        #expect(ShareInterval.wilson(passed: passed, total: total) == nil)
        #expect(PassShare(passed: 0, total: 0).share == nil)
    }

    @Test("an interval as percentages")
    func intervalText() {
        #expect(
            ShareInterval.wilson(passed: 81, total: 263)?.percentText() == "25.5 % to 36.6 %")
    }

    /// Published tables, and by hand twice the smaller tail.
    ///
    /// 12 and 2 are McNemar's table of Armitage and Berry (1994), p. 127: P = 0.0129; by hand
    /// 2 (1 + 14 + 91) / 2^14 = 53 / 4096. 7 and 1: 2 (1 + 8) / 2^8 = 9 / 128 (Fagerland,
    /// Lydersen, Laake, BMC Medical Research Methodology 13:91 (2013): 0.0703). 5 and 0: 2 / 2^5.
    /// 10 and 2: 2 (1 + 12 + 66) / 2^12. The large ones were computed with exact fractions, those
    /// beyond 20,000 with an incomplete beta function.
    @Test(
        "McNemar's exact test",
        arguments: [
            (12, 2, 12_939_453), (1, 7, 70_312_500), (5, 0, 62_500_000), (10, 2, 38_574_219),
            (7, 2, 179_687_500), (0, 6, 31_250_000), (0, 0, 1_000_000_000),
            (1, 0, 1_000_000_000), (3, 3, 1_000_000_000), (4, 5, 1_000_000_000),
            (144, 256, 23), (86, 150, 37_159), (500, 560, 69_909_559), (499, 501, 974_774_982),
            (1_000, 1_001, 1_000_000_000), (1_999, 2_100, 118_294_155),
            (5_000, 5_200, 48_787_963), (50_000, 50_500, 115_476_290),
            (1_000_000, 1_002_000, 157_714_453), (500_000_000, 500_030_000, 342_805_039),
            (0, 1_000_000, 0),
        ] as [(Int, Int, Int64)])
    func mcNemar(onlyA: Int, onlyB: Int, p: Int64) {
        let table = PairedTable(both: 3, onlyA: onlyA, onlyB: onlyB, neither: 1)
        #expect(table.p.billionths == p)
        let mirrored = PairedTable(both: 3, onlyA: onlyB, onlyB: onlyA, neither: 1)
        #expect(mirrored.p == table.p)
    }

    /// All were computed a second time with 50 decimals.
    ///
    /// The first is Fagerland's table of airway reactivity (Statistics in Medicine 33 (2014),
    /// 2850–2875): -0.507 to -0.026. The second is table 6.2 of Altman and others, "Statistics
    /// with Confidence" (2000).
    @Test(
        "the paired interval of Newcombe's method 10",
        arguments: [
            ([1, 7, 1, 12], -285_714_286, -506_920_227, -25_559_124),
            ([14, 0, 5, 22], 121_951_220, 11_483_241, 226_492_684),
            ([20, 2, 12, 16], 200_000_000, 56_156_425, 329_206_995),
            ([36, 2, 12, 0], 200_000_000, 56_929_584, 340_427_603),
            ([36, 0, 14, 0], 280_000_000, 152_839_518, 416_651_237),
            ([97, 0, 3, 0], 30_000_000, -11_933_313, 84_519_364),
            ([0, 0, 30, 0], 1_000_000_000, 839_467_820, 1_000_000_000),
            ([5, 0, 0, 5], 0, -166_593_157, 166_593_157),
            ([10, 0, 0, 0], 0, -277_532_800, 277_532_800),
            ([0, 0, 0, 1], 0, -793_450_686, 793_450_686),
            ([43, 0, 0, 11], 0, -52_714_246, 52_714_246),
            ([212, 256, 144, 707], -84_912_813, -114_191_533, -55_433_473),
            (
                [100_000_000, 3_000_000, 2_000_000, 500_000_000], -1_652_893, -1_660_135,
                -1_645_650
            ),
        ] as [([Int], Int64, Int64, Int64)])
    func newcombe(counts: [Int], difference: Int64, lower: Int64, upper: Int64) throws {
        let table = PairedTable(
            both: counts[0], onlyA: counts[1], onlyB: counts[2], neither: counts[3])
        #expect(table.difference?.decimal.billionths == difference)
        let interval = try #require(table.interval)
        #expect(interval.lower.billionths == lower)
        #expect(interval.upper.billionths == upper)
        // Seen from the other side it is the same.
        let mirrored = PairedTable(
            both: counts[0], onlyA: counts[2], onlyB: counts[1], neither: counts[3])
        #expect(mirrored.interval?.lower.billionths == -upper)
    }

    @Test("a table without pairs has no difference and no interval")
    func emptyTable() {
        let table = PairedTable(both: 0, onlyA: 0, onlyB: 0, neither: 0)
        #expect(table.difference == nil)
        #expect(table.interval == nil)
        #expect(table.p == .one)
    }
}
