internal import CassetteStore
internal import Determinism
internal import History
internal import Judgement
internal import Reports
internal import Scenarios
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What storms remember: the run ledger, and failure files of the agent's repository.
///
/// Nothing here makes a storm fail: what cannot be read or written is told, and the storm goes on
/// without it.
package final class StormHistory {
    /// Where it is kept.
    package struct Places: Hashable, Sendable {
        /// The folder of the ledger; nil for none.
        package var ledger: String?
        /// The folder of failure files; nil for none.
        package var failures: String?

        package init(ledger: String?, failures: String? = nil) {
            self.ledger = ledger
            self.failures = failures
        }
    }

    private let places: Places
    private let tool: String
    private let say: (String) -> Void
    private let startedAt = WallClockText.now()
    private lazy var revision = SourceRevision.current()
    private var ledger: Ledger?
    private let cassettes: [String]
    private lazy var choice = ReplayChoice(cassettes: StormHistory.hashes(cassettes))

    /// Opens what is there; `say` is given each line of talk.
    ///
    /// `cassettes` are those of all storms of the command.
    package init(
        _ places: Places, tool: String, cassettes: [String], say: @escaping (String) -> Void
    ) {
        self.places = places
        self.tool = tool
        self.cassettes = cassettes
        self.say = say
        guard let folder = places.ledger else { return }
        attempt { () throws(LedgerError) in ledger = try Ledger.open(folder: folder) }
    }

    /// The failures of earlier storms that this one begins with, each once.
    ///
    /// Those that an earlier storm of the same command replayed or found are left out.
    func saved(_ configuration: RunConfiguration, cassette: Digest, scenario: String)
        -> [SavedPlan]
    {
        // The sources that are about to run, not those that are there at the end.
        _ = revision
        var found = fromFiles(cassette: cassette, scenario: scenario)
        if let ledger {
            let choice = choice
            attempt { () throws(LedgerError) in
                let failures = try ledger.savedFailures(
                    cassette: cassette, scenario: scenario,
                    agent: CommandLineText.agent(configuration)
                ) {
                    choice.leaves(.row($0.id), plan: $0.blob, of: $0.cassette, to: cassette)
                }
                found += failures.compactMap { failure in
                    self.choice.take(.row(failure.id))
                    return SavedPlan(
                        blob: failure.blob, signature: failure.signature,
                        origin: "the ledger, \(failure.firstSeen)", ids: [failure.id],
                        cassette: cassette, say: say)
                }
            }
        }
        return SavedPlan.merged(found)
    }

    /// A cassette that cannot be read ends its own storm, with a message.
    private static func hashes(_ cassettes: [String]) -> Set<Digest> {
        Set(Set(cassettes).compactMap { try? CassetteAccess.open($0).hash })
    }

    /// Says that a saved failure could not be run.
    func leftOut(_ saved: SavedPlan, because reason: String) {
        say(
            "warning: a saved failure (\(saved.signature), \(saved.origin)) was left out: "
                + reason)
    }

    /// Keeps what a storm found.
    func keep(_ storm: StormResult, saved: [SavedPlan], _ configuration: RunConfiguration) {
        writeFiles(storm)
        for run in storm.runs where run.verdict.isFailure { choice.note(failing: run.plan) }
        guard let ledger else { return }
        let record = StormRecord(
            startedAt: startedAt, revision: revision,
            agent: CommandLineText.agent(configuration),
            conditions: HistoryRecords.conditions(configuration), tool: tool,
            cassette: storm.cassette, scenario: storm.scenario, digest: storm.digest,
            scoreMillionths: HistoryRecords.score(storm), exitCode: storm.exitCode)
        let replays = zip(saved, storm.savedFailures).map { plan, failure in
            ReplayRecord(
                ids: plan.ids, run: HistoryRecords.run(failure.run), wasReached: failure.wasReached)
        }
        attempt { () throws(LedgerError) in
            tell(
                try ledger.record(
                    record, replays: replays, runs: storm.runs.map(HistoryRecords.run)))
        }
    }

    private func tell(_ change: LedgerChange) {
        for failure in change.mended { say("history: mended: \(failure.signature)") }
        for failure in change.returned { say("history: failed again: \(failure.signature)") }
        guard !change.newSignatures.isEmpty else { return }
        let count = change.newSignatures.count
        say("history: \(count) new \(count == 1 ? "kind" : "kinds") of failure")
    }

    // MARK: Files

    private func fromFiles(cassette: Digest, scenario: String) -> [SavedPlan] {
        guard let folder = places.failures else { return [] }
        var listing = FailureFolder.Listing()
        attempt { () throws(LedgerError) in listing = try FailureFolder(folder).listing() }
        if listing.leftOut > 0 {
            say("warning: \(folder): \(listing.leftOut) more failure files were left out")
        }
        return listing.entries.compactMap { entry in
            switch entry.file {
            case .success(let file):
                let name = ReplayChoice.Name.file(entry.name)
                guard file.cassette == cassette || file.scenario == scenario,
                    choice.leaves(name, plan: file.plan, of: file.cassette, to: cassette)
                else { return nil }
                choice.take(name)
                return SavedPlan(
                    blob: file.plan, signature: file.signature, origin: entry.name, ids: [],
                    cassette: cassette, say: say)
            case .failure(let error):
                say("warning: \(folder)/\(entry.name): \(error); it was left out")
                return nil
            }
        }
    }

    private func writeFiles(_ storm: StormResult) {
        guard let folder = places.failures else { return }
        let failures = storm.runs.compactMap { run in
            run.failureSignature.map { signature in
                FailureFile(
                    signature: signature, scenario: storm.scenario, cassette: storm.cassette,
                    plan: run.plan, reproduce: run.reproduce)
            }
        }
        attempt { () throws(LedgerError) in
            for name in try FailureFolder(folder).add(failures) {
                say("history: wrote \(folder)/\(name)")
            }
        }
    }

    private func attempt(_ body: () throws(LedgerError) -> Void) {
        do {
            try body()
        } catch {
            say("warning: \(error); the storm goes on without it")
        }
    }
}
