import Determinism
import Testing

/// Each fault once through the real SDKs: the exception or the result that the agent gets.
@Suite("Faults as the official SDKs meet them")
struct FaultTests {
    private static let whole = ProbeTape.text

    private static func both(
        _ fault: String, _ parameters: String..., errors: (String?, String?) = (nil, nil),
        cause: String? = nil, status: (Int64?, Int64?) = (nil, nil),
        text: (String, String), finish: (String?, String?) = (nil, nil),
        chunks: (Int64?, Int64?) = (nil, nil)
    ) -> [FaultCase] {
        [
            FaultCase(
                fault: fault, parameters: parameters, probe: .openai, error: errors.0,
                cause: cause, status: status.0, text: text.0, finish: finish.0, chunks: chunks.0),
            FaultCase(
                fault: fault, parameters: parameters, probe: .anthropic, error: errors.1,
                cause: cause, status: status.1, text: text.1, finish: finish.1, chunks: chunks.1),
        ]
    }

    private static let finished: (String?, String?) = ("stop", "end_turn")

    /// The answer is another one, or none at all.
    static let refusals: [FaultCase] =
        both(
            "conn-reset-after-request",
            errors: ("openai.APIConnectionError", "anthropic.APIConnectionError"),
            cause: "ReadError", text: ("", ""))
        + both(
            "rate-limit-429", "retry_after_ms: 1",
            errors: ("openai.RateLimitError", "anthropic.RateLimitError"),
            status: (429, 429), text: ("", ""))
        + both(
            "server-error", "code: 500",
            errors: ("openai.InternalServerError", "anthropic.InternalServerError"),
            status: (500, 500), text: ("", ""))
        + both(
            "server-error", "code: 502",
            errors: ("openai.InternalServerError", "anthropic.InternalServerError"),
            status: (502, 502), text: ("", ""))
        // Anthropic's SDK has a class of its own for 503 and for 529, OpenAI's has not.
        + both(
            "server-error", "code: 503",
            errors: ("openai.InternalServerError", "anthropic.ServiceUnavailableError"),
            status: (503, 503), text: ("", ""))
        + both(
            "overloaded-529",
            errors: ("openai.InternalServerError", "anthropic.OverloadedError"),
            status: (529, 529), text: ("", ""))

    /// The answer breaks off loudly.
    ///
    /// Anthropic's SDK lets the exceptions of its HTTP library out.
    static let cuts: [FaultCase] =
        both(
            "conn-reset-mid-body", "at_bytes: 600",
            errors: ("openai.APIConnectionError", "httpx2.ReadError"),
            cause: "ReadError", text: ("Grüß ", "Grüß "))
        + both(
            "short-chunked-body", "at_bytes: 600",
            errors: ("openai.APIConnectionError", "httpx2.RemoteProtocolError"),
            cause: "RemoteProtocolError", text: ("Grüß ", "Grüß "))
        // In a stream an error has no status of its own: none, or that of the answer, 200.
        + both(
            "error-event-mid", "at: 2", "type: server",
            errors: ("openai.APIError", "anthropic.APIStatusError"),
            status: (nil, 200), text: ("Grüß Gott, ", "Grüß Gott, "), chunks: (3, 4))
        + both(
            "error-event-mid", "at: 2", "type: overloaded",
            errors: ("openai.APIError", "anthropic.APIStatusError"),
            status: (nil, 200), text: ("Grüß Gott, ", "Grüß Gott, "), chunks: (3, 4))

    /// The answer is less or another than what was said, and no exception tells.
    static let quiet: [FaultCase] =
        both(
            "stream-truncated-no-terminator", "at: 4",
            text: ("Grüß Gott, こんにちは ", "Grüß "), chunks: (4, 3))
        + both(
            "duplicate-chunk", "at: 2",
            text: (doubled, doubled), finish: finished, chunks: (10, 13))
        + both(
            "reorder-chunks", "first: 1",
            text: (swapped, swapped), finish: finished, chunks: (9, 12))
        + both(
            "drop-chunk", "at: 2",
            text: (dropped, dropped), finish: finished, chunks: (8, 11))
        + both(
            "finish-length", "at: 3",
            text: ("Grüß Gott, こんにちは ", "Grüß Gott, こんにちは "),
            finish: ("length", "max_tokens"), chunks: (5, 8))
        + both("empty-content", text: ("", ""), finish: finished, chunks: (2, 3))

    private static let doubled = "Grüß Gott, Gott, こんにちは 👋🏽 naïve 🚀 done."
    private static let swapped = "Gott, Grüß こんにちは 👋🏽 naïve 🚀 done."
    private static let dropped = "Grüß こんにちは 👋🏽 naïve 🚀 done."

    /// The answer comes whole, late or in other pieces: SDKs hand on the very same text.
    static let harmless: [FaultCase] =
        both(
            "ttfb-spike", "delay_ms: 15000",
            text: (whole, whole), finish: finished, chunks: (9, 12))
        + both(
            "slow-drip", "bytes_per_second: 10",
            text: (whole, whole), finish: finished, chunks: (9, 12))
        + both(
            "stalled-stream", "at: 3", "stall_ms: 15000",
            text: (whole, whole), finish: finished, chunks: (9, 12))
        + both(
            "chunk-split-utf8", "at: 0",
            text: (whole, whole), finish: finished, chunks: (9, 12))
        + both(
            "chunk-merge", "group_n: 100",
            text: (whole, whole), finish: finished, chunks: (9, 12))

