internal import Cassette
internal import Determinism
internal import Runner
internal import Scenarios

/// What is recorded, as the command line and the configuration ask for it.
struct RecordSettings {
    private(set) var request: RecordingRequest
    private let project: Project?
    private var file: ProjectConfiguration? { project?.configuration }

    init(_ options: RecordCommand) throws(RunnerError) {
        project = try options.projectOptions.project()
        let file = project?.configuration
        let seed = try Self.seed(options.seed, file)
        let isElsewhere = options.command.isEmpty && project?.isElsewhere == true
        let own = options.command.isEmpty ? file?.agent.command ?? [] : options.command
        let upstreams = Self.upstreams(options.upstreams, file)
        request = RecordingRequest(
            cassette: try Self.cassette(options, project, isElsewhere: isElsewhere),
            overwrites: options.overwrite, upstreams: try upstreams.parsed(),
            command: try Arguments.command(own), seed: seed,
            toolVersion: StormtapeVersion.current)
        request.settledUpstreams = upstreams.settled
        request.usesProxy = upstreams.proxy
        request.entropy =
            options.entropy.map { $0 == .hook } ?? (file?.agent.entropy == "hook")
            ? .hook : .capsule
        try addInput(options)
        if isElsewhere { try project?.enter() }
    }

    private mutating func addInput(_ options: RecordCommand) throws(RunnerError) {
        if let path = options.stdin {
            request.standardInput = try Arguments.fileBytes(path)
        } else if let path = file?.agent.standardInput {
            request.standardInput = try Arguments.fileBytes(project?.path(path) ?? path)
        }
        request.prompt = options.prompt
        // Storms ask the other prompts in its place.
        if request.prompt == nil, let first = file?.prompts.first, let project {
            request.prompt = try project.text(first)
        }
        request.ask = try options.asking.source(in: project)
    }

    private static func seed(
        _ given: String?, _ file: ProjectConfiguration?
    ) throws(RunnerError) -> Seed {
        guard let given else { return file?.agent.seed ?? Seed(1) }
        guard let seed = Seed(text: given) else {
            throw RunnerError(.usage, "--seed \(given): a number from 0 to 2^64-1, or 0x hex")
        }
        return seed
    }

    private static func cassette(
        _ options: RecordCommand, _ project: Project?, isElsewhere: Bool
    ) throws(RunnerError) -> String {
        if let given = options.cassette {
            return isElsewhere ? project?.lasting(given) ?? given : given
        }
        let file = project?.configuration
        guard let own = file?.defaultCassette ?? file?.cassettes.first else {
            throw RunnerError(
                .usage,
                "no cassette; give --cassette FILE, or name it under 'cassettes' in "
                    + (file?.file ?? "a stormtape.yaml, which `stormtape init` writes"))
        }
        return isElsewhere ? own : project?.path(own) ?? own
    }

    /// The upstreams of the command line, or else those of the file.
    private static func upstreams(
        _ given: UpstreamArguments, _ file: ProjectConfiguration?
    ) -> UpstreamArguments {
        guard let file, given.upstreams.isEmpty, !given.proxy else { return given }
        var all = given
        all.proxy = file.usesProxy ?? false
        for entry in file.upstreams {
            all.upstreams.append(entry.address.map { "\(entry.name)=\($0)" } ?? entry.name)
            all.variables += entry.variables.map { "\($0)=\(entry.name)" }
            all.reads += entry.reads.map { "\(entry.name)=\($0)" }
            if let kind = entry.kind { all.kinds.append("\(entry.name)=\(kind.rawValue)") }
            if let spoken = entry.wireProtocol { all.protocols.append("\(entry.name)=\(spoken)") }
        }
        return all
    }
}
