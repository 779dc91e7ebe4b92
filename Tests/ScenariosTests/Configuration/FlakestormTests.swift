import Determinism
import Faults
import Scenarios
import Testing

@Suite("Configurations of flakestorm")
struct FlakestormTests {
    private static let vocabulary = ConfigurationVocabulary(
        mutations: ["paraphrase", "noise", "prompt_injection"], upstreams: ["openai"],
        formats: ["text", "json", "html"])

    /// A chat agent behind HTTP with mutations alone.
    static let chat = """
        version: "1.0"
        agent:
          endpoint: http://localhost:8000/chat
          type: http
          timeout: 30000
          request_template: '{"message": "{prompt}"}'
          response_path: "$.reply"
        model: { provider: ollama, name: "qwen3:8b" }
        mutations:
          count: 20
          types: [paraphrase, noise, prompt_injection, custom]
          weights: { noise: 0.8 }
        golden_prompts:
          - "Where is order 17?"
          - 'Say "hello"'
        invariants:
          - { type: latency, max_ms: 2000 }
          - { type: valid_json }
          - { type: refusal_check, dangerous_prompts: true }
        output: { format: html, path: ./reports }
        advanced: { concurrency: 4, retries: 2, seed: 42 }
        """

    /// A function of Python with chaos.
    static let research = """
        version: "2.0"
        agent: { endpoint: "research.agent:run", type: python }
        golden_prompts: [Summarise the report]
        invariants:
          - { type: contains, value: summary, negate: true, severity: high }
          - { type: contains_any, values: [a, b] }
          - { type: regex, pattern: "[0-9]+", when: no_chaos }
          - { type: similarity, expected: A summary., threshold: 0.7 }
          - { type: behavior_unchanged, baseline: auto }
        chaos:
          tool_faults:
            - { tool: "*", mode: error, error_code: 503, message: down, probability: 0.5 }
            - { tool: search, mode: slow, delay_ms: 5000 }
            - { tool: x, mode: malformed, match_url: "https://api.example/v1/*", after_calls: 3 }
            - { tool: "*", mode: explode }
          llm_faults:
            - { mode: truncated_response, max_tokens: 10 }
            - { mode: response_drift, drift_type: json_field_rename, severity: high }
            - { mode: timeout, delay_ms: 10 }
          context_attacks:
            - { type: memory_poisoning, payload: Obey., strategy: prepend }
        """

    /// A contract with its matrix.
    static let contract = """
        agent: { endpoint: http://localhost:9/x }
        golden_prompts: [Pay the bill]
        goldn: 1
        contract:
          name: money
          invariants:
            - { id: no-leak, type: excludes_pattern, severity: critical, patterns: ["sk-"] }
            - { id: private, type: excludes_pii, when: any_chaos_active }
            - { id: said, type: output_not_empty, negate: true }
            - { id: done, type: completes }
            - { id: what, type: refusal }
          chaos_matrix:
            - { name: no-chaos }
            - name: outage
              tool_faults: [{ tool: "*", mode: timeout }]
              context_attacks:
                indirect_injection: { payloads: [Send it.], trigger_probability: 0.3 }
                overflow: { inject_tokens: 10 }
        """

    @Test("each becomes a configuration that is read", arguments: [chat, research, contract])
    func readable(_ text: String) throws {
        let found = try Self.convert(text)
        let read = try ConfigurationFile.parse(
            text: found.text, file: "stormtape.yaml", Self.vocabulary)
        #expect(!read.agent.command.isEmpty && !read.prompts.isEmpty && !found.notes.isEmpty)
        #expect(!read.scenarios.isEmpty)
        for scenario in read.scenarios {
            guard case .inline(let text) = scenario.source else { continue }
            _ = try ScenarioFile.parse(text: text, file: "inline")
        }
    }

    @Test("prompts, mutations and invariants are taken over; dead keys are told")
    func mutations() throws {
        let (read, notes) = try Self.read(Self.chat)
        #expect(read.prompts == [.text("Where is order 17?"), .text("Say \"hello\"")])
        #expect(read.mutations == ["paraphrase", "noise", "prompt_injection"])
        #expect(read.invariants.count == 3 && read.seedText == "42" && read.workers == 4)
        #expect(read.reports.map(\.path) == ["./reports/stormtape.html"])
        for key in [
            "'custom'", "mutations.weights", "advanced.concurrency", "advanced.retries",
            "output.format", "agent.request_template", "agent.response_path", "refusal_check",
        ] { #expect(notes.contains { $0.contains(key) }, "\(key)") }
    }

    @Test("faults strike the agent's own calls")
    func chaos() throws {
        let (read, notes) = try Self.read(Self.research)
        #expect(read.agent.command.prefix(2) == ["python", "-c"])
        let chaos = try Self.scenario("chaos", read)
        #expect(
            chaos.faults.map(\.fault) == [
                "tool-error", "tool-latency", "tool-corrupt", "finish-length", "response-drift",
                "headers-timeout", "memory-poison",
            ])
        #expect(chaos.faults[0].selector.probability == Ratio(1, 2))
        #expect(chaos.faults[2].selector.tool == "/v1/*" && chaos.faults[2].selector.after == 2)
        #expect(read.invariants[0]["negate"] == true && read.invariants[0]["severity"] == "high")
        #expect(read.invariants[2]["when"] == "no_chaos")
        for key in ["'search'", "'explode'", "'severity'", "'timeout'", "when:", "similarity"] {
            #expect(notes.contains { $0.contains(key) }, "\(key)")
        }
    }

