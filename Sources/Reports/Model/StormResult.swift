package import Determinism
internal import Judgement

/// Many runs of one scenario.
package struct StormResult: Hashable, Sendable {
    /// The identity of the storm.
    package var digest: Digest
    /// The hash of the cassette.
    package var cassette: Digest
    /// The hash of the cassette of judges; nil where none was used.
    package var judges: Digest?
    /// The name of the scenario.
    package var scenario: String
    /// The runs in the order of their seeds.
    package var runs: [RunSummary]
    /// The seeds whose plan gave two different runs.
    package var nondeterministicSeeds: [Seed]
    /// What the command ends with.
    package var exitCode: Int32
    /// Failures of earlier storms that were replayed first; the digest does not contain them.
    package var savedFailures: [SavedFailure] = []

    package init(
        cassette: Digest, scenario: String, runs: [RunSummary],
        nondeterministicSeeds: [Seed] = [], exitCode: Int32
    ) {
        self.cassette = cassette
        self.scenario = scenario
        // The order in which workers finish is not the storm's.
        self.runs = runs.sorted {
            ($0.seed?.rawValue ?? 0, $0.digest) < ($1.seed?.rawValue ?? 0, $1.digest)
        }
        self.nondeterministicSeeds = nondeterministicSeeds.sorted { $0.rawValue < $1.rawValue }
        self.exitCode = exitCode
        digest = StormResult.digest(cassette: cassette, runs: self.runs)
    }

    /// The identity of a storm: the cassette and each run's seed, digest and verdict.
    private static func digest(cassette: Digest, runs: [RunSummary]) -> Digest {
        var rolling = RollingDigest()
        rolling.append("storm \(cassette.hex)")
        for run in runs {
            let seed = run.seed?.description ?? "-"
            rolling.append("\(seed) \(run.digest.hex) \(run.verdict.rawValue)")
        }
        return rolling.value
    }
}
