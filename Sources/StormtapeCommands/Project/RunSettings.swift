internal import Determinism
internal import Runner
internal import Scenarios

/// All that decides how agents are run, resolved: flag, then environment, then file, then default.
struct RunSettings {
    var resolver: SettingResolver
    var cassettes: [String] = []
    /// The cassette of a single run.
    var cassette = ""
    var command: [String] = []
    var configuration = RunConfiguration(cassette: "", command: [])

    var project: Project? { resolver.project }
    var file: ProjectConfiguration? { project?.configuration }

    /// Resolves the options; `demands` says whether there has to be a cassette and a command.
    init(_ options: RunOptions, demands: Bool = true) throws(RunnerError) {
        resolver = SettingResolver(try options.projectOptions.project())
        try resolveCommand(options)
        try resolveCassettes(options)
        if demands { try demandBoth() }
        configuration = RunConfiguration(cassette: cassette, command: command)
        try resolveLimits(options)
        try resolveAsk(options.asking)
        configuration.judges = try resolver.judges(options.judges, isElsewhere: isCommandElsewhere)
        noteLine(options.projectOptions)
        configuration.invariants = file?.invariants ?? []
        resolver.noteFile(
            "invariants", .array(configuration.invariants),
            isGiven: file?.lines["invariants"] != nil)
    }

    /// Whether the agent's command is that of a file in another folder.
    private var isCommandElsewhere: Bool {
        guard let project, project.isElsewhere, case .file? = commandOrigin else { return false }
        return true
    }

    private var commandOrigin: SettingOrigin? {
        resolver.entries.first { $0.key == "agent.command" }?.origin
    }

    /// Goes to the folder that the agent's command is meant for; to be called when all files of
    /// the command line are read.
    func enterFolder() throws(RunnerError) {
        if isCommandElsewhere { try project?.enter() }
    }

    /// What goes before a line that reproduces a run, when the folder is entered; else empty.
    var entering: String { isCommandElsewhere ? project?.entering ?? "" : "" }

    /// Where a report of the configuration is written, once its folder may have been entered.
    func reportPath(_ named: String) -> String {
        isCommandElsewhere ? named : project?.path(named) ?? named
    }

    /// Notes what a line that does a run again has to say of files and options.
    private mutating func noteLine(_ options: ProjectOptions) {
        let keys = [
            "agent.wall_limit_s": "wall-limit", "agent.pace": "pace", "agent.clock": "clock",
            "agent.memory_limit_mib": "memory-limit", "agent.process_limit": "process-limit",
        ]
        configuration.spelled = resolver.entries.compactMap { entry in
            switch entry.origin {
            case .flag, .environment: keys[entry.key]
            case .file, .standard: nil
            }
        }
        if options.isRefused { configuration.file = ["--no-config"] }
        guard let path = options.named else { return }
        let own = path.split(separator: "/").last.map(String.init) ?? path
        configuration.file = ["--config", isCommandElsewhere ? own : path]
    }

    // MARK: Resolving

    private mutating func resolveCommand(_ options: RunOptions) throws(RunnerError) {
        let given = options.command.isEmpty ? nil : options.command
        let own = file?.agent.command ?? []
        command =
            try resolver.optional(
                "agent.command", .command, flag: given, named: "", variable: "STORMTAPE_COMMAND",
                file: own.isEmpty ? nil : own) ?? []
    }

