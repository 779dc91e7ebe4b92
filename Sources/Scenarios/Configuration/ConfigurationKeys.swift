internal import Cassette
internal import Faults

/// The keys of `stormtape.yaml`.
enum ConfigurationKeys {
    static func root(_ vocabulary: ConfigurationVocabulary) -> KeyTable {
        KeyTable(
            summary: "The configuration of stormtape for one agent.",
            keys: [
                KeySpec(
                    "version", .whole(1...1), "The version of this form: 1.", isRequired: true),
                KeySpec("agent", .table(agent), "The agent, and how it runs."),
                KeySpec(
                    "upstreams",
                    .map(.either([.nothing, .text, .table(upstream)])),
                    "What the agent calls, by name: an address, a map, or nothing for one whose "
                        + "address is known (\(vocabulary.upstreams.joined(separator: ", ")))."),
                KeySpec(
                    "proxy", .boolean, "Whether 'record' offers an HTTPS proxy too.",
                    standard: "false"),
                KeySpec("cassettes", .list(.text), "The cassettes that storms run on."),
                KeySpec(
                    "default_cassette", .text, "The one that 'record' and 'replay' use.",
                    standard: "the first of 'cassettes'"),
                KeySpec(
                    "prompts", .list(.either([.text, .table(prompt)])),
                    "What the agent is asked in place of the recorded prompt."),
                KeySpec(
                    "mutations", .list(.reference("mutation")),
                    "Each prompt is also given in these forms; 'stormtape mutate --list'."),
                KeySpec(
                    "scenarios", .list(.either([.text, .table(scenario)])),
                    "Files of scenarios, ready-made ones by 'preset', or scenarios in place."),
                KeySpec("seeds", .seeds, "The seeds of every scenario.", standard: "1..60"),
                ScenarioKeys.invariants,
                KeySpec(
                    "judges", .text,
                    "The cassette with the answers of judges, which 'judge' records."),
                KeySpec("gates", .table(gates), "What a storm must reach."),
                KeySpec(
                    "report", .list(.table(report(vocabulary))),
                    "Reports that a storm writes to files."),
                KeySpec("history", .text, "The folder of the run ledger.", standard: ".stormtape"),
                KeySpec(
                    "failures", .text,
                    "A folder of failure files in the repository, replayed first."),
                KeySpec(
                    "workers", .whole(1...256), "How many worker processes.",
                    standard: "one for each processor"),
            ])
    }

    static let agent = KeyTable(
        summary: "The agent, and how it runs.",
        keys: [
            KeySpec(
                "command", .either([.text, .list(.anyText)]),
                "The command: a list of words, or a text of words as in a shell. {prompt} is "
                    + "replaced. No shell reads it."),
            KeySpec(
                "clock", .words(["virtual", "real"]), "The clock that the agent sees.",
                standard: "virtual"),
            KeySpec(
                "pace", .words(["immediate", "real"]), "Whether delays are slept for real.",
                standard: "immediate"),
            KeySpec(
                "wall_limit_s", .number(upTo: 86_400),
                "How many seconds of real time a run may take.", standard: "60"),
            KeySpec(
                "memory_limit_mib", .whole(1...1_000_000_000),
                "How much memory the agent's processes may take together.", standard: "8192"),
            KeySpec(
                "process_limit", .whole(2...1_000_000),
                "How many processes it may have at a time.", standard: "1000"),
            KeySpec(
                "isolation", .boolean, "Whether it runs in a network of its own.",
                standard: "true"),
            KeySpec(
                "show_output", .boolean, "Whether its output is shown on standard error.",
                standard: "false"),
            KeySpec(
                "seed", .seed, "The seed of its own randomness, for 'record'.", standard: "1"),
            KeySpec(
                "entropy", .words(["capsule", "hook"]),
                "Where its randomness comes from, for 'record'.", standard: "capsule"),
            KeySpec("stdin", .text, "A file that it reads as standard input, for 'record'."),
            KeySpec("ask", .text, "It is a server: a file of what it is asked over HTTP."),
            KeySpec("values", .map(.anyText), "What stands in that file as {{NAME}}."),
        ])

    static let upstream = KeyTable(
        summary: "One thing that the agent calls.",
        keys: [
            KeySpec("address", .text, "Its real address, or 'stdio:'.", standard: "the known one"),
            KeySpec(
                "kind", .words(UpstreamKind.allCases.map(\.rawValue)), "What it is.",
                standard: "detected"),
            KeySpec(
                "protocol", .words(["mcp"] + FaultContext.protocols), "What it speaks.",
                standard: "detected"),
            KeySpec("env", .list(.text), "Variables that hold the address of its mount."),
            KeySpec("reads", .list(.route), "Routes without side effect."),
        ])

    static let prompt = KeyTable(
        summary: "A prompt; either 'text' or 'file'.",
        keys: [
            KeySpec("text", .text, "The prompt."),
            KeySpec("file", .text, "A file that holds it."),
        ])

    static let scenario = KeyTable(
        summary: "A scenario: 'file', 'preset', or the keys of a scenario in place.",
        keys: [
            KeySpec("file", .text, "The file of a scenario."),
            KeySpec(
                "preset", .words(ScenarioPreset.all.map(\.name)), "A ready-made scenario."),
            KeySpec("name", .text, "Its name in reports.", standard: "the scenario's own"),
            KeySpec("seeds", .seeds, "Its seeds.", standard: "those of the configuration"),
        ] + ScenarioKeys.body)

    static let gates = KeyTable(
        summary: "What a storm must reach.",
        keys: [
            KeySpec(
                "min_pass", .share, "The share of runs that must not fail.",
                standard: "100%, or 0% with min_score"),
            KeySpec("min_score", .share, "The least weighted score.", standard: "0%"),
            KeySpec(
                "max_off_tape", .whole(0...ScenarioKeys.counted),
                "How many runs may be off the tape or pass on assumed answers only.",
                standard: "0"),
            KeySpec(
                "critical", .boolean, "Whether one broken critical invariant fails it.",
                standard: "true"),
            KeySpec(
                "min_runs", .whole(1...ScenarioKeys.counted),
                "How many judged runs each scenario must have.",
                standard: "1 with several storms or min_score"),
        ])

    static func report(_ vocabulary: ConfigurationVocabulary) -> KeyTable {
        KeyTable(
            summary: "A report that is written to a file.",
            keys: [
                KeySpec("format", .words(vocabulary.formats), "Its form.", isRequired: true),
                KeySpec("path", .text, "The file; one that exists is replaced.", isRequired: true),
            ])
    }
}
