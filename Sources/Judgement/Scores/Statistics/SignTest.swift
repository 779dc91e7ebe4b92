/// The exact two-sided sign test, which is McNemar's exact test too.
///
/// Were both sides alike, each pair that differs would favour either with probability one half
/// (Q. McNemar, Psychometrika 12 (1947); W. J. Dixon and A. M. Mood, Journal of the American
/// Statistical Association 41 (1946)). p is twice the smaller tail of the binomial distribution, at
/// most 1.
enum SignTest {
    /// Probabilities are counted in this many parts.
    private static let unit = DecimalText.power(27)
    /// 10^38 / π.
    private static let inversePi: Int128 = 31_830_988_618_379_067_153_776_752_674_502_872_406

    /// The p-value when so many pairs favour one side and so many the other.
    ///
    /// The terms between the tails are added, from the largest on: some √n of them matter, so that
    /// a million pairs cost no more than a few thousand steps. The error is below 10^-12. Counts
    /// are lengths of lists, far below the 10^11 beyond which the products would not fit.
    static func p(_ one: Int, _ other: Int) -> FixedDecimal {
        let fewer = Int128(min(one, other))
        let count = Int128(one) + Int128(other)
        guard fewer >= 0, count > 0 else { return .one }
        let half = count / 2
        var index = half
        var term = centre((count + 1) / 2)
        var middle: Int128 = 0
        while index > fewer, term > 0 {
            // The middle term of an even count stands alone, all others have a twin.
            middle += 2 * index == count ? term : 2 * term
            term = term * index / (count - index + 1)
            index -= 1
        }
        return FixedDecimal(billionths: max(0, unit - middle), over: unit / 1_000_000_000)
    }

    /// The largest term, C(2k, k) / 4^k.
    ///
    /// For an odd count 2k - 1 it is the same number: C(2k, k) = 2 C(2k - 1, k).
    private static func centre(_ k: Int128) -> Int128 {
        guard k > 1_000 else {
            return (0..<k).reduce(unit) { term, j in term * (2 * j + 1) / (2 * j + 2) }
        }
        // 1/√(πk) (1 - 1/8k + 1/128k² + 5/1024k³ - …); what follows is below 10^-15.
        let first = Fine.wholeRoot(inversePi / k) * 100_000_000
        return first - first / (8 * k) + first / (128 * k * k) + 5 * first / (1_024 * k * k * k)
    }
}
