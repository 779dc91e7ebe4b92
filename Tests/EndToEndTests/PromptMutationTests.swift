import Determinism
import Testing

/// A prompt that is changed reaches the agent; its requests are found on the tape all the same.
@Suite("Changed prompts")
struct PromptMutationTests {
    static let agent = """
        import json, os, sys, urllib.request
        prompt = os.environ["STORMTAPE_PROMPT"]
        if len(sys.argv) > 1:
            prompt = prompt[::-1]
        body = {"model": "m", "messages": [{"role": "user", "content": prompt}]}
        request = urllib.request.Request(
            os.environ["OPENAI_BASE_URL"] + "/chat/completions", json.dumps(body).encode(),
            {"content-type": "application/json"})
        answer = json.load(urllib.request.urlopen(request))
        print(prompt, "->", answer["choices"][0]["message"]["content"])
        """

    static func record() async throws -> Tape {
        try await Tape.record(
            ["python3", "-c", agent], upstream: "openai", path: "/v1",
            options: ["--prompt", "Where is order A-1001?"])
    }

    @Test("the recorded answer is given, and counts as assumed; the plan repeats the run")
    func mapped() async throws {
        let tape = try await Self.record()
        let run = try await tape.replay(["--mutate", "case-upper", "--seed", "1"])
        #expect(run.verdict == "passed-assumed", "\(run.err)")
        #expect(run.output.contains("WHERE IS ORDER"), "\(run.output)")
        #expect(run.exchanges.map { $0["source"]?.stringValue } == ["prompt"])
        let again = try await tape.replay(["--plan", run.plan])
        #expect(again.digest == run.digest, "\(again.difference(from: run))")
        #expect(again.output == run.output)
    }

    @Test("a prompt that the agent transforms is off the tape, and the report says why")
    func transformed() async throws {
        let tape = try await Self.record()
        let run = try await tape.replay(
            ["--mutate", "case-upper", "--seed", "1"], command: tape.command + ["reverse"])
        #expect(run.verdict == "off-tape")
        #expect(run.json.encodedText().contains("the agent transformed it"))
    }

    @Test("a cassette without a prompt, and an unknown mutation, are refused")
    func refused() async throws {
        let probe = try await ProbeTape.tool.tape
        let command = ["replay", "--cassette", probe.cassette, "--seed", "1", "--mutate"]
        let none = try await Stormtape.run(command + ["case-upper", "--"] + probe.command)
        #expect(none.status == 2)
        #expect((none.out + none.err).contains("the cassette holds no prompt"))
        let tape = try await Self.record()
        let unknown = try await Stormtape.run(
            ["replay", "--cassette", tape.cassette, "--seed", "1", "--mutate", "no-such", "--"]
                + tape.command)
        #expect(unknown.status == 2)
        #expect((unknown.out + unknown.err).contains("there is no mutation 'no-such'"))
    }

    @Test("the command shows mutations, the same bytes each time, by seed")
    func command() async throws {
        let text = "Please refund order A-1001 for 12.50 to ann@example.com."
        let first = try await Stormtape.run(["mutate", text, "--seed", "7"])
        let second = try await Stormtape.run(["mutate", text, "--seed", "7"])
        #expect(first.status == 0)
        #expect(first.out == second.out)
        #expect(first.out != (try await Stormtape.run(["mutate", text, "--seed", "8"])).out)
        let list = try await Stormtape.run(["mutate", "--list"])
        #expect(list.status == 0)
        #expect(list.out.contains("typo-keyboard"))
    }
}
