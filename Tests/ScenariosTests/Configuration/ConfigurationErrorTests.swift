import Scenarios
import Testing

@Suite("Errors in the configuration")
struct ConfigurationErrorTests {
    @Test("an unknown key is shown with its line, a caret and what was meant")
    func rendering() throws {
        let error = try #require(
            ConfigurationFixture.error("version: 1\nagent:\n  comand: python agent.py\n"))
        #expect(
            error.description == """
                error: unknown key 'comand'
                  --> stormtape.yaml:3:3
                   |
                 3 |   comand: python agent.py
                   |   ^^^^^^ did you mean 'command'?
                   = allowed: command, clock, pace, wall_limit_s, memory_limit_mib, \
                process_limit, isolation, show_output, seed, entropy, stdin, ask, values
                """)
    }

    /// What stands below `version: 1`, the line and column, and a piece of the error.
    static let wrong: [(String, Int, Int, String)] = [
        ("agnet: {}", 2, 1, "did you mean 'agent'?"),
        ("agent: python", 2, 8, "'agent' must be a map, was a single value"),
        ("agent: { command: [] }", 2, 19, "'command' must be the words of a command"),
        ("agent: { command: 'a \"b' }", 2, 19, "its quotes closed"),
        ("agent: { command: a | b }", 2, 19, "no shell reads 'command'"),
        ("agent: { command: [[a]] }", 2, 20, "a word of 'command' must be a text"),
        ("agent: { clock: virtul }", 2, 17, "did you mean 'virtual'?"),
        ("agent: { wall_limit_s: 0 }", 2, 24, "must be a number above 0 and at most 86400"),
        ("agent: { wall_limit_s: 1e9 }", 2, 24, "at most 86400"),
        ("agent: { memory_limit_mib: 0 }", 2, 28, "at least 1"),
        ("agent: { isolation: yes }", 2, 21, "'isolation' must be true or false"),
        ("agent: { seed: -1 }", 2, 16, "'seed' must be a seed"),
        ("agent: { values: { a: b } }", 2, 10, "fill in the file of 'ask'"),
        ("upstreams: [openai]", 2, 12, "'upstreams' must be a map of names, was a list"),
        ("upstreams: { opnai: }", 2, 14, "did you mean 'openai'?"),
        ("upstreams: { my shop: http://a }", 2, 14, "no name of an upstream"),
        ("upstreams: { shop: shop.example }", 2, 20, "begins with http:// or https://"),
        ("upstreams: { shop: 'https://u:p@a' }", 2, 20, "holds no credentials"),
        ("upstreams: { openai: { adress: http://a } }", 2, 24, "did you mean 'address'?"),
        ("upstreams: { openai: { kind: modl } }", 2, 30, "did you mean 'model'?"),
        ("upstreams: { openai: { protocol: http } }", 2, 34, "must be one of these words"),
        ("upstreams: { openai: { reads: [query] } }", 2, 32, "must be a route"),
        ("cassettes: a.cassette", 2, 12, "'cassettes' must be a list"),
        ("cassettes: [a, a]", 2, 1, "'a' is given twice"),
        ("prompts: [[a]]", 2, 11, "a prompt must be a text, was a list"),
        ("prompts: [{ text: a, file: b }]", 2, 11, "needs either 'text' or 'file'"),
        ("mutations: [tpyo]", 2, 13, "did you mean 'typo'?"),
        ("scenarios: [{}]", 2, 13, "needs 'file', 'preset', or 'name'"),
        ("scenarios: [{ preset: api-outag }]", 2, 23, "did you mean 'api-outage'?"),
        ("scenarios: [{ file: a, preset: api-outage }]", 2, 24, "not both"),
        ("scenarios: [{ file: a, faults: [] }]", 2, 24, "move it to that file"),
        ("scenarios: [{ name: a }, { name: a }]", 2, 26, "two scenarios have the name 'a'"),
        ("scenarios: [{ name: a, faults: [{ fault: rate-limt-429 }] }]", 2, 42, "did you mean"),
        ("scenarios: [{ name: a, invariants: [exit_cod: 0] }]", 2, 37, "exit_code"),
        ("seeds: 9..1", 2, 8, "'seeds' names no seeds"),
        ("seeds: 1..2000000", 2, 8, "at most 1,000,000 seeds"),
        ("seeds: 1,,2", 2, 8, "the forms are"),
        ("invariants: [max_call: 1]", 2, 14, "max_calls"),
        ("gates: { min_pass: 150% }", 2, 20, "'min_pass' must lie between 0 and 1"),
        ("gates: { max_off_tape: -1 }", 2, 24, "at least 0"),
        ("gates: { min_runs: 0 }", 2, 20, "at least 1"),
        ("report: [{ format: junit }]", 2, 10, "needs the key 'path'"),
        ("report: [{ format: xml, path: a }]", 2, 20, "must be one of these words"),
        ("workers: 257", 2, 10, "at most 256"),
        ("version: 1", 1, 1, "the key 'version' is given twice"),
    ]

    @Test("what is wrong is named with its place", arguments: wrong)
    func places(_ text: String, _ line: Int, _ column: Int, _ piece: String) throws {
        let error = try #require(
            ConfigurationFixture.error("version: 1\n\(text)\n"), "\(text) is accepted")
        let first = try #require(error.diagnostics.first)
        #expect(error.description.contains(piece), "\(error.description)")
        #expect((first.line, first.column) == (line, column), "\(error.description)")
        #expect(error.diagnostics.count == 1, "\(error.description)")
    }

    @Test("the version is demanded and must be known")
    func version() throws {
        let missing = try #require(ConfigurationFixture.error("workers: 1\n"))
        #expect(missing.description.contains("needs the key 'version'"))
        let newer = try #require(ConfigurationFixture.error("version: 2\n"))
        #expect(newer.description.contains("at least 1 and at most 1"))
        let empty = try #require(ConfigurationFixture.error("# nothing\n"))
        #expect(empty.description.contains("stormtape init"))
    }

    @Test("all errors are shown at once")
    func all() throws {
        let error = try #require(
            ConfigurationFixture.error(
                "version: 1\nagent: { clock: x, pace: y }\nseeds: z\nworkers: 0\n"))
        #expect(error.diagnostics.map(\.line) == [2, 2, 3, 4])
    }
}
