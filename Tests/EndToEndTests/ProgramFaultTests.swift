import Determinism
import Testing

#if os(Linux)
    /// A tool that is a program, which dies before it does anything.
    @Suite("Programs that an agent starts")
    struct ProgramFaultTests {
        private static let source = """
            import json, subprocess, sys
            from openai import OpenAI

            spawns = "--spawn" in sys.argv
            starts = "--no-program" not in sys.argv
            answer = OpenAI().chat.completions.create(
                model="stand-in",
                messages=[{"role": "user", "content": "Find the ceramic teapot."}],
                tools=[{"type": "function", "function": {
                    "name": "search_catalogue", "description": "searches",
                    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}},
                }}],
            ).choices[0].message
            for number in range(2 if starts else 0):
                done = subprocess.run(
                    [sys.executable, "-c", "print('found')"], capture_output=True, text=True,
                    close_fds=not spawns)
                print(number, done.returncode, done.stdout.strip())
            """

        private static let recorded = Task {
            let script = try Scratch.file("runs.py", source)
            return try await Tape.record(
                [try Checkout.python(), script], server: "../bugs/world.py", upstream: "openai",
                path: "/v1")
        }

        private static func replay(_ parameters: [String], _ arguments: [String] = []) async throws
            -> Run
        {
            let tape = try await recorded.value
            return try await tape.replay(
                scenario: FaultCase.scenario("tool-crash-process", parameters),
                command: tape.command + arguments)
        }

        @Test(
            "The next one dies as the fault says, and the one after it lives",
            arguments: [
                (["status: 7"], [], "7"), (["variant: signal"], [], "-9"),
                (["status: 7"], ["--spawn"], "7"),
                (["variant: signal", "signal: 15"], ["--spawn"], "-15"),
            ] as [([String], [String], String)])
        func dies(_ parameters: [String], _ arguments: [String], _ code: String) async throws {
            let runs = [
                try await Self.replay(parameters, arguments),
                try await Self.replay(parameters, arguments),
            ]
            for run in runs {
                #expect(run.fired == ["tool-crash-process"], "\(run.err)")
                #expect(run.output == "0 \(code) \n1 0 found\n", "\(run.text("reason"))")
                #expect(run.text("grade") == "A", "\(run.list("grade_reasons"))")
            }
            #expect(runs[0].digest == runs[1].digest, "\(runs[1].difference(from: runs[0]))")
        }

        @Test("Where no program is started nothing came of it, and the report says so")
        func none() async throws {
            let run = try await Self.replay([], ["--no-program"])
            #expect(run.fired.isEmpty)
            let reason = run.list("inapplicable").first?["reason"]?.stringValue
            #expect(reason == "the agent started no program after the answer")
        }
    }
#endif
