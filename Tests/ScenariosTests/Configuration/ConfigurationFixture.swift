import Scenarios

enum ConfigurationFixture {
    static let vocabulary = ConfigurationVocabulary(
        faults: ScenarioFixture.catalogue, mutations: ["typo", "prompt_injection"],
        upstreams: ["openai", "ollama"], formats: ["text", "json", "junit"])

    static func parse(_ text: String) throws(ScenarioError) -> ProjectConfiguration {
        try ConfigurationFile.parse(text: text, file: "stormtape.yaml", vocabulary)
    }

    static func error(_ text: String) -> ScenarioError? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    /// Every key once.
    static let whole = """
        version: 1
        agent:
          command: python "my agent.py" {prompt}
          clock: real
          pace: real
          wall_limit_s: 2.5
          memory_limit_mib: 512
          process_limit: 20
          isolation: false
          show_output: true
          seed: 0x1F
          entropy: hook
          stdin: input.txt
          ask: ask.yaml
          values: { question: 7 }
        upstreams:
          openai:
          docs: https://docs.example/v1
          shop:
            address: https://shop.example
            kind: tool
            protocol: mcp
            env: [SHOP_URL]
            reads: [POST /query]
        proxy: true
        cassettes: [a.cassette, b.cassette]
        default_cassette: b.cassette
        prompts:
          - Where is my order?
          - text: "7"
          - { file: prompt.txt }
        mutations: [typo]
        scenarios:
          - storm.yaml
          - { file: other.yaml, name: other, seeds: 3, invariants: [max_calls: { upstream: openai, count: 8 }] }
          - { preset: api-outage, seeds: "1..2,9" }
          - name: in-place
            faults:
              - { fault: rate-limit-429, on: { probability: 1/3, call: 2 }, times: forever }
            invariants: [exit_code: 0]
            off_tape: stub
            stubs: [{ body: "yes" }]
            normalise: [{ path: $.now, as: ignore }]
        seeds: 1..3
        invariants:
          - exit_code: 0
            severity: critical
        gates: { min_pass: 95%, min_score: 0.9, max_off_tape: 2, critical: false, min_runs: 3 }
        report: [{ format: junit, path: out/storm.xml }]
        history: ledger
        failures: known
        workers: 2
        """
}
