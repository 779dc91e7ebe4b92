import Determinism
import Testing

#if os(Linux)
    /// The HTML report in a real browser, and two versions of an agent side by side.
    @Suite("Reports of hostile agents, and comparisons")
    struct ReportPageTests {
        /// Asks once; writes what tries to break out of a page, a terminal and a document.
        ///
        /// It gives up at the first error, unless it is told to be patient.
        private static let agent = """
            import os, sys, time, urllib.error, urllib.request
            address = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
            request = urllib.request.Request(
                address, b'{"model":"m","messages":[{"role":"user","content":"<b>hi</b>"}]}',
                {"content-type": "application/json"})
            for attempt in range(4 if "--patient" in sys.argv else 1):
                try:
                    with urllib.request.urlopen(request) as answer: answer.read()
                    break
                except urllib.error.HTTPError:
                    time.sleep(2)
            else:
                print("</script><script>document.title = 'taken over'</script>")
                print("\\u001b[31mred\\u001b[2J\\u202egnihton\\u2066", "A" * 10_000_000)
                sys.stdout.flush()
                sys.stdout.buffer.write(b"\\xff\\xfe\\x00 | `x` ]]>\\n")
                sys.exit(1)
            """

        private static let tape = Task {
            let script = try Scratch.file("hostile.py", agent)
            return try await Tape.record(
                [Checkout.python(), script], upstream: "openai", path: "/v1")
        }

        private static func scenario() throws -> String {
            try Scratch.file("limits.yaml", FaultCase.scenario("rate-limit-429", ["times: 2"]))
        }

        private static func storm(_ format: String, workers: Int) async throws -> CommandResult {
            let tape = try await tape.value
            return try await Stormtape.run(
                [
                    "storm", "--no-history", "--cassette", tape.cassette, "--scenario",
                    scenario(), "--seeds", "1..3", "--format", format, "--workers",
                    String(workers), "--",
                ] + tape.command)
        }

        @Test(
            "Nothing that an agent writes runs in the page, which filters and obeys the keyboard",
            .enabled(if: Checkout.has("chromium"), "chromium is not installed"))
        func browser() async throws {
            let page = try await Self.storm("html", workers: 1)
            #expect(page.status == 1, "\(page.err)")
            let again = try await Self.storm("html", workers: 3)
            #expect(page.out == again.out, "the page depends on the number of workers")
            let file = try Scratch.file("report.html", page.out)
            let check = try await Shell.run(
                [Checkout.root + "/scripts/html-check", file, "--seconds", "60"])
            #expect(check.status == 0, "\(check.out)\(check.err)")
        }

        @Test(
            "No report holds what a terminal or a document would obey",
            arguments: ["text", "markdown", "junit", "github", "ctrf", "sarif", "perfetto", "json"])
        func escapes(format: String) async throws {
            let report = try await Self.storm(format, workers: 2)
            #expect(report.status == 1)
            #expect(!report.out.isEmpty)
            let allowed: Set<Unicode.Scalar> = ["\n", "\t"]
            let obeyed = report.out.unicodeScalars.first { scalar in
                (scalar.value < 0x20 && !allowed.contains(scalar))
                    || (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
            }
            #expect(obeyed == nil)
        }

        @Test("Two versions of an agent meet the same plans")
        func compare() async throws {
            let tape = try await Self.tape.value
            let command = tape.command.joined(separator: " ")
            let options = [
                "--cassette", tape.cassette, "--scenario", try Self.scenario(), "--seeds", "1..3",
                "--format", "json",
            ]
            let better = try await Stormtape.run(
                ["compare", command, command + " --patient"] + options)
            #expect(better.status == 0, "\(better.err)")
            let pairs = try JSONValue.parse(Array(better.out.utf8))["pairs"]
            #expect(pairs?["only_b"]?.intValue == 3)
            let worse = try await Stormtape.run(
                ["compare", command + " --patient", command] + options)
            #expect(worse.status == 1)
            let lost = try JSONValue.parse(Array(worse.out.utf8))["lost"]?.arrayValue ?? []
            #expect(lost.count == 3)
            #expect(lost.allSatisfy { $0["reproduce"]?.stringValue?.contains("--plan") == true })
            let allowed = try await Stormtape.run(
                ["compare", command + " --patient", command, "--max-lost", "3"] + options)
            #expect(allowed.status == 0)
        }
    }
#endif
