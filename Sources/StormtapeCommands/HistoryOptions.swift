internal import ArgumentParser
internal import Runner
internal import Scenarios

/// What a storm remembers, and where.
struct HistoryOptions: ParsableArguments {
    static let standardFolder = ".stormtape"

    @Option(help: "The folder of the run ledger; .stormtape unless given.")
    var history: String?

    @Flag(
        name: .customLong("no-history"),
        help: "Neither read nor write the run ledger.")
    var isRefused = false

    @Option(
        help: "A folder of failure files for the repository: replayed first, new ones are written.")
    var failures: String?

    /// The places, resolved; to be called before the folder of the configuration is entered.
    func places(_ settings: inout RunSettings) throws(RunnerError) -> StormHistory.Places {
        guard !isRefused || history == nil else {
            throw RunnerError(.usage, "give --history or --no-history, not both")
        }
        let folder = try HistoryOptions.folder(history, &settings.resolver)
        return StormHistory.Places(
            ledger: isRefused ? nil : settings.project?.lasting(folder) ?? folder,
            failures: try HistoryOptions.failures(failures, &settings.resolver).map {
                settings.project?.lasting($0) ?? $0
            })
    }

    /// The folder of failure files: flag, then environment, then file; nil for none.
    static func failures(
        _ given: String?, _ resolver: inout SettingResolver
    ) throws(RunnerError) -> String? {
        let project = resolver.project
        let named = try resolver.optional(
            "failures", .text, flag: given, named: "failures",
            file: project?.configuration.failures)
        return switch resolver.entries.last(where: { $0.key == "failures" })?.origin {
        case .flag, .environment: named
        default: named.map { project?.path($0) ?? $0 }
        }
    }

    /// The folder of the ledger: flag, then environment, then file, then default.
    static func folder(
        _ given: String?, _ resolver: inout SettingResolver
    ) throws(RunnerError) -> String {
        let project = resolver.project
        let named = try resolver.value(
            "history", .text, flag: given, named: "history",
            file: project?.configuration.history, standard: standardFolder)
        // That of the file, and the default one, are meant from the file's folder.
        return switch resolver.entries.last?.origin {
        case .flag, .environment: named
        default: project?.path(named) ?? named
        }
    }
}
