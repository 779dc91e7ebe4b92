/// How often a plan has to pass before a version counts as good, when the failure does not show
/// in every run.
///
/// A version that fails with probability p passes n times with (1-p)^n; n is the smallest number
/// for which that is at most 1 %.
public struct Repetition: Hashable, Sendable {
    /// How often the plan failed at the bad version.
    public let failures: Int
    /// How often it was run there.
    public let runs: Int

    /// More runs than this are not made of one version.
    public static let neededMax = 200

    /// Creates an estimate; there are no more failures than runs.
    public init(failures: Int, of runs: Int) {
        self.runs = max(0, runs)
        self.failures = min(max(0, failures), self.runs)
    }

    /// How many runs have to pass.
    ///
    /// The estimate of 1-p counts one passing run more than there was: ten failures in ten runs
    /// do not prove that it never passes. Rounding only ever makes more runs.
    public var needed: Int {
        let unit: UInt64 = 1 << 31
        let whole = UInt64(runs) + 1
        let passes = whole - UInt64(failures)
        let share = (passes * unit + whole - 1) / whole
        var left = unit
        var count = 0
        while left * 100 > unit, count < Repetition.neededMax {
            left = (left * share + unit - 1) / unit
            count += 1
        }
        return count
    }
}
