internal import Determinism

/// A configuration of flakestorm as one of stormtape, with what is to be said about it.
package struct FlakestormConversion: Sendable {
    /// The text of `stormtape.yaml`.
    package let text: String
    /// One sentence for each key that never worked there or means something else here.
    package let notes: [String]

    /// Converts the text of a file.
    package static func convert(
        text: String, file: String, _ vocabulary: ConfigurationVocabulary
    ) throws(ScenarioError) -> FlakestormConversion {
        let source = ScenarioSource(text, emptyHint: "a flakestorm.yaml is wanted")
        let root: YAMLNode
        do {
            root = try YAMLTree.parse(text, source: source)
        } catch {
            throw ScenarioError(
                file: file, diagnostics: [source.clamped(error.diagnostic)], source: source)
        }
        guard case .mapping(let pairs) = root.content,
            pairs.contains(where: { ["agent", "golden_prompts"].contains($0.key) })
        else {
            throw ScenarioError(
                file: file,
                diagnostics: [
                    ScenarioDiagnostic(
                        message: "this is no configuration of flakestorm, which has 'agent' and "
                            + "'golden_prompts'", line: 1, column: 1, length: 1)
                ], source: source)
        }
        var converter = FlakestormConverter(root: root.json, vocabulary: vocabulary)
        converter.run()
        let head = ConfigurationTemplate.modeline("config") + "# Converted from \(named(file)).\n"
        return FlakestormConversion(
            text: head + ConfigurationText.of(converter.lines, vocabulary),
            notes: converter.notes)
    }

    /// A file's name in a comment, which ends with its line.
    private static func named(_ file: String) -> String {
        String(
            file.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}

/// Does the conversion part by part.
struct FlakestormConverter {
    let root: JSONValue
    let vocabulary: ConfigurationVocabulary
    private(set) var lines: [ConfigurationText.Line] = []
    private(set) var notes: [String] = []

    init(root: JSONValue, vocabulary: ConfigurationVocabulary) {
        self.root = root
        self.vocabulary = vocabulary
    }

    mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    mutating func set(_ key: String, _ value: JSONValue, comment: String = "") {
        lines.append(ConfigurationText.Line(key, value, comment: comment))
    }

    mutating func run() {
        agent(root["agent"] ?? .object([]))
        set("upstreams", ["openai": .object([])])
        note(
            "upstreams: flakestorm never saw what the agent calls; name its model and its tools, "
                + "then `stormtape record` once")
        set("cassettes", ["agent.cassette"])
        let prompts = (root["golden_prompts"]?.arrayValue ?? []).compactMap(\.stringValue)
        if !prompts.isEmpty { set("prompts", .texts(prompts)) }
        mutations(root["mutations"] ?? .object([]))
        scenarios()
        seeds()
        invariants()
        gates()
        output()
        for key in Self.dead where root[pointer: key.pointer] != nil { note(key.note) }
        let known = [
            "version", "agent", "model", "mutations", "golden_prompts", "invariants", "output",
            "advanced", "scoring", "chaos", "contract", "chaos_matrix", "replays",
        ]
        for member in root.objectValue ?? [] where !known.contains(member.key) {
            note("\(member.key): flakestorm ignores unknown keys; so it is left out")
        }
    }

    /// Keys that did nothing there, or have no use here.
    private static let dead: [(pointer: String, note: String)] = [
        ("/model", "model: mutations are made by rule here; no model is asked"),
        (
            "/mutations/custom_templates",
            "mutations.custom_templates: never used by flakestorm; try `stormtape mutate "
                + "--template`"
        ),
        (
            "/mutations/weights",
            "mutations.weights: scores here are weighted by the faults and by severity"
        ),
        (
            "/output/format",
            "output.format: ignored by flakestorm, whose flag decided; taken at its word here"
        ),
        ("/output/filename_template", "output.filename_template: ignored by flakestorm; left out"),
        (
            "/advanced/concurrency",
            "advanced.concurrency: ignored by flakestorm, which ran one at a time; it is "
                + "'workers' here"
        ),
        ("/advanced/retries", "advanced.retries: ignored by flakestorm; the agent's own count"),
        (
            "/chaos_matrix",
            "chaos_matrix outside of 'contract': ignored by flakestorm's engine, which then gave "
                + "100 %; its scenarios are run here"
        ),
        (
            "/scoring",
            "scoring: phases have no weights here; gates.min_score is for all cells together"
        ),
        (
            "/replays",
            "replays: flakestorm never used 'tool_responses' and 'context'; record a cassette, "
                + "or `stormtape import` one"
        ),
        ("/agent/reset_endpoint", "agent.reset_endpoint: every run starts a fresh agent"),
        ("/agent/reset_function", "agent.reset_function: every run starts a fresh agent"),
        (
            "/agent/response_path",
            "agent.response_path: invariants look at the whole answer; use output_json_schema"
        ),
        (
            "/agent/timeout",
            "agent.timeout: was for one request to the agent; here agent.wall_limit_s is for a "
                + "run, in real time"
        ),
        (
            "/agent/headers",
            "agent.headers: left out; write them as 'headers' into the file of agent.ask"
        ),
        (
            "/agent/method",
            "agent.method: left out; write it as 'method' into the file of agent.ask"
        ),
        (
            "/agent/query_params",
            "agent.query_params: left out; write them into the 'path' of the file of agent.ask"
        ),
        (
            "/agent/request_template",
            "agent.request_template: flakestorm put prompts in without escaping them; write the "
                + "body into the file of agent.ask, where {{prompt}} is encoded"
        ),
    ]

    private mutating func seeds() {
        let seed = root["advanced"]?["seed"]?.intValue.flatMap { $0 >= 0 ? $0 : nil }
        set("seeds", .string(seed.map { "\($0)" } ?? "1..10"))
        note(
            seed == nil
                ? "seeds: flakestorm had one trial for each case; ten seeds are taken here"
                : "advanced.seed: flakestorm seeded one global generator and lowered the "
                    + "temperature, so that runs did not repeat; here they do")
        if let count = root["advanced"]?["concurrency"]?.intValue, (1...256).contains(count) {
            set("workers", .int(count))
        }
    }

    private mutating func gates() {
        set(
            "gates.max_off_tape", .int(1_000_000),
            comment: "changed prompts get the answers to the recorded one")
        note(
            "gates: flakestorm passed whatever the score unless told by a flag; here every run "
                + "has to pass, so set min_pass or min_score where that is too much")
        note(
            "gates.max_off_tape: 1000000, since changed prompts get the answers to the recorded "
                + "one; lower it once they are recorded")
    }

    private mutating func output() {
        guard let output = root["output"] else { return }
        let folder = output["path"]?.stringValue ?? "reports"
        let format = output["format"]?.stringValue ?? "html"
        let chosen = vocabulary.formats.contains(format) ? format : "json"
        let suffix = chosen == "text" ? "txt" : chosen
        let path = (folder.hasSuffix("/") ? String(folder.dropLast()) : folder)
        set(
            "report",
            .array([["format": .string(chosen), "path": .string("\(path)/stormtape.\(suffix)")]]))
    }
}