    private mutating func resolveCassettes(_ options: RunOptions) throws(RunnerError) {
        let listed = file?.cassettes ?? []
        let fallback = file?.defaultCassette
        let all = listed.isEmpty ? fallback.map { [$0] } ?? [] : listed
        let given = options.cassette.map { [$0] }
        let found =
            try resolver.optional(
                "cassettes", .texts, flag: given, named: "cassette",
                file: all.isEmpty ? nil : all) ?? []
        let origin = resolver.entries.last { $0.key == "cassettes" }?.origin
        guard case .file? = origin else {
            cassettes = found.map { isCommandElsewhere ? project?.lasting($0) ?? $0 : $0 }
            cassette = cassettes.first ?? ""
            if let fallback, let origin, let given = found.first {
                resolver.note(
                    "default_cassette", .string(given), origin, written: .string(fallback))
            }
            return
        }
        // In the folder of the file they are right as they are written.
        cassettes = isCommandElsewhere ? found : found.map { project?.path($0) ?? $0 }
        let single = fallback ?? found.first ?? ""
        cassette = isCommandElsewhere ? single : project?.path(single) ?? single
        if let fallback {
            resolver.noteFile("default_cassette", .string(fallback), isGiven: true)
        }
    }

    private func demandBoth() throws(RunnerError) {
        guard !cassette.isEmpty else {
            throw RunnerError(
                .usage,
                "no cassette; give --cassette FILE, or name it under 'cassettes' in "
                    + (file?.file ?? "a stormtape.yaml, which `stormtape init` writes"))
        }
        guard !command.isEmpty else {
            throw RunnerError(
                .usage,
                "no command; put the agent's command after --, as in: -- python agent.py, or "
                    + "under 'agent: command:' in "
                    + (file?.file ?? "a stormtape.yaml, which `stormtape init` writes"))
        }
    }

    private mutating func resolveLimits(_ options: RunOptions) throws(RunnerError) {
        let agent = file?.agent
        let clock = try resolver.value(
            "agent.clock", .words(["virtual", "real"]), flag: options.clock?.rawValue,
            named: "clock", file: agent?.clock, standard: "virtual")
        configuration.usesVirtualClock = clock == "virtual"
        let pace = try resolver.value(
            "agent.pace", .words(["immediate", "real"]), flag: options.pace?.rawValue,
            named: "pace", file: agent?.pace, standard: "immediate")
        configuration.sleepsForReal = pace == "real"
        let wall = try resolver.value(
            "agent.wall_limit_s", .seconds(upTo: 86_400), flag: options.wallLimit,
            named: "wall-limit", file: agent?.wallLimitSeconds, standard: 60)
        configuration.wallLimitMilliseconds = max(1, Int64(wall * 1_000))
        configuration.memoryMebibytesMax = try resolver.value(
            "agent.memory_limit_mib",
            .whole(1...1_000_000_000, "a number of MiB from 1 on"), flag: options.memoryLimit,
            named: "memory-limit", file: agent?.memoryLimitMebibytes, standard: 8_192)
        configuration.processesMax = try resolver.value(
            "agent.process_limit", .whole(2...1_000_000, "from 2 to 1000000"),
            flag: options.processLimit, named: "process-limit", file: agent?.processLimit,
            standard: 1_000)
        configuration.isolatesNetwork = try resolver.value(
            "agent.isolation", .boolean, flag: options.noIsolation ? false : nil,
            named: "no-isolation", variable: "STORMTAPE_ISOLATION", file: agent?.isIsolated,
            standard: true)
        configuration.showsOutput = try resolver.value(
            "agent.show_output", .boolean, flag: options.showOutput ? true : nil,
            named: "show-output", file: agent?.showsOutput, standard: false)
    }

    private mutating func resolveAsk(_ asking: AskOptions) throws(RunnerError) {
        let own = file?.agent.ask
        guard
            let path = try resolver.optional(
                "agent.ask", .text, flag: asking.file, named: "ask", file: own)
        else {
            configuration.ask = try asking.source()
            return
        }
        let isOwn = asking.file == nil && path == own
        let read = isOwn ? project?.path(path) ?? path : path
        let shown = isCommandElsewhere && !isOwn ? project?.lasting(path) ?? path : path
        configuration.ask = try AskSource.parse(
            file: isOwn && !isCommandElsewhere ? read : shown,
            text: try Arguments.fileText(read),
            values: (isOwn ? file?.agent.values ?? [] : []) + asking.values)
    }
}
