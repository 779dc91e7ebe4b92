import Determinism
import Testing

/// Where the values of commands come from, and where files are written.
@Suite("The sources of a configuration")
struct ConfigurationSourceTests {
    private func run(
        _ variables: [String], _ arguments: [String], in folder: String
    ) async throws -> CommandResult {
        try await Shell.run(
            ["/usr/bin/env"] + variables + [Checkout.stormtape()] + arguments, in: folder)
    }

    @Test("record goes by variables, and a flag goes before what the file says of an upstream")
    func record() async throws {
        let script = """
            import os, sys, urllib.request
            urllib.request.urlopen(os.environ["SHOP_URL"] + "/orders/A-1003").read()
            print(sys.stdin.read())
            """
        let folder = try Scratch.folder()
        let input = try Scratch.file("input.txt", "from the variable")
        let result = try await LocalServer.with("tool_servers.py") { address in
            let command = JSONValue.array(
                [.string(try Checkout.python()), "-c", .string(script)]
            ).encodedText()
            let file = try Scratch.file(
                "stormtape.yaml",
                """
                version: 1
                agent: { command: \(command) }
                upstreams: { shop: { address: "\(address)", env: [SHOP_URL], kind: model } }
                """)
            return try await self.run(
                ["STORMTAPE_CASSETTE=own.cassette", "STORMTAPE_STDIN=\(input)"],
                ["record", "--config", file, "--kind", "shop=tool"], in: folder)
        }
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.contains("from the variable"), "\(result.out)")
        let shown = try await Stormtape.run(
            ["cassette", "inspect", folder + "/own.cassette", "--format", "json"], in: folder)
        #expect(shown.status == 0, "\(shown.err)")
        let upstreams = try JSONValue.parse(Array(shown.out.utf8))["manifest"]?["upstreams"]
        #expect(upstreams?.arrayValue?.map { $0["kind"]?.stringValue } == ["tool"], "\(shown.out)")
        let other = try await run(
            ["STORMTAPE_COMMAND=\(folder)/no-such-program"],
            ["record", "--no-config", "--cassette", folder + "/b", "--proxy"], in: folder)
        #expect(other.err.contains("no-such-program"), "\(other.err)")
    }

    @Test("config print shows variables, and the file as it is beside them")
    func print() async throws {
        let file = try Scratch.file(
            "stormtape.yaml",
            "version: 1\nagent: { clock: real }\nhistory: own\ncassettes: [a.cassette]\n"
                + "default_cassette: b.cassette\n")
        let folder = String(file.dropLast("/stormtape.yaml".count))
        let variables = [
            "STORMTAPE_HISTORY=other", "STORMTAPE_CLOCK=virtual", "STORMTAPE_CASSETTE=c.cassette",
        ]
        let plain = try await run(variables, ["config", "print"], in: folder)
        #expect(plain.status == 0, "\(plain.err)")
        for line in ["history: own\n", "clock: real\n", "default_cassette: b.cassette\n"] {
            #expect(plain.out.contains(line), "\(plain.out)")
        }
        let resolved = try await run(variables, ["config", "print", "--resolved"], in: folder)
        #expect(resolved.out.contains("# STORMTAPE_HISTORY\n"), "\(resolved.out)")
        #expect(resolved.out.contains("history: other "), "\(resolved.out)")
        #expect(resolved.out.contains("clock: virtual "), "\(resolved.out)")
    }

    @Test("a pipeline stands at the root of the repository and enters the folder")
    func pipeline() async throws {
        let folder = try Scratch.folder()
        let made = try await Shell.run(
            ["/bin/mkdir", "-p", folder + "/.git", folder + "/sub/own agent"])
        #expect(made.status == 0)
        let result = try await Stormtape.run(
            [
                "init", "--output", "own agent/storm.yaml", "--ci", "github", "--", "python",
                "agent.py",
            ], in: folder + "/sub")
        #expect(result.status == 0, "\(result.err)")
        let text = try Scratch.bytes(folder + "/.github/workflows/stormtape.yml")
        #expect(text.contains("cd 'sub/own agent'\n"), "\(text)")
        #expect(text.contains("path: \"sub/own agent/reports\"\n"), "\(text)")
        #expect(result.err.contains("wrote own agent/stormtape.yaml"), "\(result.err)")
    }
}
