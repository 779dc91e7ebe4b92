import Determinism
import Foundation
import Testing

extension Robust {
    @Suite("Traffic that is large, much, or broken")
    struct TrafficTests {
        /// 50 by the environment; a program that is not optimised takes a second for each.
        static let megabytes =
            ProcessInfo.processInfo.environment["STORMTAPE_LARGE_MB"].flatMap { Int($0) } ?? 2

        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            var code: String
            var count: Int
            var testDescription: String { name }
        }

        static let cases = [
            Case(
                name: "a large request",
                code: """
                    body = b"0123456 89abcde\\n" * (\(megabytes) << 16)
                    get('/json/large', body, {"Content-Type": "application/octet-stream"})
                    """, count: 1),
            Case(
                name: "a large answer",
                code: "assert len(get('/size/\(megabytes << 20)')) == \(megabytes << 20)",
                count: 1),
            Case(
                name: "2,000 requests on one connection",
                code: """
                    import http.client
                    connection = http.client.HTTPConnection(base[len("http://"):], timeout=50)
                    for number in range(2000):
                        connection.request("GET", "/json/%d" % number)
                        assert connection.getresponse().read()
                    """, count: 2_000),
        ]

        @Test("It is recorded and replayed", arguments: cases)
        func whole(_ example: Case) throws {
            let cassette = try RobustProgram.tape(example.code, try RobustStub())
            let report = try RobustProgram.replay(cassette, try RobustProgram.agent(example.code))
            #expect(report["verdict"]?.stringValue == "passed")
            let exchanges = report["trace"]?["exchanges"]?.arrayValue ?? []
            #expect(exchanges.count == example.count)
            #expect(exchanges.allSatisfy { $0["source"]?.stringValue == "recorded" })
        }

        struct Broken: Sendable, CustomTestStringConvertible {
            var name: String
            var path: String
            var ending: String
            var seen: String
            var testDescription: String { name }
        }

        static let endings = [
            Broken(
                name: "a reset within the body", path: "/reset", ending: "reset",
                seen: "ConnectionResetError"),
            Broken(
                name: "an end within the body", path: "/early", ending: "truncated",
                seen: "IncompleteRead 10"),
        ]

        /// Says which exception the agent gets, and how much of the body it carries.
        static let says = """
            import http.client
            try:
                print(get(sys.argv[1]))
            except http.client.IncompleteRead as error:
                print("IncompleteRead", len(error.partial))
            except urllib.error.HTTPError as error:
                print("status", error.code)
            except OSError as error:
                print(type(getattr(error, "reason", error)).__name__)
            """

        @Test("A broken answer is recorded and replayed as it was", arguments: endings)
        func broken(_ example: Broken) throws {
            let stub = try RobustStub()
            let cassette = try RobustFolder.file("broken.cassette")
            let agent = try RobustProgram.agent(Self.says) + [example.path]
            let recorded = try RobustProgram.record(cassette, upstream: stub.address, agent)
            #expect(recorded.status == 0)
            #expect(recorded.out == example.seen + "\n")
            let rows = try RobustProgram.inspect(cassette)["interactions"]?.arrayValue ?? []
            #expect(rows.compactMap { $0["ending"]?.stringValue } == [example.ending])
            #expect(rows.first?["response_bytes"]?.intValue == 10)
            let report = try RobustProgram.replay(cassette, agent)
            #expect(report["trace"]?["stdout"]?.stringValue == example.seen + "\n")
            #expect(report["verdict"]?.stringValue == "passed")
        }

        @Test("An upstream that nobody serves is recorded as unreachable, and fails in replay too")
        func unreachable() throws {
            let cassette = try RobustFolder.file("unreachable.cassette")
            // A port that is bound and not listened to refuses, whoever else is looking for one.
            let holder = try RobustProcess([
                try RobustProgram.python(), "-c",
                "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); "
                    + "print(s.getsockname()[1], flush=True); sys.stdin.read()",
            ])
            let port = try #require(try holder.line())
            let agent = try RobustProgram.agent(Self.says) + ["/json/a"]
            let recorded = try RobustProgram.record(
                cassette, upstream: "http://127.0.0.1:\(port)", agent)
            #expect(recorded.status == 0)
            #expect(recorded.out == "status 502\n")
            #expect(recorded.err.contains("Connection refused"))
            let rows = try RobustProgram.inspect(cassette)["interactions"]?.arrayValue ?? []
            #expect(rows.compactMap { $0["ending"]?.stringValue } == ["unreachable"])
            let report = try RobustProgram.replay(cassette, agent)
            #expect(report["trace"]?["stdout"]?.stringValue == "ConnectionResetError\n")
            withExtendedLifetime(holder) {}
        }
    }
}
