package import Determinism
internal import Judgement

/// What became of an agent over its commits, as the ledger tells it.
///
/// One plan on one exact commit that gave two different runs is a flake. One that was judged
/// otherwise on another commit is a regression or a mend. Neither can be told from the other
/// while files are changed and not committed.
package struct Trend: Hashable, Sendable {
    /// The points in the order of time.
    package var points: [Point]
    /// The saved failures that were marked as mended, and those that were not.
    package var mendedCount: Int
    package var openCount: Int

    /// One plan of one scenario.
    package struct Plan: Hashable, Sendable {
        package var scenario: String
        /// nil for a saved failure.
        package var seed: Seed?
        package var plan: Digest
    }

    /// A plan that was judged otherwise than on an earlier point.
    package struct Change: Hashable, Sendable {
        package var plan: Plan
        /// The sources of the earlier point.
        package var since: Revision?
        /// How it failed: now for a regression, then for a mend.
        package var signature: String
    }

    /// Storms that follow one another on the same sources.
    package struct Point: Hashable, Sendable {
        package var revision: Revision?
        /// When the first of its storms began.
        package var startedAt: String
        package var storms = 0
        /// The runs of seeds that were judged: those that passed and those that failed.
        package var runs = 0
        /// How many of them passed on recorded answers alone.
        package var standing = 0
        /// The mean of the scores of its storms.
        package var scoreMillionths: Int64?
        /// The kinds of failure that were not known before.
        package var newFailures: [String] = []
        package var regressions: [Change] = []
        package var mends: [Change] = []
        package var flakes: [Plan] = []

        /// The share of judged runs that passed, in millionths; nil when nothing was judged.
        package var passMillionths: Int64? {
            runs == 0 ? nil : Int64(standing) * 1_000_000 / Int64(runs)
        }
    }
}

/// A storm as it is read back from the ledger.
struct PastStorm: Hashable, Sendable {
    var id: Int64
    var startedAt: String
    var revision: Revision?
    var agent: String
    var conditions: String
    var tool: String
    var cassette: Digest
    var scenario: String
    var scoreMillionths: Int64?
    var newFailures: [String]
    var runs: [PastRun]
}

/// A run as it is read back from the ledger.
struct PastRun: Hashable, Sendable {
    var seed: Seed?
    var plan: Digest
    var digest: Digest
    var verdict: Verdict
    var signature: String?
}
