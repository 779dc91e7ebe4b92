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
        private static func untidy(_ effect: String) -> String {
            """
            import json, os, subprocess, sys, urllib.request
            \(effect)
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions",
                b'{"model":"m","messages":[{"role":"user","content":"hello"}]}',
                {"content-type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer: print(json.load(answer))
            """
        }

        /// The same as a program that loads no library at all.
        private static let unreached = #"""
            #include <arpa/inet.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            int main(int count, char **words) {
                const char *body =
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
                int port = 0;
                FILE *file = fopen(words[count - 1], "a");
                fputs("run\n", file);
                fclose(file);
                sscanf(getenv("OPENAI_BASE_URL"), "http://127.0.0.1:%d", &port);
                struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
                to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
                int tcp = socket(AF_INET, SOCK_STREAM, 0);
                if (connect(tcp, (struct sockaddr *)&to, sizeof to) != 0) return 1;
                dprintf(tcp, "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n"
                    "connection: close\r\ncontent-type: application/json\r\n"
                    "content-length: %zu\r\n\r\n%s", strlen(body), body);
                char answer[65536];
                while (read(tcp, answer, sizeof answer) > 0) continue;
                return 0;
            }
            """#

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

        static func record(
            _ code: String, _ arguments: [String] = [], options: [String] = []
        ) async throws -> Tape {
            let script = try Scratch.file("agent.py", code)
            return try await Tape.record(
                [try Checkout.python(), script] + arguments, upstream: "openai", path: "/v1",
                options: options)
        }

        /// A storm over eight seeds on one worker, in a mode of the fork server or in that which
        /// nobody chose.
        static func storm(
            _ mode: String?, _ tape: Tape, scenario: String = scenario, by prefix: [String] = []
        ) async throws -> Run {
            let result = try await Shell.run(
                prefix + [
                    "/usr/bin/env",
                    mode.map { "STORMTAPE_FORK_SERVER=\($0)" }
                        ?? "--unset=STORMTAPE_FORK_SERVER", try Checkout.stormtape(), "storm",
                    "--no-history", "--cassette", tape.cassette, "--scenario",
                    try Scratch.file("scenario.yaml", scenario), "--seeds", "1..8", "--workers",
                    "1", "--format", "json", "--",
                ] + tape.command)
            return try Run(result)
        }

        static func found(_ storm: Run) -> [JSONValue?] {
            storm.runs.flatMap { [$0["digest"], $0["verdict"], $0["grade"]] }
        }

        /// Whether this machine lets an agent be contained, which a template needs.
        static let isContained = Task {
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
            let unchosen = try await Self.storm(nil, tape)
            let proved = try await Self.storm("prove", tape)
            #expect(cold.runs.count == 8)
            for other in [copied, unchosen, proved] {
                #expect(Self.found(other) == Self.found(cold), "\(other.err)")
            }
            #expect(!unchosen.err.contains("fork server"))
            #expect(!cold.err.contains("fork server"))
            #expect(!copied.err.contains("warning"), "\(copied.err)")
            if try await Self.isContained.value {
                #expect(copied.err.contains("runs go on from a template"), "\(copied.err)")
            }
        }

        /// An agent whose first contact is that with the model: the package asks a program for the
        /// processor before it.
        private static let direct = """
            import os, subprocess, sys, uuid
            from openai import OpenAI

            client = OpenAI(timeout=20, max_retries=1)
            before = subprocess.run(sys.argv[1:], capture_output=True, text=True).stdout
            try:
                answer = client.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": "hello"}])
                print(answer.choices[0].message.content)
            except Exception as error: print(type(error).__name__)
            after = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True).stdout
            print(before, after, uuid.uuid4(), os.getpid())
            """

        @Test("Programs that it starts before its first contact, and that have ended, do no harm")
        func programsBefore() async throws {
            let tape = try await Self.record(Self.direct, ["uname", "-r"])
            let cold = try await Self.storm("off", tape)
            let copied = try await Self.storm("on", tape)
            let proved = try await Self.storm("prove", tape)
            #expect(cold.runs.count == 8)
            for other in [copied, proved] {
                #expect(Self.found(other) == Self.found(cold), "\(other.err)")
                #expect(!other.err.contains("warning"), "\(other.err)")
            }
            if try await Self.isContained.value {
                #expect(copied.err.contains("runs go on from a template"), "\(copied.err)")
            }
        }

        @Test("One that waits does: nobody moves the clock of a template")
        func programThatWaits() async throws {
            let tape = try await Self.record(Self.direct, ["sleep", "0.5"])
            let cold = try await Self.storm("off", tape)
            let copied = try await Self.storm("on", tape)
            #expect(Self.found(copied) == Self.found(cold), "\(copied.err)")
            if try await Self.isContained.value {
                #expect(copied.err.contains("has a program that waits"), "\(copied.err)")
            }
        }

        @Test("A mode that does not exist is refused with those that do")
        func modes() async throws {
            let script = try Scratch.file("agent.py", Self.untidy(""))
            let tape = try await Tape.record(
                [try Checkout.python(), script], upstream: "openai", path: "/v1")
            let result = try await Shell.run(
                [
                    "/usr/bin/env", "STORMTAPE_FORK_SERVER=maybe", try Checkout.stormtape(),
                    "replay", "--cassette", tape.cassette, "--",
                ] + tape.command)
            #expect(result.status == 2)
            #expect(
                result.err.contains(
                    "STORMTAPE_FORK_SERVER=maybe: there is no such mode; take one of on, prove, off"
                ), "\(result.err)")
        }

        @Test("An agent with an effect before its first contact is started for every run")
        func effects() async throws {
            let file = try Scratch.file("effects", "")
            let effect = #"with open(sys.argv[1], "a") as file: print("run", file=file)"#
            let tape = try await Self.record(Self.untidy(effect), [file])
            try await Self.expectNoCopies(of: tape, file, because: "to write")
        }

        @Test("So is one whose program has it, in whatever order its start and it are heard of")
        func effectsOfPrograms() async throws {
            let file = try Scratch.file("effects", "")
            let effect = #"subprocess.run(["sh", "-c", "echo run >> " + sys.argv[1]], check=True)"#
            let tape = try await Self.record(Self.untidy(effect), [file])
            // On one processor the program is heard of before its start.
            let one = ["/usr/bin/env", "taskset", "-c", "0"]
            guard try await Shell.run(one + ["true"]).status == 0 else {
                print("skipped: no program can be kept on one processor here (taskset)")
                return
            }
            try await Self.expectNoCopies(of: tape, file, because: "to write", by: one)
        }

        @Test("So is a static program, whose effects nobody sees")
        func unreachedEffects() async throws {
            let source = try Scratch.file("agent.c", Self.unreached)
            let program = try Scratch.folder() + "/agent"
            let built = try await Shell.run(
                ["/usr/bin/env", "clang", "-static", "-o", program, source])
            guard built.status == 0 else {
                print("skipped: no static program can be built here (clang, libc.a)")
                return
            }
            let file = try Scratch.file("effects", "")
            let tape = try await Tape.record([program, file], upstream: "openai", path: "/v1")
            try await Self.expectNoCopies(
                of: tape, file, because: "does not load the capsule", scenario: "scenario: calm")
        }

        /// Expects that an agent leaves as many lines in a file as without the fork server.
        private static func expectNoCopies(
            of tape: Tape, _ file: String, because reason: String,
            scenario: String = scenario, by prefix: [String] = []
        ) async throws {
            // One line is from the recording.
            func lines() throws -> Int { try Scratch.bytes(file).split(separator: "\n").count - 1 }
            let storm = try await Self.storm("on", tape, scenario: scenario, by: prefix)
            #expect(storm.runs.count == 8)
            let with = try lines()
            _ = try await Self.storm("off", tape, scenario: scenario, by: prefix)
            #expect(try lines() - with == with)
            #expect(with >= 8)
            #expect(storm.err.contains("fork server: off: "), "\(storm.err)")
            #expect(storm.err.contains(reason), "\(storm.err)")
        }
    }
#endif
