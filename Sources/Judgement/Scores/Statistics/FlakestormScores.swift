/// The formulas of flakestorm, so that its users find their numbers again on the same table.
///
/// Source: `core/orchestrator.py`, `contracts/matrix.py`, `core/config.py` and `cli/main.py` of
/// flakestorm 2 (April 2026). They keep its answers for empty tables, such as 100 % for no cell;
/// our own gate is `Contract`, for which an empty matrix is an error.
public enum FlakestormScores {
    /// R = Σ weight of the passed mutations / Σ weight of all; 0 for no mutation.
    ///
    /// From `_calculate_statistics`. A weight below zero counts as zero. The sums are exact where
    /// flakestorm adds floating point: all of its four printed decimals agree, unless the fifth and
    /// all that follow are exactly a half.
    public static func robustness(
        _ results: [(weight: FixedDecimal, passed: Bool)]
    ) -> FixedDecimal {
        let total = weight(results.map(\.weight))
        let passed = weight(results.filter(\.passed).map(\.weight))
        guard total > 0 else { return .zero }
        return FixedDecimal(billionths: passed * 1_000_000_000, over: total)
    }

    /// 100 · Σ severity weight of the cells that passed / Σ of all; 100 for no cell.
    ///
    /// From `ResilienceMatrix.resilience_score`, rounded to two decimals. The severities weigh 3,
    /// 2, 1 and 1. The number is that of its Python code on every table: 23 of 160 is 14.37,
    /// because floating point falls short of 14.375.
    public static func resilience(
        _ cells: [(severity: Severity, passed: Bool)]
    ) -> FixedDecimal {
        let total = cells.reduce(0) { $0 + $1.severity.weight }
        let passed = cells.reduce(0) { $0 + ($1.passed ? $1.severity.weight : 0) }
        guard total > 0 else { return FixedDecimal(billionths: 100_000_000_000) }
        let hundredths = PythonRounding.hundredthsOfPercent(passed, of: total)
        return FixedDecimal(billionths: Int64(clamping: hundredths) * 10_000_000)
    }

    /// Whether a critical cell failed, which fails the contract whatever the score.
    ///
    /// From `ResilienceMatrix.add_result`; all other cells never fail it.
    public static func failsCriticalGate(_ cells: [(severity: Severity, passed: Bool)]) -> Bool {
        cells.contains { $0.severity == .critical && !$0.passed }
    }

    /// Σ score · weight / Σ weight over the phases that ran; 1 when the weights sum to zero.
    ///
    /// From `ci`: the weights of absent phases do not count. The contract's score enters as a
    /// share.
    public static func overall(
        _ phases: [(score: FixedDecimal, weight: FixedDecimal)]
    ) -> FixedDecimal {
        let total = weight(phases.map(\.weight))
        guard total > 0 else { return .one }
        let sum = phases.reduce(Int128(0)) { sum, phase in
            sum + Int128(phase.score.billionths) * Int128(max(0, phase.weight.billionths))
        }
        return FixedDecimal(billionths: sum, over: total)
    }

    /// The weights of the phases: mutation, chaos, contract, replay (`ScoringConfig`).
    public static let phaseWeights: [(phase: String, weight: FixedDecimal)] = [
        ("mutation", FixedDecimal(billionths: 200_000_000)),
        ("chaos", FixedDecimal(billionths: 350_000_000)),
        ("contract", FixedDecimal(billionths: 350_000_000)),
        ("replay", FixedDecimal(billionths: 100_000_000)),
    ]

    /// Whether `ci` ends with 0.
    ///
    /// Every phase and the overall score reach the minimum, and no critical cell failed.
    public static func passes(
        phases: [FixedDecimal], overall: FixedDecimal, failsCriticalGate: Bool,
        minimum: FixedDecimal
    ) -> Bool {
        !failsCriticalGate && overall >= minimum && phases.allSatisfy { $0 >= minimum }
    }

    /// The value at `int(percent / 100 · (n - 1))` of the sorted list; nil for an empty one.
    ///
    /// From `percentile` in `_calculate_statistics`, which says 0 of an empty list.
    /// The index is rounded down: the 99th percentile of up to 100 values is never the largest.
    /// For 50, 90, 95 and 99 its floating point gives the same index (checked to 2,000,000).
    public static func flooredPercentile<Value: Comparable>(
        _ percent: Int, of values: [Value]
    ) -> Value? {
        guard !values.isEmpty else { return nil }
        let share = Int128(min(max(percent, 0), 100))
        return values.sorted()[Int(share * Int128(values.count - 1) / 100)]
    }

    private static func weight(_ weights: [FixedDecimal]) -> Int128 {
        weights.reduce(0) { $0 + Int128(max(0, $1.billionths)) }
    }
}

/// What Python makes of `round(a / b * 100.0, 2)`, in whole numbers.
enum PythonRounding {
    /// The result in hundredths, for 0 <= part <= whole and whole > 0.
    static func hundredthsOfPercent(_ part: Int, of whole: Int) -> Int128 {
        guard part > 0, whole > 0 else { return 0 }
        guard part < whole else { return 10_000 }
        // The quotient has 53 bits: it is `quotient / 2^shift`.
        var shift = 0
        while (Int128(part) << shift) / Int128(whole) < 1 << 52 { shift += 1 }
        let quotient = DecimalText.roundedQuotient(Int128(part) << shift, Int128(whole))
        // Times 100 it has up to seven more, of which 53 are kept.
        let exact = quotient * 100
        var cut = 0
        while exact >> cut >= 1 << 53 { cut += 1 }
        let product = DecimalText.roundedQuotient(exact, 1 << cut) << cut
        return DecimalText.roundedQuotient(product * 100, 1 << shift)
    }
}
