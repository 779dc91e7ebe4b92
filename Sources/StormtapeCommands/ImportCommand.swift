internal import ArgumentParser
internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Importers
internal import Runner

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a cassette from recordings of other tools.",
        discussion: """
            Reads cassettes of vcrpy, Ruby's VCR and go-vcr, HAR 1.2 (also zipped), flows of
            mitmproxy, and lists of events. What wrote a file is told by its content. The order
            of the files makes no difference.

            EXAMPLES
              stormtape import session.har --cassette a.cassette
              stormtape import tests/cassettes --cassette a.cassette --env SHOP_URL=shop-example
              stormtape import recordings --check --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The recordings; a folder stands for all files below it.")
    var files: [String]

    @Option(help: "The file to write.")
    var cassette: String?

    @Option(
        name: .customLong("env"),
        help: "VAR=NAME: a variable that holds the address of an upstream's mount.")
    var variables: [String] = []

    @Flag(help: "Write nothing: read, decode, put each stream together again, and count.")
    var check = false

    @Flag(help: "Fail when anything is refused.")
    var strict = false

    @Flag(help: "Replace a cassette that exists.")
    var overwrite = false

    @Option(help: "How the counts are printed: text or json.")
    var format: Format = .text

    func run() throws {
        guard check || cassette != nil else {
            throw RunnerError(.usage, "give --cassette FILE to write, or --check to only count")
        }
        let redactor = Redactor(RedactionRules(environment: System.environment))
        let result = Importer.run(
            try found(),
            options: ImportOptions(
                known: UpstreamPreset.all.map {
                    KnownUpstream(name: $0.name, address: $0.address, variables: $0.variables)
                },
                redactor: redactor, toolVersion: StormtapeVersion.current))
        let report = result.report
        for line in report.fidelityLines + report.complaintLines {
            // Names and reasons come from files that nothing vouches for.
            Terminal.complain(VisibleText.escaped(line))
        }
        switch format {
        case .json: Terminal.say(report.json.canonicalText())
        case .text: Terminal.say(report.countLines.joined(separator: "\n"))
        }
        try judge(report)
        if let cassette, !check { try write(result, to: cassette, redactor) }
    }

    private func found() throws(RunnerError) -> [ImportFile] {
        do {
            return try ImportFile.find(files)
        } catch {
            throw refusal(error.description)
        }
    }

    /// A usage error that quotes names from elsewhere.
    private func refusal(_ message: String) -> RunnerError {
        RunnerError(.usage, VisibleText.escaped(message))
    }

    private func judge(_ report: ImportReport) throws(RunnerError) {
        let changed = report.providers.reduce(0) { $0 + $1.changedStreams }
        guard changed == 0 else {
            throw RunnerError(
                .internalError,
                "\(changed) streams were not the same bytes after decoding; "
                    + "please report it with the files")
        }
        guard report.exchanges > 0 else {
            throw RunnerError(
                .usage,
                "nothing could be imported from \(report.files) files; "
                    + "the reasons are above")
        }
        guard !strict || report.refusals.isEmpty else {
            throw RunnerError(
                .usage, "--strict: \(report.refusals.count) files or exchanges are refused")
        }
    }

    private func write(
        _ result: ImportResult, to path: String, _ redactor: Redactor
    ) throws(RunnerError) {
        var manifest = result.manifest
        try nameVariables(&manifest.upstreams)
        guard redactor.scan(CanonicalText.encode(manifest: manifest)).isEmpty else {
            throw RunnerError(
                .usage, "an address holds something like a credential; take it out of the files")
        }
        do throws(CassetteFileError) {
            let writer = try CassetteWriter.create(path, manifest: manifest, overwrite: overwrite)
            for interaction in result.interactions { try writer.put(interaction) }
            let hash = try writer.pack()
            Terminal.complain(
                VisibleText.escaped(
                    "imported \(result.interactions.count) interactions into \(path) "
                        + "(\(hash.hex.prefix(16))); look at it with "
                        + "`stormtape cassette inspect \(path)`"))
        } catch {
            let hint = error.code == .exists ? " (--overwrite)" : ""
            throw refusal(error.description + hint)
        }
        for upstream in manifest.upstreams where upstream.variables.isEmpty {
            Terminal.complain(
                "note: no variable holds the address of \(upstream.name); if the agent reads one, "
                    + "import with --env VAR=\(upstream.name)")
        }
    }

    private func nameVariables(_ upstreams: inout [Upstream]) throws(RunnerError) {
        for text in variables {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw refusal("--env \(text): the form is VAR=NAME")
            }
            guard let index = upstreams.firstIndex(where: { $0.name == parts[1] }) else {
                let known = upstreams.map(\.name).joined(separator: ", ")
                throw refusal("--env: there is no upstream '\(parts[1])'; there are \(known)")
            }
            if !upstreams[index].variables.contains(parts[0]) {
                upstreams[index].variables.append(parts[0])
            }
        }
    }
}
