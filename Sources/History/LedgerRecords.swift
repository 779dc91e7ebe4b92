package import Determinism
package import Judgement

/// The state of the sources that an agent was run from.
package struct Revision: Hashable, Sendable {
    /// The commit, in hexadecimal digits.
    package var commit: String
    /// Whether files that the commit knows were changed since; nil when that cannot be told.
    package var isDirty: Bool?

    package init(commit: String, isDirty: Bool? = nil) {
        self.commit = commit
        self.isDirty = isDirty
    }

    /// Whether equal revisions mean equal sources.
    var isExact: Bool { isDirty == false }
}

/// What all runs of a storm have in common.
package struct StormRecord: Hashable, Sendable {
    /// When it began, for people: nothing is computed from it.
    package var startedAt: String
    /// The sources; nil outside of a repository.
    package var revision: Revision?
    /// The agent's command as one would paste it.
    package var agent: String
    /// What else decides a digest, such as the clock, in words.
    package var conditions: String
    /// The version of the tool.
    package var tool: String
    package var cassette: Digest
    /// The scenario's name.
    package var scenario: String
    /// The storm's digest.
    package var digest: Digest
    /// The weighted score in millionths; nil when there is none.
    package var scoreMillionths: Int64?
    package var exitCode: Int32

    package init(
        startedAt: String, revision: Revision?, agent: String, conditions: String = "",
        tool: String, cassette: Digest, scenario: String, digest: Digest,
        scoreMillionths: Int64? = nil, exitCode: Int32 = 0
    ) {
        self.startedAt = startedAt
        self.revision = revision
        self.agent = agent
        self.conditions = conditions
        self.tool = tool
        self.cassette = cassette
        self.scenario = scenario
        self.digest = digest
        self.scoreMillionths = scoreMillionths
        self.exitCode = exitCode
    }
}

/// One run of a storm.
package struct RunRecord: Hashable, Sendable {
    /// nil for a saved failure.
    package var seed: Seed?
    /// The identity of the plan as it was before the run: equal on every commit.
    package var plan: Digest
    /// The identity of the run.
    package var digest: Digest
    package var verdict: Verdict
    /// How it failed; nil when it did not.
    package var failure: Failure?

    /// What is kept of a failing run beside its identity.
    package struct Failure: Hashable, Sendable {
        /// The verdict, what is broken, and the gravest fault: equal for failures of one kind.
        package var signature: String
        /// The closed plan as text that can be pasted.
        package var blob: String
        /// The command that does it again.
        package var reproduce: String

        package init(signature: String, blob: String, reproduce: String) {
            self.signature = signature
            self.blob = blob
            self.reproduce = reproduce
        }
    }

    package init(
        seed: Seed?, plan: Digest, digest: Digest, verdict: Verdict, failure: Failure? = nil
    ) {
        self.seed = seed
        self.plan = plan
        self.digest = digest
        self.verdict = verdict
        self.failure = failure
    }
}

/// A saved failure that was run again in front of a storm.
package struct ReplayRecord: Hashable, Sendable {
    /// Its numbers in the ledger: equal plans may have several, and a file alone has none.
    package var ids: [Int64]
    package var run: RunRecord
    /// Whether its faults fired: a pass without them says nothing.
    package var wasReached: Bool

    package init(ids: [Int64], run: RunRecord, wasReached: Bool) {
        self.ids = ids
        self.run = run
        self.wasReached = wasReached
    }
}

/// A failing plan of the ledger.
package struct FailingPlan: Hashable, Sendable {
    package var id: Int64
    package var cassette: Digest
    package var scenario: String
    package var agent: String
    /// The closed plan as text that can be pasted.
    package var blob: String
    package var signature: String
    package var reproduce: String
    /// When the storm began that saw it first.
    package var firstSeen: String
    /// When the storm began that saw it last.
    package var lastSeen: String
    /// In how many storms it failed.
    package var times: Int64
    /// When the storm began that marked it as mended; nil while it is not.
    package var mendedAt: String?
}

/// What a storm changed in the ledger.
package struct LedgerChange: Hashable, Sendable {
    /// The number of the storm.
    package var storm: Int64
    /// The kinds of failure that no storm of this agent and scenario had before.
    package var newSignatures: [String] = []
    /// The saved failures that are marked as mended from now on.
    package var mended: [FailingPlan] = []
    /// Those that had been mended and failed again.
    package var returned: [FailingPlan] = []
}
