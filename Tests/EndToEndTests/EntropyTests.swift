import Determinism
import Testing

#if os(Linux)
    /// Randomness from the seed where the capsule is not used, or refused.
    @Suite("Seeded entropy without the capsule")
    struct EntropyTests {
        private static func command() throws -> [String] {
            try Checkout.agent("capsule/random_prompt.py")
        }

        /// The beginning of a command line under which the kernel refuses seccomp filters.
        private static func refusing() throws -> [String] {
            try Checkout.agent("capsule/without_filters.py")
        }

        @Test("Language hooks give Python the randomness of the recording, on both clocks")
        func hooks() async throws {
            let tape = try await Tape.record(
                Self.command(), upstream: "openai", path: "/v1", options: ["--entropy", "hook"])
            for clock in ["virtual", "real"] {
                let run = try await tape.replay(["--clock", clock])
                #expect(run.verdict == "passed", "\(run.text("reason"))")
                #expect(run.output == tape.recorded.out)
                let reason = "only Python and Node draw from the seed, by hooks"
                #expect(run.list("grade_reasons").contains(.string(reason)))
            }
        }

        @Test("On the real clock the capsule still gives the agent its randomness")
        func realClock() async throws {
            let tape = try await Tape.record(Self.command(), upstream: "openai", path: "/v1")
            let run = try await tape.replay(["--clock", "real"])
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect(run.output == tape.recorded.out)
            #expect(run.text("grade") == "C")
        }

        @Test("Where the kernel refuses the capsule, hooks stand in for it, and everything says so")
        func refused() async throws {
            let cassette = try Scratch.folder() + "/tape.cassette"
            let program = try Self.refusing() + [Checkout.stormtape()]
            let recorded = try await LocalServer.with("sdk/provider_stub.py") { address in
                try await Shell.run(
                    program + ["record", "--cassette", cassette]
                        + ["--upstream", "openai=\(address)/v1", "--"] + Self.command())
            }
            #expect(recorded.status == 0)
            #expect(recorded.err.contains("the capsule is refused (the kernel refuses its filter"))
            let run = try await Run(
                Shell.run(
                    program + ["replay", "--cassette", cassette, "--format", "json", "--"]
                        + Self.command()))
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect(run.output == recorded.out)
            #expect(run.text("grade") == "C")
            let reasons = run.list("grade_reasons").compactMap(\.stringValue)
            #expect(reasons.contains { $0.hasPrefix("the capsule is refused: the kernel") })
            let doctor = try await Shell.run(program + ["doctor"])
            #expect(doctor.out.contains("! virtual clock: the capsule is refused"))
        }

        @Test("Node draws from the seed too", .enabled(if: Checkout.has("node")))
        func node() async throws {
            let script = try Scratch.file(
                "draws.mjs",
                """
                import { randomBytes, randomInt, randomUUID } from "node:crypto";
                import { execFileSync } from "node:child_process";
                const web = crypto.getRandomValues(new Uint8Array(4)).join(" ");
                const text = [Math.random(), randomUUID(), randomBytes(4).toString("hex"),
                  randomInt(1000000), crypto.randomUUID(), web].join(" ");
                const draw = ["-e", "console.log(Math.random())"];
                const others = [1, 2].map(() => execFileSync(process.execPath, draw) + "");
                if (others[0] === others[1]) throw new Error("children draw the same");
                const body = JSON.stringify({ model: "m", messages: [{ role: "user",
                  content: text + others.join(" ") }] });
                const answer = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", {
                  method: "POST", headers: { "content-type": "application/json" }, body });
                console.log(answer.status);
                """)
            let tape = try await Tape.record(
                ["node", script], upstream: "openai", path: "/v1", options: ["--entropy", "hook"])
            let run = try await tape.replay(["--clock", "real"])
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect(run.output == "200\n")
        }
    }
#endif
