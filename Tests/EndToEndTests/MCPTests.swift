import Determinism
import Testing

/// The official SDK of the Model Context Protocol, client and server, in both forms of the
/// protocol, over HTTP and behind a pipe.
@Suite("The Model Context Protocol records and replays")
struct MCPTests {
    /// One way for the agent to reach the server.
    enum Way: String, Sendable, CaseIterable {
        case legacyHTTP
        case modernHTTP
        case legacyPipe
        case modernPipe

        var isPipe: Bool { self == .legacyPipe || self == .modernPipe }
        var era: [String] {
            ["--era", self == .legacyHTTP || self == .legacyPipe ? "legacy" : "auto"]
        }

        private static let tapes: [Way: Task<Tape, any Error>] = Dictionary(
            uniqueKeysWithValues: allCases.map { way in (way, Task { try await way.record() }) })

        /// Its recording.
        var tape: Tape {
            get async throws {
                guard let tape = Way.tapes[self] else { throw SetUpError("no tape \(self)") }
                return try await tape.value
            }
        }

        /// The agent with these options; behind a pipe, the server is named by its bridge.
        func command(_ options: [String] = []) throws -> [String] {
            let server =
                isPipe
                ? ["--", try Checkout.stormtape(), "mcp", "--name", "shop", "--"]
                    + (try Checkout.agent("../mcp/server.py")) : []
            return try Checkout.agent("../mcp/agent.py", era + options) + server
        }

        private func record() async throws -> Tape {
            guard isPipe else {
                return try await Tape.record(
                    command(), server: "../mcp/server.py", upstream: "shop",
                    options: ["--env", "MCP_URL=shop", "--protocol", "shop=mcp"])
            }
            let cassette = try Scratch.folder() + "/tape.cassette"
            let result = try await Stormtape.run(
                ["record", "--cassette", cassette, "--upstream", "shop=stdio:", "--"]
                    + command())
            guard result.status == 0 else {
                throw SetUpError("record ended with \(result.status): \(result.err)")
            }
            return Tape(cassette: cassette, command: try command(), recorded: result)
        }
    }

    /// A scenario with one fault, at the call of a tool.
    private func scenario(
        _ fault: String, tool: String = "refund", parameters: [String] = []
    ) -> String {
        (["scenario: mcp", "faults:", "  - fault: \(fault)"]
            + ["    on: { args: { /params/name: \(tool) } }"]
            + parameters.map { "    \($0)" } + ["off_tape: echo", ""]).joined(separator: "\n")
    }

    private func steps(_ run: Run) throws -> [JSONValue] {
        try #require(try run.answer()["steps"]?.arrayValue)
    }

    @Test("A replay says what the recording said, and two have one digest", arguments: Way.allCases)
    func replays(_ way: Way) async throws {
        let tape = try await way.tape
        #expect(tape.recorded.out.contains("refunded 12 of A-7"))
        let first = try await tape.replay()
        let second = try await tape.replay()
        #expect(first.verdict == "passed", "\(first.text("reason")) \(first.err)")
        #expect(first.output == tape.recorded.out)
        #expect(first.digest == second.digest, "\(second.difference(from: first))")
        #expect(["A", "B"].contains(first.text("grade")), "\(first.list("grade_reasons"))")
    }

    @Test("A failed tool is a result that the agent reads", arguments: Way.allCases)
    func failedTool(_ way: Way) async throws {
        let tape = try await way.tape
        let run = try await tape.replay(
            scenario: scenario("mcp-is-error-result", parameters: ["message: out of money"]))
        #expect(run.fired == ["mcp-is-error-result"], "\(run.err)")
        let refund = try steps(run)[1]
        #expect(refund["error"]?.stringValue == "isError")
        #expect(refund["text"]?.stringValue == "out of money")
    }

    @Test("An error of the protocol is raised by the SDK", arguments: Way.allCases)
    func protocolError(_ way: Way) async throws {
        let tape = try await way.tape
        let run = try await tape.replay(scenario: scenario("mcp-rpc-error"))
        #expect(run.fired == ["mcp-rpc-error"], "\(run.err)")
        #expect(try steps(run)[1]["error"]?.stringValue == "MCPError: Internal error")
    }

