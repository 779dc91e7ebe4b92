package import Determinism

/// Seeds as people write them: `7`, `1..60`, `1..10,20,30..40`.
package enum SeedList {
    private static let countMax: UInt64 = 1_000_000

    /// Why a text names no seeds.
    package struct Failure: Error {
        /// What is wrong.
        package let message: String
    }

    /// Reads a text; the seeds are in order, each once.
    package static func parse(_ text: String) throws(Failure) -> [Seed] {
        let ranges = try text.split(separator: ",", omittingEmptySubsequences: false)
            .map { (part) throws(Failure) in try range(part, of: text) }
            .sorted { $0.lowerBound < $1.lowerBound }
        var seeds: [Seed] = []
        var next: UInt64? = 0
        for range in ranges {
            // What an earlier range holds is not counted again.
            guard let first = next, first <= range.upperBound else { continue }
            let fresh = max(first, range.lowerBound)...range.upperBound
            let left = countMax - UInt64(seeds.count)
            // One less than there are, so that all 2^64 can be counted.
            guard fresh.upperBound - fresh.lowerBound < left else {
                throw Failure(message: "\(text): at most 1,000,000 seeds in one storm")
            }
            seeds += fresh.map(Seed.init)
            next = range.upperBound == .max ? nil : range.upperBound + 1
        }
        return seeds
    }

    private static func range(
        _ part: Substring, of text: String
    ) throws(Failure) -> ClosedRange<UInt64> {
        let trimmed = part.filter { $0 != " " }
        let ends: [Substring]
        if let dots = trimmed.firstRange(of: "..") {
            ends = [trimmed[..<dots.lowerBound], trimmed[dots.upperBound...]]
        } else {
            ends = [trimmed[...]]
        }
        let numbers = ends.compactMap { Seed(text: String($0))?.rawValue }
        guard numbers.count == ends.count, let first = numbers.first, let last = numbers.last,
            first <= last
        else { throw Failure(message: "\(text): the forms are 7, 1..60 and 1..10,20,30..40") }
        return first...last
    }
}
