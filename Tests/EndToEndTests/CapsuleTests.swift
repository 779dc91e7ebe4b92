import Determinism
import Foundation
import Testing

#if os(Linux)
    /// The agent's own process on the simulation's clock.
    @Suite("The capsule")
    struct CapsuleTests {
        private static let calm = Task {
            try await Tape.record(["/bin/true"], upstream: "openai", path: "/v1")
        }

        /// The best grade that this machine allows, by what `doctor` says.
        private static let bestGrade = Task {
            let found = try await Stormtape.run(["doctor", "--format", "json"])
            let checks = try JSONValue.parse(Array(found.out.utf8))["checks"]?.arrayValue ?? []
            let needed = ["network isolation", "container", "threads take turns"]
            let allowed = checks.filter { $0["ok"]?.boolValue == true }
                .compactMap { $0["name"]?.stringValue }
            return needed.allSatisfy(allowed.contains) ? "A" : "B"
        }

        /// Runs Python code that asks nothing.
        static func run(_ code: String, _ options: [String] = []) async throws -> Run {
            try await calm.value.replay(options, command: [Checkout.python(), "-c", code])
        }

        @Test("Sleeping takes virtual time only, and the clocks agree about it")
        func sleeps() async throws {
            let run = try await Self.run(
                """
                import subprocess, threading, time
                wall, mono = time.time(), time.monotonic()
                time.sleep(3600)
                threading.Event().wait(1800)
                subprocess.run(["sleep", "600"], env={})
                print(round(time.time() - wall), round(time.monotonic() - mono))
                """)
            #expect(run.verdict == "passed", "\(run.err)")
            #expect(run.output == "6000 6000\n")
            #expect(run.json["virtual_ns"]?.intValue.map { $0 / 1_000_000_000 } == 6000)
            let best = try await Self.bestGrade.value
            #expect(run.text("grade") == best, "\(run.list("grade_reasons"))")
        }

        @Test("A rate limit of 30 minutes is waited for by the SDK, in virtual time")
        func rateLimit() async throws {
            let tape = try await ProbeTape.openai.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario(
                    "rate-limit-429", ["retry_after_ms: 60000", "times: 30"]),
                command: tape.command + ["--max-retries", "40"])
            #expect(run.verdict == "passed", "\(run.err)")
            #expect(try run.answer()["text"]?.stringValue?.hasSuffix("done.") == true)
            #expect(run.exchanges.count == 31)
            #expect((run.json["virtual_ns"]?.intValue ?? 0) >= 1_800_000_000_000)
        }

        private static let clockReader = Task {
            let code = """
                import os, time, urllib.request
                address = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
                wall, mono = time.time(), time.monotonic()
                request = urllib.request.Request(
                    address, b'{"model":"m","messages":[]}',
                    {"content-type": "application/json"})
                with urllib.request.urlopen(request) as answer: answer.read()
                print(round(time.time() - wall), round(time.monotonic() - mono))
                """
            let script = try Scratch.file("clocks.py", code)
            return try await Tape.record(
                [Checkout.python(), script], upstream: "openai", path: "/v1")
        }

        @Test("The wall clock goes back while an answer is awaited, the monotonic one does not")
        func wallClockBack() async throws {
            let tape = try await Self.clockReader.value
            let calm = try await tape.replay()
            #expect(calm.output == "0 0\n", "\(calm.err)")
            let scenario = FaultCase.scenario("clock-jump-back", ["jump_ms: 7200000"])
            let run = try await tape.replay(scenario: scenario)
            #expect(run.fired == ["clock-jump-back"], "\(run.err)")
            #expect(run.output == "-7200 0\n")
            let again = try await tape.replay(scenario: scenario)
            #expect(again.digest == run.digest)
            #expect(run.digest != calm.digest)
        }

        @Test("A time-out of the agent's own fires before an answer that comes too late")
        func ownTimeout() async throws {
            let tape = try await ProbeTape.openai.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario("ttfb-spike", ["delay_ms: 25000"]),
                command: tape.command + ["--max-retries", "0", "--timeout", "20"])
            #expect(run.fired == ["ttfb-spike"])
            #expect(try run.answer()["error"]?.stringValue == "openai.APITimeoutError")
            #expect(run.exchanges.first?["cancelled"]?.boolValue == true)
        }

        @Test("Signs of life without content keep the SDK waiting as long as they come")
        func keepAlive() async throws {
            let tape = try await ProbeTape.openai.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario(
                    "keepalive-only-stall",
                    ["at: 3", "period_ms: 15000", "duration_ms: 600000"]),
                command: tape.command + ["--max-retries", "0", "--timeout", "20"])
            #expect(run.fired == ["keepalive-only-stall"])
            #expect(try run.answer()["error"]?.stringValue == "openai.APITimeoutError")
            #expect((run.json["virtual_ns"]?.intValue ?? 0) >= 600_000_000_000)
        }

        @Test("Without a status line the SDK waits as long as its time-out says")
        func headersTimeout() async throws {
            let tape = try await ProbeTape.anthropic.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario("headers-timeout"),
                command: tape.command + ["--max-retries", "0", "--timeout", "600"])
            #expect(run.fired == ["headers-timeout"])
            #expect(try run.answer()["error"]?.stringValue == "anthropic.APITimeoutError")
            #expect((run.json["virtual_ns"]?.intValue ?? 0) / 1_000_000_000 == 600)
        }

        /// A stream read by the SDK with its own default time-outs; `GAP` limits the time between two
        /// pieces of content, as some frameworks do.
        private static let patientAgent = """
            import asyncio, os, time
            import openai

            async def main():
                begin, gap = time.monotonic(), float(os.environ.get("GAP", "0")) or None
                outcome = "whole"
                try:
                    async with openai.AsyncOpenAI(max_retries=0) as client:
                        stream = await client.chat.completions.create(
                            model="m", stream=True,
                            messages=[{"role": "user", "content": "emoji please"}])
                        chunks = aiter(stream)
                        while True: await asyncio.wait_for(anext(chunks), gap)
                except StopAsyncIteration:
                    pass
                except Exception as error:
                    outcome = type(error).__name__
                print(outcome, int(time.monotonic() - begin), flush=True)

            asyncio.run(main())
            """

        private static let patientTape = Task {
            try await Tape.record(
                [Checkout.python(), "-c", patientAgent], upstream: "openai", path: "/v1")
        }

        @Test(
            "Faults of time meet the time-outs that agents really have: 600 s, 120 s, none",
            arguments: [
                // The SDK's default, for each read.
                ("stalled-stream", ["at: 3"], "0", "APITimeoutError 600"),
                ("headers-timeout", [], "0", "APITimeoutError 600"),
                // Signs of life reset it: it never comes while they last.
                (
                    "keepalive-only-stall",
                    ["at: 3", "period_ms: 15000", "duration_ms: 1800000"], "0",
                    "APITimeoutError 2400"
                ),
                // Nor does a trickle.
                ("slow-drip", ["bytes_per_second: 2"], "0", "whole"),
                // Who watches the content sees all of them.
                ("stalled-stream", ["at: 3"], "120", "TimeoutError 120"),
                ("keepalive-only-stall", ["at: 3", "period_ms: 15000"], "120", "TimeoutError 120"),
            ])
        func realTimeouts(
            _ fault: String, _ parameters: [String], _ gap: String, _ outcome: String
        ) async throws {
            let tape = try await Self.patientTape.value
            let run = try await tape.replay(
                scenario: FaultCase.scenario(fault, parameters),
                command: ["/usr/bin/env", "GAP=\(gap)"] + tape.command)
            #expect(run.fired == [fault], "\(run.err)")
            #expect(run.output.hasPrefix(outcome), "\(run.output)")
        }

        @Test("Prompts full of randomness are those of the tape, however often")
        func seededRecording() async throws {
            let command = try Checkout.agent("capsule/random_prompt.py")
            let tape = try await Tape.record(command, upstream: "openai", path: "/v1")
            #expect(tape.recorded.out.contains("tags"))
            let first = try await tape.replay()
            let second = try await tape.replay()
            let best = try await Self.bestGrade.value
            for run in [first, second] {
                #expect(run.verdict == "passed", "\(run.text("reason"))")
                #expect(run.output == tape.recorded.out)
                #expect(run.digest == first.digest, "\(run.difference(from: first))")
                #expect(run.text("grade") == best, "\(run.list("grade_reasons"))")
            }
            let other = try await Tape.record(
                command, upstream: "openai", path: "/v1", options: ["--seed", "2"])
            #expect(other.recorded.out != tape.recorded.out)
        }

        @Test("A thread that spins on the clock is let go on, and the grade says so")
        func spin() async throws {
            let run = try await Self.run(
                """
                import time
                end = time.monotonic() + 0.2
                while time.monotonic() < end: pass
                print("over")
                """)
            #expect(run.output == "over\n")
            #expect(run.text("grade") == "B")
            #expect(run.list("grade_reasons").contains("a thread spun on the clock"))
        }

        @Test("A thread that spins for a flag does not keep the one out that is to set it")
        func spinForFlag() async throws {
            let run = try await Self.run(
                """
                import threading, time
                flag = False
                def work():
                    global flag
                    for _ in range(10): sum(range(1000))
                    flag = True
                thread = threading.Thread(target=work)
                thread.start()
                while not flag: pass
                thread.join()
                print("set")
                """)
            #expect(run.output == "set\n")
        }

        @Test(
            "Where the network is not isolated, a foreign connection is seen, and the grade says so"
        )
        func foreign() async throws {
            // Many machines at once, to which no stream connects: no packet is sent.
            let run = try await Self.run(
                """
                import socket
                try: socket.create_connection(("224.0.0.1", 9), timeout=1)
                except OSError: print("no")
                """, ["--no-isolation"])
            #expect(run.output == "no\n")
            #expect(run.text("grade") == "D")
            let reason = "the agent connected to another machine"
            #expect(run.list("grade_reasons").contains(.string(reason)))
        }

        @Test("A program that outlives the agent is ended, and the grade says so")
        func survivors() async throws {
            let run = try await Self.run(
                """
                import subprocess
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                subprocess.Popen(["sleep", "1000"], **quiet)
                print("gone", flush=True)
                """)
            #expect(run.output == "gone\n")
            #expect(run.verdict == "passed")
            #expect(run.text("grade") == "B")
            let reason = "a program outlived the agent, until it was ended"
            #expect(run.list("grade_reasons").contains(.string(reason)))
        }

        @Test("A storm of many runs needs no more files than one of few")
        func files() async throws {
            let tape = try await Self.calm.value
            let scenario = try Scratch.file("calm.yaml", "scenario: calm\n")
            let storm = try await Shell.run([
                "/bin/sh", "-c", "ulimit -n 48; exec \"$@\"", "sh", Checkout.stormtape(), "storm",
                "--no-history", "--cassette", tape.cassette, "--scenario", scenario, "--seeds",
                "1..30",
                "--workers", "1", "--format", "json", "--", "/bin/true",
            ])
            #expect(storm.status == 0, "\(storm.err)")
            let runs = try Run(storm).runs
            #expect(runs.count == 30)
            #expect(Set(runs.map { $0["digest"] }).count == 1)
        }

        @Test("What a program consists of is in memory when it begins")
        func pages() async throws {
            let run = try await Self.run(
                """
                import mmap
                try: mmap.mmap(-1, 4096).madvise(22)
                except OSError: print("the kernel cannot")
                part, read = None, {}
                for line in open("/proc/self/smaps"):
                    words = line.split()
                    if not words[0].endswith(":"):
                        part = len(words) > 5 and "/libc" in words[5] and words[1] == "r-xp"
                    elif part and words[0] in ("Size:", "Rss:"):
                        read[words[0]] = words[1]
                print(len(read), read.get("Size:") == read.get("Rss:"))
                """)
            #expect(
                ["2 True\n", "the kernel cannot"].contains { run.output.hasPrefix($0) },
                "\(run.output)")
        }

        @Test("The clock can be left real, and the grade says so")
        func realClock() async throws {
            let run = try await Self.run(
                "import time; time.sleep(0.01); print('slept')", ["--clock", "real"])
            #expect(run.output == "slept\n")
            #expect(run.text("grade") == "C")
            #expect(run.list("grade_reasons").contains("the agent's clock is real"))
        }

        @Test("An agent that polls for ever hangs, after a day that takes no time")
        func pollsForEver() async throws {
            let run = try await Self.run(
                """
                import os, time
                while not os.path.exists("/nowhere/at/all"): time.sleep(60)
                """)
            #expect(run.verdict == "hung")
            #expect(run.json["trace"]?["end"]?.stringValue == "hung")
        }

        @Test(
            "An agent that takes too much is stopped, and nothing of it is left",
            arguments: [
                (
                    "import os, time\nfor _ in range(300):\n    if os.fork() == 0: os._exit(time.sleep(9))\ntime.sleep(9)",
                    "--process-limit", "200", "started more than 200 processes"
                ),
                (
                    "held = []\nwhile True: held.append(bytearray(1 << 20))",
                    "--memory-limit", "300", "took more than 300 MiB of memory"
                ),
            ])
        func limits(_ code: String, _ option: String, _ limit: String, _ reason: String)
            async throws
        {
            let run = try await Self.run(code, [option, limit])
            #expect(run.verdict == "crashed")
            #expect(run.text("reason") == "the agent \(reason)")
        }

        @Test("A static program runs in real time, and the grade says so")
        func staticChild() async throws {
            let folder = try Scratch.folder()
            let source = folder + "/nap.c"
            try Data(
                """
                #include <time.h>
                int main(void) {
                    struct timespec nap = {0, 20000000};
                    return nanosleep(&nap, 0);
                }
                """.utf8
            ).write(to: URL(fileURLWithPath: source))
            let built = try await Shell.run(
                ["/usr/bin/env", "clang", "-static", "-o", folder + "/nap", source])
            guard built.status == 0 else {
                print("skipped: no static program can be built here (clang, libc.a)")
                return
            }
            let run = try await Self.run(
                "import subprocess; print(subprocess.run(['\(folder)/nap']).returncode)")
            #expect(run.output == "0\n")
            #expect(run.text("grade") == "D", "\(run.list("grade_reasons"))")
        }
    }
#endif
