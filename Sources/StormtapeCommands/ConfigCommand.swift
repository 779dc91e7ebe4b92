internal import ArgumentParser
internal import Determinism
internal import Runner
internal import Scenarios

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show what decides a run and where it comes from, or take over another's.",
        subcommands: [ConfigPrintCommand.self, ConfigImportCommand.self])
}

struct ConfigPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print the configuration in its one form.",
        discussion: """
            Checks the file. With --resolved, every value is printed with where it comes from: the
            command line goes before STORMTAPE_… variables, these before the file, the file before
            defaults. The options are those of `storm`.

            EXAMPLES
              stormtape config print
              stormtape config print --resolved --seeds 1..5 --clock real
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @OptionGroup var options: RunOptions
    @OptionGroup var gates: GateOptions

    @Flag(help: "Defaults and what overrides the file too, with where each value comes from.")
    var resolved = false

    @Option(help: "text (YAML, itself a configuration) or json.")
    var format: Format = .text

    func run() throws {
        var settings = try RunSettings(options, demands: false)
        _ = try GateSettings(gates, &settings.resolver)
        _ = try HistoryOptions.folder(nil, &settings.resolver)
        _ = try HistoryOptions.failures(nil, &settings.resolver)
        try settings.resolveRecording()
        settings.noteRest()
        guard resolved || settings.project != nil else {
            throw RunnerError(
                .usage,
                "there is no \(ConfigurationFile.name) here or above; `stormtape init` writes "
                    + "one, and --resolved shows the defaults")
        }
        // What the file names is checked as a storm would check it.
        _ = try settings.all()
        let all = settings.resolver.entries
        let entries = resolved ? all : all.compactMap(\.asWritten)
        switch format {
        case .json: Terminal.say(JSONValue.array(entries.map(json)).canonicalText())
        case .text:
            let lines = entries.map { entry in
                ConfigurationText.Line(
                    entry.key, entry.value, comment: resolved ? entry.origin.text : "")
            }
            Terminal.write(ConfigurationText.of(lines, Project.vocabulary))
        }
    }

    private func json(_ entry: SettingEntry) -> JSONValue {
        [
            "key": .string(entry.key), "value": entry.value,
            "from": .string(entry.origin.kind), "at": .string(entry.origin.text),
        ]
    }
}

extension SettingEntry {
    /// The entry as the file has it, whatever goes before the file; nil where it says nothing.
    fileprivate var asWritten: SettingEntry? {
        guard let written else { return nil }
        var entry = self
        entry.value = written
        return entry
    }
}

extension RunSettings {
    /// Resolves what `record` alone goes by.
    fileprivate mutating func resolveRecording() throws(RunnerError) {
        let agent = file?.agent
        _ = try resolver.optional(
            "agent.seed", .seed, flag: nil, named: "seed", file: agent?.seed)
        _ = try resolver.optional(
            "agent.entropy", .words(["capsule", "hook"]), flag: nil, named: "entropy",
            file: agent?.entropy)
        _ = try resolver.optional(
            "agent.stdin", .text, flag: nil, named: "stdin", file: agent?.standardInput)
    }

    /// Notes what only the file can say, for those who ask for all.
    fileprivate mutating func noteRest() {
        guard let file else { return }
        let lists: [(key: String, values: [JSONValue])] = [
            ("prompts", file.prompts.map(\.json)),
            ("mutations", file.mutations.map { .string($0) }),
            ("scenarios", file.scenarios.map(\.json)), ("report", file.reports.map(\.json)),
        ]
        for list in lists where file.lines[list.key] != nil {
            resolver.noteFile(list.key, .array(list.values), isGiven: true)
        }
        let upstreams = file.upstreams.map { JSONMember($0.name, $0.json) }
        if !upstreams.isEmpty {
            resolver.noteFile("upstreams", .object(upstreams), isGiven: true)
        }
        let values: [(key: String, value: JSONValue?)] = [
            ("proxy", file.usesProxy.map { .bool($0) }),
            (
                "agent.values",
                file.agent.values.isEmpty
                    ? nil : .object(file.agent.values.map(Self.member))
            ),
        ]
        for (key, value) in values {
            if let value { resolver.noteFile(key, value, isGiven: true) }
        }
    }

    private static func member(_ text: String) -> JSONMember {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return JSONMember(String(parts[0]), .string(parts.count > 1 ? String(parts[1]) : ""))
    }
}
