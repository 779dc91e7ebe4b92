package import Cassette
internal import Determinism

/// The commented configuration that a user begins with.
package struct ConfigurationTemplate: Sendable {
    /// The agent's command; empty while it is not known.
    package var command: [String]
    /// The cassette, from the folder of the file.
    package var cassette: String
    /// The file of the scenario, from the folder of the file.
    package var scenario: String
    package var upstreams: [Upstream]
    /// Upstreams whose address is known.
    package var known: [String]
    package var prompt: String?

    package init(
        command: [String], cassette: String, scenario: String, upstreams: [Upstream],
        known: [String], prompt: String? = nil
    ) {
        self.command = command
        self.cassette = cassette
        self.scenario = scenario
        self.upstreams = upstreams
        self.known = known
        self.prompt = prompt
    }

    /// The folder of the schemas, from the folder of the file.
    package static let schemaFolder = ".stormtape/schema"

    /// The first line of a file, by which editors find its schema.
    package static func modeline(_ kind: String) -> String {
        "# yaml-language-server: $schema=\(schemaFolder)/\(kind).json\n"
    }

    /// The text; it is a valid configuration as it stands.
    package var text: String {
        Self.modeline("config") + head + agent + upstreamPart + cassettePart + rest
    }

    private var head: String {
        """
        # What stormtape knows of this agent. With it, commands need no arguments:
        #   stormtape record     runs the agent for real, once, and keeps its traffic
        #   stormtape replay     runs it again on the cassette
        #   stormtape storm      runs all scenarios, and its exit code is for CI
        # Flags go before STORMTAPE_... variables, these before this file:
        #   stormtape config print --resolved
        version: 1


        """
    }

    private var agent: String {
        let words = command.isEmpty ? ["python", "agent.py"] : command
        let list = words.map { FlowText.of(.string($0)) }.joined(separator: ", ")
        return """
            agent:
              command: [\(list)]
              # {prompt} in the command is replaced; the variable STORMTAPE_PROMPT holds it too.
              # An agent that is a server is asked over HTTP, by the questions of a file:
              # ask: ask.yaml


            """
    }

    private var upstreamPart: String {
        guard !upstreams.isEmpty else {
            return """
                # What the agent calls. These need no address: \(known.joined(separator: ", ")).
                upstreams:
                  openai:
                #  shop: { address: "https://shop.example", env: [SHOP_URL] }


                """
        }
        return "# What the agent calls.\nupstreams:\n"
            + upstreams.map { "  \(FlowText.of(.string($0.name))): \(entry($0))\n" }.joined()
            + "\n"
    }

    private func entry(_ upstream: Upstream) -> String {
        let entry = ProjectConfiguration.UpstreamEntry(
            name: upstream.name, address: upstream.address, kind: upstream.kind,
            wireProtocol: upstream.wireProtocol, variables: upstream.variables,
            reads: upstream.reads)
        return FlowText.of(entry.json)
    }

    private var cassettePart: String {
        let asked = prompt.map { "prompts:\n  - \(FlowText.of(.string($0)))\n" }
        return "cassettes: [\(FlowText.of(.string(cassette)))]\n\n"
            + """
            # The first is recorded; a storm gives the agent all of them, also in changed forms.
            \(asked ?? "# prompts:\n#   - Where is my order?\n")\
            # mutations: [typo-keyboard, prompt_injection]


            """
    }

    private var rest: String {
        """
        scenarios:
          - \(FlowText.of(.string(scenario)))
        #  - { preset: provider-brownout, seeds: 1..20 }

        seeds: 1..60

        # What must hold in every scenario; 'stormtape invariants' lists all rules.
        invariants:
          - exit_code: 0

        gates:
          min_pass: 100%
          # Runs in which a fault's own text came back are assumed to go on as recorded.
          max_off_tape: 0

        report:
          - { format: json, path: reports/stormtape.json }
          - { format: junit, path: reports/stormtape.xml }

        """
    }
}
