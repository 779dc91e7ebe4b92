internal import ArgumentParser
internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Runner
internal import Scenarios

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a stormtape.yaml and a scenario to begin with.",
        discussion: """
            Files that exist are kept; --force replaces them. The schemas for editors beside them
            are always written anew.

            EXAMPLES
              stormtape init -- python agent.py
              stormtape init --cassette a.cassette --preset provider-brownout -- node agent.js
              stormtape init --ci github
            """)

    enum Pipeline: String, ExpressibleByArgument, CaseIterable {
        case github
        case gitlab

        var template: PipelineTemplate { self == .github ? .github : .gitlab }
    }

    @Option(help: "The scenario's file; stormtape.yaml is written beside it.")
    var output: String = "storm.yaml"

    @Option(help: "The cassette; where it exists, its upstreams and prompt are taken over.")
    var cassette: String?

    @Option(help: "A ready-made scenario to write; `faults --presets` lists them.")
    var preset: String?

    @Option(name: .customLong("ci"), help: "github or gitlab: write a pipeline too.")
    var pipeline: Pipeline?

    @Flag(help: "Replace files that exist.")
    var force = false

    @Argument(parsing: .postTerminator, help: "The agent's command, after --.")
    var command: [String] = []

    func run() throws {
        let manifest = try self.manifest()
        let scenario = try scenario(manifest)
        var files = InitFiles(force: force)
        let folder = String(output.dropLast(name.count))
        try files.write(folder + ConfigurationFile.name, template(manifest).text)
        try files.write(output, ConfigurationTemplate.modeline("scenario") + scenario)
        if let pipeline {
            let template = pipeline.template
            let place = PipelinePlace(folder: folder, in: ConfigurationSearch.workingFolder)
            try files.write(
                place.root + template.path,
                template.text(version: StormtapeVersion.current, folder: place.inner))
        }
        guard !files.written.isEmpty else {
            throw RunnerError(
                .usage,
                "nothing to write: \(files.kept.joined(separator: " and ")) exists already; "
                    + "--force replaces it, --output names another scenario")
        }
        try files.schemas(folder + ConfigurationTemplate.schemaFolder)
        advise(manifest)
    }

    /// The scenario's file without its folder.
    private var name: String {
        output.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
            ?? output
    }

    /// What a cassette says of the agent; nil when there is none yet.
    private func manifest() throws(RunnerError) -> Manifest? {
        guard let cassette else { return nil }
        let isThere = System.contents(of: cassette) != nil
        return isThere ? try CassetteAccess.open(cassette).manifest : nil
    }

    private func template(_ manifest: Manifest?) -> ConfigurationTemplate {
        var path = cassette ?? "agent.cassette"
        if output.contains("/"), cassette != nil, !path.hasPrefix("/") {
            path = "\(ConfigurationSearch.workingFolder)/\(path)"
        }
        let prompt = manifest?.prompt.flatMap { $0.isEmpty ? nil : $0 }
        return ConfigurationTemplate(
            command: command, cassette: path, scenario: name,
            upstreams: manifest?.upstreams ?? [], known: UpstreamPreset.all.map(\.name),
            prompt: prompt)
    }

    private func scenario(_ manifest: Manifest?) throws(RunnerError) -> String {
        guard let preset else { return ScenarioTemplate.text(upstreams: manifest?.upstreams ?? []) }
        guard let ready = ScenarioPreset.named(preset) else {
            throw RunnerError(.usage, ScenarioPreset.unknown(preset))
        }
        return ready.text
    }

    private func advise(_ manifest: Manifest?) {
        if let pipeline { Terminal.complain("for the pipeline, \(pipeline.template.nextStep)") }
        if command.isEmpty {
            Terminal.complain("put your agent's command into \(ConfigurationFile.name)")
        }
        Terminal.complain("then run:")
        let enter = output.contains("/") ? "cd \(output.dropLast(name.count)) && " : ""
        Terminal.say(enter + (manifest == nil ? "stormtape record" : "stormtape storm"))
    }
}

/// Where a pipeline belongs, and where its repository has the configuration.
struct PipelinePlace {
    /// The root of the repository, or the working folder where there is none; from the working
    /// folder, and empty or with a slash at its end.
    let root: String
    /// The folder of the configuration, from the root; empty where it is the root.
    let inner: String

    init(folder: String, in here: String) {
        let absolute = Self.parts(folder.hasPrefix("/") ? folder : "\(here)/\(folder)")
        let repository = ConfigurationSearch.repository(of: Self.joined(absolute)).map(Self.parts)
        let own = Self.parts(here)
        guard let top = repository ?? (absolute.starts(with: own) ? own : nil) else {
            root = folder
            inner = ""
            return
        }
        inner = absolute.dropFirst(top.count).joined(separator: "/")
        let way =
            own.starts(with: top)
            ? String(repeating: "../", count: own.count - top.count) : Self.joined(top) + "/"
        root = way
    }

    /// The folders on the way to one, without `.` and `..`.
    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/").reduce(into: []) { parts, part in
            if part == ".." {
                _ = parts.popLast()
            } else if part != "." {
                parts.append(part)
            }
        }
    }

    private static func joined(_ parts: [Substring]) -> String {
        "/" + parts.joined(separator: "/")
    }
}

/// Writes files, and keeps those that exist.
struct InitFiles {
    let force: Bool
    private(set) var written: [String] = []
    private(set) var kept: [String] = []

    init(force: Bool) {
        self.force = force
    }

    mutating func write(_ path: String, _ text: String) throws(RunnerError) {
        guard force || System.contents(of: path) == nil else {
            kept.append(path)
            Terminal.complain("kept \(path), which exists")
            return
        }
        guard System.replaceFile(path, Array(text.utf8)) else {
            throw RunnerError(.usage, "cannot write \(path); its folder cannot be written")
        }
        written.append(path)
        Terminal.complain("wrote \(path)")
    }

    func schemas(_ folder: String) throws(RunnerError) {
        for kind in SchemaCommand.Kind.written {
            let path = "\(folder)/\(kind.rawValue).json"
            let text = SchemaCommand.schema(kind).canonicalText() + "\n"
            guard System.replaceFile(path, Array(text.utf8)) else {
                throw RunnerError(.usage, "cannot write \(path); its folder cannot be written")
            }
        }
    }
}