    @Test("An answer that is refused raises the SDK's class for it", arguments: refusals)
    func raises(_ fault: FaultCase) async throws {
        try await fault.check()
    }

    @Test("A stream that breaks off raises in the middle of the iteration", arguments: cuts)
    func breaksOff(_ fault: FaultCase) async throws {
        try await fault.check()
    }

    @Test("A quiet fault raises nothing", arguments: quiet)
    func losesQuietly(_ fault: FaultCase) async throws {
        try await fault.check()
    }

    @Test("Other pieces and other times change no text", arguments: harmless)
    func changesNothing(_ fault: FaultCase) async throws {
        try await fault.check()
    }

    @Test(
        "With its own retries the SDK gets the recorded answer after all",
        arguments: [
            "rate-limit-429", "server-error", "overloaded-529", "conn-reset-after-request",
        ],
        [ProbeTape.openai, .anthropic])
    func retried(_ fault: String, _ probe: ProbeTape) async throws {
        let parameters = fault == "rate-limit-429" ? ["retry_after_ms: 1"] : []
        try await FaultCase(
            fault: fault, parameters: parameters, probe: probe, text: FaultTests.whole,
            finish: probe == .openai ? "stop" : "end_turn", options: [], attempts: 2
        ).check()
    }

    @Test("Answers in one piece are cut and emptied as well")
    func documents() async throws {
        let cases = [
            FaultCase(
                fault: "finish-length", parameters: ["at: 5"], probe: .openaiWhole,
                text: "Grüß ", finish: "length"),
            FaultCase(
                fault: "finish-length", parameters: ["at: 5"], probe: .anthropicWhole,
                text: "Grüß ", finish: "max_tokens"),
            FaultCase(
                fault: "empty-content", parameters: [], probe: .openaiWhole,
                text: "", finish: "stop"),
            FaultCase(
                fault: "empty-content", parameters: [], probe: .anthropicWhole,
                text: "", finish: "end_turn"),
        ]
        for each in cases { try await each.check() }
    }

    @Test(
        "A tool call whose arguments stop after a member looks like a whole one",
        arguments: [ProbeTape.openaiTools, .anthropicTools])
    func toolArguments(_ probe: ProbeTape) async throws {
        let tape = try await probe.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario("tool-args-truncated-valid-prefix", ["members: 1"]))
        #expect(run.fired == ["tool-args-truncated-valid-prefix"])
        let answer = try run.answer()
        #expect(answer["error"]?.isNull == true)
        #expect(
            answer["finish"]?.stringValue == (probe == .openaiTools ? "tool_calls" : "tool_use"))
        let call = try #require(answer["tool_calls"]?.arrayValue?.first)
        #expect(call["name"]?.stringValue == "get_weather")
        // A parser of partial JSON makes {"city": "Zürich"} of it: dry_run is lost.
        #expect(call["arguments"]?.stringValue == #"{"city": "Zürich""#)
    }

    @Test(
        "A stream that stalls for ever ends by the SDK's own time-out",
        arguments: [
            (ProbeTape.openai, "openai.APITimeoutError"), (.anthropic, "httpx2.ReadTimeout"),
        ])
    func stalled(_ probe: ProbeTape, _ error: String) async throws {
        let tape = try await probe.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario("stalled-stream", ["at: 3"]),
            command: tape.command + ["--max-retries", "0", "--timeout", "1"])
        #expect(run.fired == ["stalled-stream"])
        #expect(run.status == 0)
        #expect(try run.answer()["error"]?.stringValue == error)
    }

    @Test("Without a time-out of its own the agent hangs, which is found out at once and explained")
    func hung() async throws {
        let tape = try await ProbeTape.openai.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario("stalled-stream", ["at: 3"]),
            command: tape.command + ["--timeout", "0"])
        #expect(run.fired == ["stalled-stream"])
        #expect(run.verdict == "hung")
        #expect(run.status == 1)
        #expect(run.json["trace"]?["end"]?.stringValue == "hung")
        let reason = run.json["reason"]?.stringValue ?? ""
        #expect(reason.contains("recvfrom") || reason.contains("poll"), "\(reason)")
        #expect(reason.contains("POST /chat/completions is not answered whole"), "\(reason)")
        // Python says where it was.
        let errors = run.json["trace"]?["stderr"]?.stringValue ?? ""
        #expect(errors.contains("openai_chat.py"), "\(errors)")
    }

    @Test("On the real clock the wall limit ends an agent that hangs")
    func wallLimit() async throws {
        let tape = try await ProbeTape.openai.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario("stalled-stream", ["at: 3"]),
            options: ["--clock", "real", "--wall-limit", "3"],
            command: tape.command + ["--timeout", "0"])
        #expect(run.verdict == "hung")
        #expect(run.json["grade"]?.stringValue == "C")
        #expect(run.json["trace"]?["end"]?.stringValue == "wall-limit")
    }
}