    @Test("a contract's scenarios are scenarios, and its identifiers labels")
    func contracts() throws {
        let (read, notes) = try Self.read(Self.contract)
        #expect(read.scenarios.compactMap(\.name) == ["calm", "no-chaos", "outage"])
        let outage = try Self.scenario("outage", read)
        #expect(
            outage.faults.map(\.fault) == [
                "tool-timeout", "tool-injection-indirect", "context-overflow",
            ])
        #expect(outage.faults[1].selector.probability == Ratio(3, 10))
        #expect(read.invariants.map { $0["label"] } == ["no-leak", "private", "said", "done"])
        for key in ["goldn", "'refusal'", "negate: flakestorm ignored it", "completes"] {
            #expect(notes.contains { $0.contains(key) }, "\(key)")
        }
    }

    @Test("what is left out of an agent, and what an invariant lacks, is told")
    func notes() throws {
        let (read, notes) = try Self.read(
            """
            agent:
              endpoint: "my-mod.agent:run"
              type: python
              timeout: 30000
              headers: { x-key: a }
              method: PUT
              query_params: { q: a }
            golden_prompts: [Pay]
            invariants: [{ type: contains }, { type: magic }]
            """)
        #expect(read.agent.command == ["python", "agent.py"])
        for key in [
            "'my-mod.agent:run' is no name", "agent.timeout", "agent.headers", "agent.method",
            "agent.query_params", "'contains' has no 'value'", "no type 'magic'",
        ] { #expect(notes.contains { $0.contains(key) }, "\(key)") }
        #expect(!notes.contains { $0.contains("no type 'contains'") })
    }

    @Test("runs have to pass unless told otherwise, and changed prompts may be off the tape")
    func gates() throws {
        let (read, notes) = try Self.read(Self.chat)
        #expect(read.gates.minPass == nil && read.gates.maxOffTape == 1_000_000)
        #expect(notes.contains { $0.hasPrefix("gates.max_off_tape: ") })
        #expect(try Self.convert(Self.chat).text.contains("# changed prompts get the answers"))
    }

    @Test("both matrices are run, under names of their own; a quoted share is one")
    func matrices() throws {
        let (read, _) = try Self.read(
            """
            agent: { endpoint: http://localhost:9/x }
            golden_prompts: [Pay]
            contract: { chaos_matrix: [{ name: outage }, { name: "outage 3" }] }
            chaos_matrix:
              - name: outage
                tool_faults: [{ tool: "*", mode: timeout, probability: "0.3" }]
            """)
        #expect(
            read.scenarios.compactMap(\.name) == ["calm", "outage", "outage 3", "outage 4"])
        let last = try Self.scenario("outage 4", read)
        #expect(last.faults.first?.selector.probability == Ratio(3, 10))
    }

    @Test(
        "what is no configuration of flakestorm is refused",
        arguments: ["", "[]", "a: 1", "agent: [", "7"])
    func foreign(_ text: String) {
        #expect(throws: ScenarioError.self) { try Self.convert(text) }
    }

    private static func convert(_ text: String) throws -> FlakestormConversion {
        try FlakestormConversion.convert(text: text, file: "flakestorm.yaml", vocabulary)
    }

    private static func read(_ text: String) throws -> (ProjectConfiguration, [String]) {
        let found = try convert(text)
        return (
            try ConfigurationFile.parse(text: found.text, file: "stormtape.yaml", vocabulary),
            found.notes
        )
    }

    private static func scenario(
        _ name: String, _ read: ProjectConfiguration
    ) throws -> Scenario {
        let entry = try #require(read.scenarios.first { $0.name == name })
        guard case .inline(let text) = entry.source else {
            Issue.record("\(name) is not in place")
            return Scenario(name: name)
        }
        return try ScenarioFile.parse(text: text, file: name)
    }
}
