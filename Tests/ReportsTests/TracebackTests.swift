import Determinism
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("Places in the code of an agent")
struct TracebackTests {
    private static let python = """
        Traceback (most recent call last):
          File "/repo/agents/agent.py", line 40, in <module>
            main()
        KeyError: 'a'

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "/repo/agents/agent.py", line 41, in <module>
            main()
          File "/repo/agents/lib/loop.py", line 7, in main
            client.chat()
          File "/repo/agents/.venv/lib/python3.11/site-packages/openai/_client.py", line 9, in chat
          File "<frozen importlib._bootstrap>", line 1, in call
        ValueError: no
        """

    private static let node = """
        /repo/agents/agent.js:3
            throw new Error("no")
            ^

        Error: no
            at inner (/repo/agents/node_modules/openai/index.js:1:2)
            at main (file:///repo/agents/src/main.mjs:12:5)
            at node:internal/main/run_main_module:23:47

        Node.js v22.1.0
        """

    private func place(_ text: String, verdict: Verdict = .crashed) throws -> SourcePlace? {
        var run = try Sample.run(seed: 1, error: text).summary
        run.ruling.verdict = verdict
        return Hostile.context.crashPlace(of: run)
    }

    @Test("the innermost line of the agent's own code", arguments: [python, node])
    func own(text: String) throws {
        let isPython = text.hasPrefix("Traceback")
        let path = isPython ? "agents/lib/loop.py" : "agents/src/main.mjs"
        #expect(try place(text) == SourcePlace(path: path, line: isPython ? 7 : 12))
    }

    @Test("only a crash has one")
    func violated() throws {
        #expect(try place(Self.python, verdict: .violated) == nil)
    }

    @Test(
        "paths that lead elsewhere, or are none, are not pointed to",
        arguments: [
            "/etc/passwd", "../x.py", "/repo/agents/../x.py", "/repo/agents2/x.py", "<string>", "",
            "/repo/agents/\u{202E}x.py", "/repo/agents", String(repeating: "a/", count: 500),
        ])
    func elsewhere(path: String) throws {
        let text = "Traceback (most recent call last):\n  File \"\(path)\", line 1, in x\n"
        #expect(try place(text) == nil)
    }

    @Test("a line that is no number of a line is none", arguments: ["0", "-1", "x", "99999999999"])
    func lines(line: String) throws {
        let text = "Traceback (most recent call last):\n  File \"x.py\", line \(line), in x\n"
        #expect(try place(text) == nil)
    }

    @Test("a path is read from the working folder on")
    func relative() throws {
        let text = "Traceback (most recent call last):\n  File \"./x.py\", line 4, in x\n"
        #expect(try place(text) == SourcePlace(path: "agents/x.py", line: 4))
    }

    @Test("SARIF points to it, and to the broken invariant; without a place there is no finding")
    func sarif() throws {
        var run = try Sample.run(seed: 1, error: Self.python).summary
        run.ruling = Ruling(verdict: .crashed, reason: "an [uncaught](exception)")
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: [run], exitCode: 1)
        let report = try JSONValue.parse(SARIFReport.storm(storm, Hostile.context).dropLast())
        let results = report["runs"]?[0]?["results"]?.arrayValue ?? []
        #expect(results.map { $0["ruleId"]?.stringValue } == ["no_repeated_side_effect", "crash"])
        #expect(
            results[1]["message"]?["text"]?.stringValue
                == "an \\[uncaught\\](exception) (after lost-response-after-commit)")
        let place = results[1]["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "agents/lib/loop.py")
        #expect(place?["region"]?["startLine"] == 7)
        let bare = try JSONValue.parse(SARIFReport.storm(storm, ReportContext()).dropLast())
        #expect(bare["runs"]?[0]?["results"] == [])
    }
}
