internal import Cassette
internal import Determinism
internal import Runner
internal import Scenarios

/// What is recorded: flag, then environment, then file, then default.
struct RecordSettings {
    private(set) var request: RecordingRequest
    private var resolver: SettingResolver
    private var project: Project? { resolver.project }
    private var file: ProjectConfiguration? { project?.configuration }

    init(_ options: RecordCommand) throws(RunnerError) {
        var resolver = SettingResolver(try options.projectOptions.project())
        let file = resolver.project?.configuration
        let command = try Self.command(options, &resolver)
        let isElsewhere = command.isOwn && resolver.project?.isElsewhere == true
        let upstreams = Self.upstreams(options.upstreams, file)
        request = RecordingRequest(
            cassette: try Self.cassette(options, &resolver, isElsewhere: isElsewhere),
            overwrites: options.overwrite, upstreams: try upstreams.parsed(),
            command: command.words, seed: try Self.seed(options, &resolver),
            toolVersion: StormtapeVersion.current)
        request.settledUpstreams = upstreams.settled
        request.usesProxy = upstreams.proxy
        request.detours = options.detours
        let entropy = try resolver.value(
            "agent.entropy", .words(["capsule", "hook"]), flag: options.entropy?.rawValue,
            named: "entropy", file: file?.agent.entropy, standard: "capsule")
        request.entropy = entropy == "hook" ? .hook : .capsule
        self.resolver = resolver
        try addInput(options)
        if isElsewhere { try project?.enter() }
    }

    private mutating func addInput(_ options: RecordCommand) throws(RunnerError) {
        let input = try resolver.optional(
            "agent.stdin", .text, flag: options.stdin, named: "stdin",
            file: file?.agent.standardInput)
        if let input { request.standardInput = try Arguments.fileBytes(path(input)) }
        request.prompt = options.prompt
        // Storms ask the other prompts in its place.
        if request.prompt == nil, let first = file?.prompts.first, let project {
            request.prompt = try project.text(first)
        }
        let ask = try resolver.optional(
            "agent.ask", .text, flag: options.asking.file, named: "ask", file: file?.agent.ask)
        guard let ask else {
            request.ask = try options.asking.source()
            return
        }
        let read = path(ask)
        request.ask = try AskSource.parse(
            file: read, text: try Arguments.fileText(read),
            values: (isOwn ? file?.agent.values ?? [] : []) + options.asking.values)
    }

    /// Whether what was resolved last is what the file says.
    private var isOwn: Bool { Self.isOwn(resolver) }

    private static func isOwn(_ resolver: SettingResolver) -> Bool {
        guard case .file? = resolver.entries.last?.origin else { return false }
        return true
    }

    /// A path that was resolved last: those in the file are meant from its folder.
    private func path(_ named: String) -> String {
        isOwn ? project?.path(named) ?? named : named
    }

    private static func command(
        _ options: RecordCommand, _ resolver: inout SettingResolver
    ) throws(RunnerError) -> (words: [String], isOwn: Bool) {
        let own = resolver.project?.configuration.agent.command ?? []
        let words = try resolver.optional(
            "agent.command", .command, flag: options.command.isEmpty ? nil : options.command,
            named: "", variable: "STORMTAPE_COMMAND", file: own.isEmpty ? nil : own)
        return (try Arguments.command(words ?? []), words != nil && isOwn(resolver))
    }

    private static func seed(
        _ options: RecordCommand, _ resolver: inout SettingResolver
    ) throws(RunnerError) -> Seed {
        var given: Seed?
        if let text = options.seed {
            given = Seed(text: text)
            guard given != nil else {
                throw RunnerError(.usage, "--seed \(text): a number from 0 to 2^64-1, or 0x hex")
            }
        }
        return try resolver.value(
            "agent.seed", .seed, flag: given, named: "seed",
            file: resolver.project?.configuration.agent.seed, standard: Seed(1))
    }

    private static func cassette(
        _ options: RecordCommand, _ resolver: inout SettingResolver, isElsewhere: Bool
    ) throws(RunnerError) -> String {
        let project = resolver.project
        let file = project?.configuration
        let named = try resolver.optional(
            "default_cassette", .text, flag: options.cassette, named: "cassette",
            file: file?.defaultCassette ?? file?.cassettes.first)
        guard let named else {
            throw RunnerError(
                .usage,
                "no cassette; give --cassette FILE, or name it under 'cassettes' in "
                    + (file?.file ?? "a stormtape.yaml, which `stormtape init` writes"))
        }
        if isOwn(resolver) { return isElsewhere ? named : project?.path(named) ?? named }
        return isElsewhere ? project?.lasting(named) ?? named : named
    }

    /// The upstreams of the command line, or else those of the file.
    private static func upstreams(
        _ given: UpstreamArguments, _ file: ProjectConfiguration?
    ) -> UpstreamArguments {
        guard let file, given.upstreams.isEmpty, !given.proxy else { return given }
        var all = given
        all.proxy = file.usesProxy ?? false
        all.variables = []
        all.reads = []
        // The last word counts: that of the command line.
        all.kinds = []
        all.protocols = []
        for entry in file.upstreams {
            all.upstreams.append(entry.address.map { "\(entry.name)=\($0)" } ?? entry.name)
            all.variables += entry.variables.map { "\($0)=\(entry.name)" }
            all.reads += entry.reads.map { "\(entry.name)=\($0)" }
            if let kind = entry.kind { all.kinds.append("\(entry.name)=\(kind.rawValue)") }
            if let spoken = entry.wireProtocol { all.protocols.append("\(entry.name)=\(spoken)") }
        }
        all.variables += given.variables
        all.reads += given.reads
        all.kinds += given.kinds
        all.protocols += given.protocols
        return all
    }
}
