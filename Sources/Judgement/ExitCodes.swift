public import Determinism

/// How much a storm may lose before its exit code says so.
public struct Tolerance: Hashable, Sendable {
    /// The least share of valid runs that must not be violated, hung or crashed.
    public var minPass: Ratio
    /// How many runs may be off-tape or rest on assumed answers.
    public var maxOffTape: Int

    /// Creates a tolerance; by default nothing is tolerated.
    public init(minPass: Ratio = .always, maxOffTape: Int = 0) {
        self.minPass = minPass
        self.maxOffTape = maxOffTape
    }
}

/// The exit codes that verdicts lead to.
public enum ExitCodes {
    /// All is well.
    public static let passed: Int32 = 0
    /// Violated, hung or crashed.
    public static let failed: Int32 = 1
    /// Off-tape or assumed.
    public static let offTape: Int32 = 3
    /// Nondeterministic.
    public static let nondeterministic: Int32 = 4
    /// Nothing valid ran.
    public static let nothingValid: Int32 = 5

    /// The exit code of one run.
    public static func of(_ verdict: Verdict, tolerance: Tolerance = Tolerance()) -> Int32 {
        of([verdict], tolerance: tolerance)
    }

    /// The exit code of a storm: 4 before 1 before 3; 5 when no run was valid.
    public static func of(_ verdicts: [Verdict], tolerance: Tolerance = Tolerance()) -> Int32 {
        if verdicts.contains(.nondeterministic) { return nondeterministic }
        let valid = verdicts.filter { $0 != .invalid }
        guard !valid.isEmpty else { return nothingValid }
        let standing = valid.count { !$0.isFailure }
        let wanted = UInt64(valid.count) * UInt64(tolerance.minPass.numerator)
        if UInt64(standing) * UInt64(tolerance.minPass.denominator) < wanted { return failed }
        if valid.count(where: \.isOffTape) > tolerance.maxOffTape { return offTape }
        return passed
    }
}
