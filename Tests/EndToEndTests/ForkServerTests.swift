import Determinism
import Foundation
import Testing

#if os(Linux)
    /// Runs that go on from a template of the agent, beside the same runs from the start.
    @Suite("The fork server")
    struct ForkServerTests {
        /// An agent with all that a copy must be given anew: output before its first contact,
        /// standard input that is read in part, an event loop, threads, programs that it starts.
        private static let eventful = """
            import asyncio, os, subprocess, sys, time, uuid
            from openai import AsyncOpenAI

            print("begun", uuid.uuid4(), os.getpid(), os.getppid(), file=sys.stderr)
            print("first:", os.read(0, 4), flush=True)

            async def ask(client, number):
                try:
                    answer = await client.chat.completions.create(
                        model="m", messages=[{"role": "user", "content": f"hello {number}"}])
                    return answer.choices[0].message.content
                except Exception as error:
                    return type(error).__name__

            async def main():
                client = AsyncOpenAI(timeout=20, max_retries=1)
                # One after the other: how many threads at once take is the package's own affair.
                for number in range(3): print(await ask(client, number))

            asyncio.run(main())
            child = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True)
            print(child.stdout.strip(), uuid.uuid4(), id(object()), time.time())
            print("rest:", sys.stdin.read(), sorted(os.listdir("/proc/self/fd"), key=int))
            """

        /// An agent that leaves a trace in the world before it asks anything.
        private static let untidy = """
            import json, os, sys, urllib.request
            with open(sys.argv[1], "a") as file: print("run", file=file)
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions",
                b'{"model":"m","messages":[{"role":"user","content":"hello"}]}',
                {"content-type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer: print(json.load(answer))
            """

        private static let scenario = """
            scenario: troubles
            faults:
              - fault: rate-limit-429
                on: { kind: model, probability: 1/4 }
              - fault: ttfb-spike
                on: { kind: model, probability: 1/4 }
              - fault: conn-reset-mid-body
                on: { kind: model, probability: 1/4 }
            """

        private static func record(
            _ code: String, _ arguments: [String] = [], options: [String] = []
        ) async throws -> Tape {
            let script = try Scratch.file("agent.py", code)
            return try await Tape.record(
                [try Checkout.python(), script] + arguments, upstream: "openai", path: "/v1",
                options: options)
        }

        /// A storm over eight seeds on one worker, with the fork server `on` or `off`.
        private static func storm(_ mode: String, _ tape: Tape) async throws -> Run {
            let result = try await Shell.run(
                [
                    "/usr/bin/env", "STORMTAPE_FORK_SERVER=\(mode)", try Checkout.stormtape(),
                    "storm",
                    "--no-history", "--cassette", tape.cassette, "--scenario",
                    try Scratch.file("scenario.yaml", scenario), "--seeds", "1..8", "--workers",
                    "1", "--format", "json", "--",
                ] + tape.command)
            return try Run(result)
        }

        private static func found(_ storm: Run) -> [JSONValue?] {
            storm.runs.flatMap { [$0["digest"], $0["verdict"], $0["grade"]] }
        }

        /// Whether this machine lets an agent be contained, which a template needs.
        private static let isContained = Task {
            let found = try await Stormtape.run(["doctor", "--format", "json"])
            let checks = try JSONValue.parse(Array(found.out.utf8))["checks"]?.arrayValue ?? []
            let needed = ["network isolation", "container"]
            let allowed = checks.filter { $0["ok"]?.boolValue == true }
                .compactMap { $0["name"]?.stringValue }
            return needed.allSatisfy(allowed.contains)
        }

        @Test("A run from the template is the run from the start, bit for bit")
        func same() async throws {
            let input = try Scratch.file("input", "one\ntwo\nthree\n")
            let tape = try await Self.record(Self.eventful, options: ["--stdin", input])
            let copied = try await Self.storm("on", tape)
            let cold = try await Self.storm("off", tape)
            #expect(cold.runs.count == 8)
            #expect(Self.found(copied) == Self.found(cold))
            #expect(!cold.err.contains("fork server"))
            #expect(!copied.err.contains("warning"), "\(copied.err)")
            if try await Self.isContained.value {
                #expect(copied.err.contains("runs go on from a template"), "\(copied.err)")
            }
        }

        @Test("An agent with an effect before its first contact is started for every run")
        func effects() async throws {
            let file = try Scratch.file("effects", "")
            let tape = try await Self.record(Self.untidy, [file])
            let storm = try await Self.storm("on", tape)
            #expect(storm.runs.count == 8)
            #expect(storm.err.contains("fork server: off: "), "\(storm.err)")
            #expect(storm.err.contains("to write"), "\(storm.err)")
            let copied = try Scratch.bytes(file).split(separator: "\n").count
            _ = try await Self.storm("off", tape)
            let both = try Scratch.bytes(file).split(separator: "\n").count
            // One line is from the recording.
            #expect(copied - 1 == both - copied)
            #expect(copied > 8)
        }
    }
#endif
