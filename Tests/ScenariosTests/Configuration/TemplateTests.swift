import Cassette
import Determinism
import Scenarios
import Testing

@Suite("What init writes")
struct TemplateTests {
    private func template(
        _ upstreams: [Upstream] = [], prompt: String? = nil
    ) -> ConfigurationTemplate {
        ConfigurationTemplate(
            command: ["python", "my \"agent\".py"], cassette: "a: b.cassette",
            scenario: "storm.yaml", upstreams: upstreams, known: ["openai", "ollama"],
            prompt: prompt)
    }

    @Test("the template is a configuration, whatever is put into it")
    func template() throws {
        let upstreams = [
            Upstream(
                name: "no", kind: .tool, wireProtocol: "mcp", address: "https://a.example",
                variables: ["A_URL"], reads: ["POST /q"]),
            Upstream(name: "model", kind: .model, address: "http://127.0.0.1:1/v1"),
        ]
        let text = template(upstreams, prompt: "Say \"hi\"\n# to: {all}").text
        let found = try ConfigurationFixture.parse(text)
        #expect(found.agent.command == ["python", "my \"agent\".py"])
        #expect(found.cassettes == ["a: b.cassette"])
        #expect(found.prompts == [.text("Say \"hi\"\n# to: {all}")])
        #expect(found.upstreams.map(\.name) == ["no", "model"])
        #expect(found.upstreams[0].reads == ["POST /q"])
        #expect(found.scenarios.map(\.source) == [.file("storm.yaml")])
        #expect(text.hasPrefix("# yaml-language-server: $schema="))
        #expect(try ConfigurationFixture.parse(template().text).upstreams.map(\.name) == ["openai"])
    }

    @Test("a pipeline is YAML, keeps the tool in a cache and uploads reports")
    func pipelines() throws {
        for pipeline in PipelineTemplate.allCases {
            let text = pipeline.text(version: "1.2.3")
            let error = try #require(ScenarioFixture.error(text))
            #expect(
                error.diagnostics.allSatisfy {
                    $0.message.contains("unknown key") || $0.message.contains("needs the key")
                }, "\(error.description)")
            #expect(text.contains("cache") && text.contains("reports"))
            #expect(
                text.contains("1.2.3") && text.contains(#"/.stormtape/bin/stormtape" storm\#n"#))
        }
    }

    @Test("a pipeline puts python on the path, and enters the folder of the configuration")
    func pipelineOfFolder() {
        let github = PipelineTemplate.github.text(version: "1", folder: "own agent's")
        #expect(github.contains("          cd 'own agent'\\''s'\n          # What the agent"))
        #expect(github.contains("        run: |\n          cd 'own agent'\\''s'\n"))
        #expect(github.contains("path: \"own agent's/reports\"\n"))
        #expect(github.contains(#"echo "$PWD/.venv/bin" >> "$GITHUB_PATH""#))
        let gitlab = PipelineTemplate.gitlab.text(version: "1", folder: "a")
        #expect(gitlab.contains("      cd 'a'\n      # What the agent"))
        #expect(
            gitlab.contains("- \"a/reports\"\n") && gitlab.contains("junit: \"a/reports/*.xml\""))
        #expect(gitlab.contains(#"export PATH="$PWD/.venv/bin:$PATH""#))
        for pipeline in PipelineTemplate.allCases {
            let text = pipeline.text(version: "1")
            #expect(text.contains("python3 -m venv .venv\n") && !text.contains("cd '"))
        }
    }

    @Test("a printed configuration is a configuration with the same values")
    func printed() throws {
        let lines: [ConfigurationText.Line] = [
            .init("agent.command", ["a b", "c"], comment: "stormtape.yaml:3"),
            .init("agent.clock", "real"),
            .init("seeds", "1..60", comment: "default"), .init("workers", 2),
            .init("cassettes", ["on"]), .init("history", "true"),
            .init("upstreams", ["openai": .object([])]),
            .init("invariants", [["exit_code": 0]], comment: "--x"),
        ]
        let text = ConfigurationText.of(lines, ConfigurationFixture.vocabulary)
        #expect(text.contains("# stormtape.yaml:3\n"))
        let found = try ConfigurationFixture.parse(text)
        #expect(found.agent.command == ["a b", "c"] && found.agent.clock == "real")
        #expect(found.seedText == "1..60" && found.workers == 2)
        #expect(found.cassettes == ["on"] && found.history == "true")
        #expect(found.invariants == [["exit_code": 0]])
    }
}