    @Test("A lost session is opened anew by an agent that knows how")
    func lostSession() async throws {
        let tape = try await Way.legacyHTTP.tape
        let run = try await tape.replay(
            scenario: scenario("mcp-session-404"),
            command: Way.legacyHTTP.command(["--retries", "1"])
        )
        #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
        let steps = try steps(run)
        #expect(steps.count == 4)
        #expect(steps[1]["error"]?.stringValue?.isEmpty == false)
        #expect(steps[2]["text"]?.stringValue == "refunded 12 of A-7")
        // The handshake is given again; the call itself is answered from the tape.
        let sources = run.exchanges.compactMap { $0["source"]?.stringValue }
        #expect(sources.contains("re-ask"))
    }

    @Test("A stream that ends early is resumed, and brings the answer")
    func resumed() async throws {
        let tape = try await Way.legacyHTTP.tape
        let run = try await tape.replay(scenario: scenario("mcp-sse-resume"))
        #expect(run.fired == ["mcp-sse-resume"], "\(run.err)")
        #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
        #expect(run.output == tape.recorded.out)
    }

    @Test(
        "What a server writes beside its messages is skipped", arguments: ["banner", "ansi", "log"])
    func noise(variant: String) async throws {
        let tape = try await Way.legacyPipe.tape
        let run = try await tape.replay(
            scenario: scenario("mcp-stdout-noise", parameters: ["variant: \(variant)"]))
        #expect(run.fired == ["mcp-stdout-noise"], "\(run.err)")
        #expect(run.output == tape.recorded.out)
    }

    @Test("A server that crashes is started again by an agent that knows how")
    func crash() async throws {
        let tape = try await Way.legacyPipe.tape
        let run = try await tape.replay(
            scenario: scenario("mcp-server-crash-mid-call"),
            command: Way.legacyPipe.command(["--retries", "1"]))
        #expect(run.fired == ["mcp-server-crash-mid-call"], "\(run.err)")
        let steps = try steps(run)
        #expect(steps[1]["error"]?.stringValue == "MCPError: Connection closed")
        #expect(steps[2]["text"]?.stringValue == "refunded 12 of A-7")
    }

    /// Records an agent that says one line to a server behind the bridge, and ends.
    private func recordLine(to server: String, then: String = "cat") async throws -> CommandResult {
        let line = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
        let pipe = #"printf '%s\n' "$1" | "$2" mcp --name shop -- /bin/sh -c "$3" | "# + then
        return try await Stormtape.run(
            ["record", "--cassette", try Scratch.folder() + "/tape.cassette"]
                + ["--upstream", "shop=stdio:", "--", "/bin/sh", "-c", pipe, "sh", line]
                + [try Checkout.stormtape(), server])
    }

    @Test("The last thing that an agent says reaches the server, and the answer the agent")
    func lastLine() async throws {
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{}}"#
        let result = try await recordLine(to: "while read -r line; do echo '\(answer)'; done")
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out == answer + "\n")
    }

    @Test("A server that ends its output, but waits for the end of its input, comes to its end")
    func endedOutput() async throws {
        let result = try await recordLine(
            to: "read -r line; echo '{}'; exec >&-; while read -r line; do :; done")
        #expect(result.out.hasPrefix("{}"), "\(result.err)")
    }

    @Test("An answer of many megabytes passes through the bridge")
    func longAnswer() async throws {
        let result = try await recordLine(
            to: #"""
                read -r line
                printf '{"jsonrpc":"2.0","id":1,"result":{"text":"'
                head -c 12000000 /dev/zero | tr '\0' x
                echo '"}}'
                """#, then: "wc -c")
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.contains("12000046"), "\(result.out)")
    }

    @Test("Servers whose bridges could not be told apart are refused")
    func sameVariable() async throws {
        let result = try await Stormtape.run([
            "record", "--cassette", try Scratch.folder() + "/tape.cassette", "--upstream",
            "a-b=stdio:", "--upstream", "A_B=stdio:", "--", "true",
        ])
        #expect(result.status == 2)
        #expect(result.err.contains("STORMTAPE_MCP_A_B"), "\(result.err)")
    }

    @Test("Outside of a run the bridge is the server")
    func outside() async throws {
        let result = try await Shell.run(Way.legacyPipe.command())
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.contains("refunded 12 of A-7"))
    }
}
