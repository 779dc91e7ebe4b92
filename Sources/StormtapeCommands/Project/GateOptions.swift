internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Runner
internal import Scenarios

/// How many runs a storm has, and how many at a time.
struct SeedOptions: ParsableArguments {
    @Option(help: "The seeds: 7, 1..60, or 1..10,20,30..40; 1..60 unless given.")
    var seeds: String?

    @Option(help: "How many worker processes; the result does not depend on it.")
    var workers: Int?
}

/// How many runs a storm has, and what it must reach.
struct GateOptions: ParsableArguments {
    @OptionGroup var seeding: SeedOptions

    @Option(
        name: .customLong("min-pass"),
        help: "The share of runs that must not fail, as 95%, 19/20 or 0.95; 100% unless given.")
    var minPass: String?

    @Option(
        name: .customLong("max-off-tape"),
        help: "How many runs may be off the tape or pass on assumed answers only.")
    var maxOffTape: Int?

    @Option(
        name: .customLong("min-score"),
        help: "The least weighted score; without --min-pass, it decides in its place.")
    var minScore: String?

    @Option(
        name: .customLong("min-runs"), help: "How many judged runs each scenario must have.")
    var minRuns: Int?
}

/// The seeds of a storm, resolved.
struct SeedSettings {
    var seeds: NamedSeeds
    /// Whether they come from the command line or the environment.
    var areSeedsGiven: Bool
    var workers: Int

    init(_ options: SeedOptions, _ resolver: inout SettingResolver) throws(RunnerError) {
        let file = resolver.project?.configuration
        let named = file?.seedText.map { NamedSeeds(text: $0, seeds: file?.seeds ?? []) }
        seeds = try resolver.value(
            "seeds", .seeds, flag: try options.seeds.map(Self.seeds), named: "seeds",
            file: named, standard: NamedSeeds(text: "1..60", seeds: (1...60).map { Seed($0) }))
        areSeedsGiven =
            switch resolver.entries.last?.origin {
            case .flag, .environment: true
            default: false
            }
        workers = Int(
            try resolver.value(
                "workers", .whole(1...256, "from 1 to 256"),
                flag: options.workers.map { Int64($0) }, named: "workers",
                file: file?.workers.map { Int64($0) },
                standard: Int64(min(256, max(1, System.processorCount)))))
    }

    private static func seeds(_ text: String) throws(RunnerError) -> NamedSeeds {
        NamedSeeds(text: text, seeds: try Arguments.seeds(text))
    }
}

/// The gates of a storm, resolved.
struct GateSettings {
    var seeding: SeedSettings
    var tolerance: Tolerance
    /// nil where nobody asks for one.
    var minScore: Ratio?
    var isCriticalDeciding: Bool
    var minRuns: Int?

    /// Whether more is asked for than a share of runs that pass.
    var isContract: Bool { minScore != nil || minRuns != nil }

    init(_ options: GateOptions, _ resolver: inout SettingResolver) throws(RunnerError) {
        seeding = try SeedSettings(options.seeding, &resolver)
        let gates = resolver.project?.configuration.gates
        minScore = try resolver.optional(
            "gates.min_score", .share,
            flag: try options.minScore.map { (text) throws(RunnerError) in
                try Self.share(text, "--min-score")
            }, named: "min-score", file: gates?.minScore)
        let minPass = try resolver.value(
            "gates.min_pass", .share,
            flag: try options.minPass.map { (text) throws(RunnerError) in
                try Self.share(text, "--min-pass")
            }, named: "min-pass", file: gates?.minPass,
            standard: minScore == nil ? .always : .never)
        let most = Int64(Int32.max)
        let maxOffTape = try resolver.value(
            "gates.max_off_tape", .whole(0...most, "0 or more"),
            flag: options.maxOffTape.map { Int64($0) }, named: "max-off-tape",
            file: gates?.maxOffTape.map { Int64($0) }, standard: 0)
        tolerance = Tolerance(minPass: minPass, maxOffTape: Int(maxOffTape))
        isCriticalDeciding = gates?.isCriticalDeciding ?? true
        resolver.noteFile(
            "gates.critical", .bool(isCriticalDeciding),
            isGiven: gates?.isCriticalDeciding != nil)
        minRuns = try resolver.optional(
            "gates.min_runs", .whole(1...most, "1 or more"),
            flag: options.minRuns.map { Int64($0) }, named: "min-runs",
            file: gates?.minRuns.map { Int64($0) }
        ).map { Int($0) }
    }

    private static func share(_ text: String, _ option: String) throws(RunnerError) -> Ratio {
        guard let share = Ratio(text: text) else {
            throw RunnerError(
                .usage, "\(option) \(text): the forms are 95%, 19/20 and 0.95")
        }
        return share
    }
}
