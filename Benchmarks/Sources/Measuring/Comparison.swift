/// Two things measured in turn, A B A B, so that whatever else the machine does meets both.
public struct Comparison: Sendable {
    /// The figures of the first, sorted.
    public let first: [Double]
    /// The figures of the second, sorted.
    public let second: [Double]

    /// Measures both `rounds` times; each closure gives one figure.
    public init(rounds: Int, _ first: () throws -> Double, _ second: () throws -> Double) rethrows {
        var mine: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<rounds {
            mine.append(try first())
            theirs.append(try second())
        }
        self.first = mine.sorted()
        self.second = theirs.sorted()
    }

    /// The ratio of the medians.
    public var ratio: Double { median(first) / median(second) }
}

/// The middle of sorted figures.
public func median(_ sorted: [Double]) -> Double {
    quantile(sorted, 0.5)
}

/// A quantile of sorted figures, by the nearest rank.
public func quantile(_ sorted: [Double], _ share: Double) -> Double {
    precondition(!sorted.isEmpty, "nothing was measured")
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}

/// How many seconds the closure takes.
public func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let components = try clock.measure(body).components
    return Double(components.seconds) + Double(components.attoseconds) / 1e18
}
