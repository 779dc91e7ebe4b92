/// The search for the first bad version between good ones and a bad one.
///
/// It does not know how versions hang together: whoever does ranks the versions that may still be
/// the first bad one, those first that halve what is left. With git that is `rev-list
/// --bisect-all`, so that merges are dealt with; with a list it is `BisectList`.
public struct Bisection<Version: Hashable & Sendable>: Sendable {
    /// What to do next.
    public enum Step: Hashable, Sendable {
        /// Try this one.
        case test(Version)
        /// This is the first bad one.
        case found(Version)
        /// It is one of these: all but the bad one say nothing.
        case stuck([Version])
    }

    /// Those that are good.
    public private(set) var goods: [Version]
    /// The earliest that is known to be bad.
    public private(set) var bad: Version
    /// Those that say nothing.
    public private(set) var skipped: Set<Version> = []

    /// Begins between two versions.
    public init(good: Version, bad: Version) {
        goods = [good]
        self.bad = bad
    }

    /// Takes an answer.
    public mutating func note(_ version: Version, _ answer: BisectAnswer) {
        switch answer {
        case .good: goods.append(version)
        case .bad: bad = version
        case .skipped: skipped.insert(version)
        }
    }

    /// What is next, when these may still be the first bad one, the best to try first.
    public func next(_ ranked: [Version]) -> Step {
        let others = ranked.filter { $0 != bad && !goods.contains($0) }
        let open = others.filter { !skipped.contains($0) }
        guard let best = others.first else { return .found(bad) }
        guard let first = open.first else { return .stuck(others + [bad]) }
        guard skipped.contains(best) else { return .test(first) }
        return .test(open[BisectSpread.place(in: open.count)])
    }
}

/// Which version to try when the best one says nothing: its neighbours are likely to say nothing
/// either, so one that is further away as a rule is taken, by the same rule as git's.
enum BisectSpread {
    private static let modulo: UInt32 = 32_768

    /// A place among so many, from 0; it depends on the number alone.
    static func place(in count: Int) -> Int {
        guard count > 0 else { return 0 }
        let drawn = UInt32(truncatingIfNeeded: count) &* 1_103_515_245 &+ 12_345
        let share = UInt64(drawn / 65_536 % modulo)
        let place =
            UInt64(count) * share / UInt64(modulo) * root(share) / root(UInt64(modulo))
        return min(Int(place), count - 1)
    }

    /// The whole part of a square root.
    private static func root(_ value: UInt64) -> UInt64 {
        guard value > 1 else { return value }
        var guess = value
        var next = (guess + 1) / 2
        while next < guess {
            guess = next
            next = (guess + value / guess) / 2
        }
        return guess
    }
}

/// Versions in an order, as recordings, or values of a variable.
public enum BisectList {
    /// Those behind a good one up to a bad one, those in the middle first, the bad one last.
    public static func ranked(good: Int, bad: Int) -> [Int] {
        guard good < bad else { return [bad] }
        let between = Array((good + 1)..<bad)
        return between.sorted { left, right in
            let mine = min(left - good, bad - left)
            let theirs = min(right - good, bad - right)
            return mine == theirs ? left < right : mine > theirs
        } + [bad]
    }
}
