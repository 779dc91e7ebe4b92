import Determinism
import Foundation
import Testing

extension Robust {
    @Suite("An agent that goes wrong")
    struct CrashTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            var code: String
            var verdict: String
            var end: String
            var testDescription: String { name }
        }

        static let cases = [
            Case(
                name: "a segmentation fault", code: "os.kill(os.getpid(), signal.SIGSEGV)",
                verdict: "crashed", end: "signal 11"),
            Case(
                name: "an uncaught exception", code: "raise ValueError('no')",
                verdict: "crashed", end: "exit 1"),
            Case(name: "exit code 3", code: "sys.exit(3)", verdict: "violated", end: "exit 3"),
            Case(
                name: "hanging, deaf to SIGTERM",
                code: "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()",
                verdict: "hung", end: "hung"),
            Case(
                name: "hanging, out of its process group",
                code: "os.setpgid(0, os.getpgid(os.getppid())); signal.pause()",
                verdict: "hung", end: "hung"),
            Case(
                name: "a closed standard output",
                code: "os.close(1); os.close(2); get('/json/a')",
                verdict: "passed", end: "exit 0"),
        ]

        @Test("The verdict names it", arguments: cases)
        func verdict(_ example: Case) throws {
            let report = try replay(example.code, limit: 30)
            #expect(report["verdict"]?.stringValue == example.verdict)
            #expect(report["trace"]?["end"]?.stringValue == example.end)
        }

        @Test("Children that outlive it are gone afterwards and delay nothing")
        func daemon() throws {
            let began = Date()
            let marker = UUID().uuidString
            let report = try replay(
                """
                # \(marker)
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        signal.pause()
                    os._exit(0)
                os.wait()
                get('/json/a')
                """, limit: 30)
            #expect(report["verdict"]?.stringValue == "passed")
            #expect(Date().timeIntervalSince(began) < 25)
            expectGone(marker)
        }

        @Test("Two hundred sleeping children are all killed")
        func children() throws {
            let marker = UUID().uuidString
            let report = try replay(
                """
                # \(marker)
                for number in range(200):
                    child = os.fork()
                    if child == 0:
                        os.setsid()
                        signal.pause()
                print("all", flush=True)
                signal.pause()
                """, limit: 30)
            #expect(report["verdict"]?.stringValue == "hung")
            #expect(report["trace"]?["stdout"]?.stringValue == "all\n")
            expectGone(marker)
        }

        @Test("A flood of 100 MB of output is bounded")
        func flood() throws {
            let report = try replay(
                """
                line = b"0123456 89abcde\\n" * 65536
                for number in range(100):
                    os.write(1, line)
                get('/json/a')
                """, limit: 60)
            #expect(report["verdict"]?.stringValue == "passed")
            let kept = report["trace"]?["stdout"]?.stringValue?.utf8.count ?? 0
            #expect(kept > 0 && kept <= 4 << 20)
            let written = (report["trace"]?["log"]?.arrayValue ?? []).reduce(0) { sum, entry in
                entry["event"]?.stringValue == "output"
                    ? sum + (entry["bytes"]?.intValue ?? 0) : sum
            }
            #expect(written == 100 << 20)
        }

        private static let tape = Result<String, any Error> {
            try RobustProgram.tape("get('/json/a')", try RobustStub())
        }

        private func replay(_ code: String, limit: Int) throws -> JSONValue {
            try RobustProgram.replay(
                try Self.tape.get(), options: ["--wall-limit", "\(limit)"],
                try RobustProgram.agent(code))
        }

        /// Checks that no process is left whose command line holds the marker.
        private func expectGone(_ marker: String) {
            let processes =
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?
                .filter { Int32($0) != nil } ?? []
            #expect(!processes.isEmpty)
            let left = processes.filter { process in
                let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
                return line.map { String(decoding: $0, as: UTF8.self).contains(marker) } ?? false
            }
            #expect(left.isEmpty, "still there: \(left)")
        }
    }
}
