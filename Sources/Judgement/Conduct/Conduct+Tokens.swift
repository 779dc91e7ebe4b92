internal import WireProtocols

extension Conduct {
    /// The tokens that models say they read and wrote; nil where none says so.
    public var usedTokens: Int? {
        let counts = turns.compactMap(\.usage)
        guard !counts.isEmpty else { return nil }
        return counts.reduce(0) { sum, usage in
            [usage.inputTokens, usage.outputTokens].reduce(sum) { total, count in
                let (more, isTooMany) = total.addingReportingOverflow(count)
                return isTooMany ? .max : more
            }
        }
    }
}
