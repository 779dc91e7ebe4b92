import Determinism
import Testing

/// What happens when the agent asks for something that is not on the tape.
@Suite("Requests that are not on the tape")
struct OffTapeTests {
    private static let other = ["--second", "Which one is the deepest?"]
    /// The first answer is cut to "You said: ", which the second request quotes.
    private static let cut = FaultCase.scenario("stream-truncated-no-terminator", ["at: 3"])

    private func sources(_ run: Run) -> [String?] {
        run.exchanges.map { $0["source"]?.stringValue }
    }

    @Test("A miss names the JSON path with both values", arguments: ["fail", "echo"])
    func miss(_ policy: String) async throws {
        let tape = try await DialogueTape.tape
        let run = try await tape.replay(
            scenario: "scenario: plain\noff_tape: \(policy)\n",
            command: tape.command + OffTapeTests.other)
        #expect(run.status == 3, "\(run.err)")
        #expect(run.verdict == "off-tape")
        #expect(sources(run) == ["recorded", "miss"])
        let miss = try #require(run.exchanges.last?["miss"]?.arrayValue)
            .compactMap(\.stringValue).joined(separator: "\n")
        #expect(miss.contains("POST /chat/completions"))
        #expect(miss.contains("nearest: interaction 2"))
        #expect(miss.contains("first difference: $.messages[2].content"))
        #expect(miss.contains("asked:    \"Which one is the deepest?\""))
        #expect(miss.contains("recorded: \"Which one is the longest?\""))
    }

    @Test("The text report of a miss shows the same, and the line that reproduces it")
    func missAsText() async throws {
        let tape = try await DialogueTape.tape
        let result = try await Stormtape.run(
            ["replay", "--cassette", tape.cassette, "--"] + tape.command + OffTapeTests.other)
        #expect(result.status == 3)
        #expect(result.out.contains("$.messages[2].content"), "\(result.out)")
        #expect(result.out.contains("Which one is the deepest?"))
        #expect(result.out.contains("Which one is the longest?"))
        #expect(result.out.contains("stormtape replay --cassette"))
    }

    @Test("echo maps a cut answer back; the pass is an assumed one")
    func echo() async throws {
        let tape = try await DialogueTape.tape
        let run = try await tape.replay(scenario: OffTapeTests.cut)
        #expect(run.verdict == "passed-assumed")
        #expect(run.status == 3)
        #expect(sources(run) == ["recorded", "echo"])
        let answers = try run.answer()["answers"]?.arrayValue?.map(\.stringValue)
        #expect(answers == ["You said: ", DialogueTape.second])
    }

    @Test("fail stops at the same place, and says what was altered")
    func fail() async throws {
        let tape = try await DialogueTape.tape
        let scenario = OffTapeTests.cut.replacing("off_tape: echo", with: "off_tape: fail")
        let run = try await tape.replay(scenario: scenario)
        #expect(run.verdict == "off-tape")
        #expect(run.status == 3)
        let miss = run.exchanges.last?["miss"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(miss.contains("  first difference: $.messages[1].content"), "\(miss)")
        #expect(miss.contains("    asked:    \"You said: \""))
        #expect(miss.contains("    recorded: \"\(DialogueTape.first)\""))
    }

    @Test("nearest gives the most similar answer that was not yet played")
    func nearest() async throws {
        let tape = try await DialogueTape.tape
        let run = try await tape.replay(
            scenario: "scenario: plain\noff_tape: nearest\n",
            command: tape.command + OffTapeTests.other)
        #expect(run.verdict == "passed-assumed")
        #expect(run.status == 3)
        #expect(sources(run) == ["recorded", "nearest"])
        let answers = try run.answer()["answers"]?.arrayValue?.map(\.stringValue)
        #expect(answers == [DialogueTape.first, DialogueTape.second])
    }

    @Test("nearest never gives an answer twice: with none left it fails")
    func nearestIsUsedUp() async throws {
        let tape = try await DialogueTape.tape
        let twice = """
            from openai import OpenAI
            for prompt in ("Name three rivers.", "Name three lakes."):
                with OpenAI(max_retries=0) as client:
                    message = {"role": "user", "content": prompt}
                    for _ in client.chat.completions.create(
                        model="smollm2-135m-instruct", messages=[message], stream=True):
                        pass
            """
        let run = try await tape.replay(
            scenario: "scenario: plain\noff_tape: nearest\n",
            command: [Checkout.python(), "-c", twice])
        #expect(run.verdict == "off-tape")
        #expect(sources(run) == ["recorded", "miss"])
    }

    @Test("stub answers with the script, marked")
    func stub() async throws {
        let tape = try await DialogueTape.tape
        let scenario = #"""
            scenario: plain
            off_tape: stub
            stubs:
              - route: POST /chat/completions
                contains: deepest
                content_type: text/event-stream
                body: |
                  data: {"choices":[{"delta":{"content":"The Rhine."}}]}

                  data: [DONE]


            """#
        let run = try await tape.replay(
            scenario: scenario, command: tape.command + OffTapeTests.other)
        #expect(run.verdict == "passed-assumed")
        #expect(run.status == 3)
        #expect(sources(run) == ["recorded", "stub"])
        let answers = try run.answer()["answers"]?.arrayValue?.map(\.stringValue)
        #expect(answers == [DialogueTape.first, "The Rhine."])
    }

    @Test("A foreign address cannot be reached, and the report says who tried")
    func foreign() async throws {
        let tape = try await ProbeTape.tool.tape
        // TEST-NET-3 is nobody's; where a namespace is refused, the report says that instead.
        let script = """
            import socket
            try:
                socket.create_connection(("203.0.113.7", 80), timeout=2).close()
                print("reached")
            except OSError:
                print("unreachable")
            """
        let run = try await tape.replay(command: [Checkout.python(), "-c", script])
        #expect(run.output == "unreachable\n")
        let reasons = run.list("grade_reasons").compactMap(\.stringValue)
        if !reasons.contains(where: { $0.contains("not isolated") }) {
            let foreign = run.json["trace"]?["foreign"]?.arrayValue?.map(\.stringValue)
            #expect(foreign == ["tcp:203.0.113.7:80"])
        }
    }
}
