import Determinism
import Foundation
import Testing

extension Robust {
    @Suite("An agent that tries to leave")
    struct IsolationTests {
        private static let tape = Result<String, any Error> {
            try RobustProgram.tape("get('/json/a')", try RobustStub())
        }

        /// Where namespaces are refused there is nothing to enforce, and the grade says so.
        static let isIsolated: Bool = {
            let found = try? RobustProgram.run(["doctor"])
            return found?.out.contains("in a network namespace of their own") ?? false
        }()

        static let attempts = """
            def attempt(action):
                try:
                    action()
                    print("reached")
                except OSError:
                    print("refused")
            attempt(lambda: urllib.request.urlopen("http://93.184.216.34/", timeout=5))
            attempt(lambda: urllib.request.urlopen("https://api.openai.com/v1/models", timeout=5))
            datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            datagram.sendto(b"hello", ("198.51.100.7", 9999))
            get('/json/a')
            """

        @Test(
            "Foreign addresses are out of reach, and both reports name them",
            .enabled(if: isIsolated, "network namespaces are refused here"))
        func foreign() throws {
            let agent = try RobustProgram.agent(Self.attempts)
            let report = try RobustProgram.replay(try Self.tape.get(), agent)
            let trace = try #require(report["trace"])
            #expect(trace["stdout"]?.stringValue == "refused\nrefused\n")
            let named = (trace["foreign"]?.arrayValue ?? []).compactMap(\.stringValue)
            #expect(named.contains("tcp:93.184.216.34:80"))
            #expect(named.contains("udp:198.51.100.7:9999"))
            let text = try RobustProgram.run(
                ["replay", "--cassette", try Self.tape.get(), "--"] + agent)
            #expect(text.out.contains("tcp:93.184.216.34:80"))
            #expect(text.out.contains("udp:198.51.100.7:9999"))
        }

        @Test(
            "A name server on another host is asked in vain, and the name is reported",
            .enabled(if: isIsolated, "network namespaces are refused here"))
        func name() throws {
            // A question for api.openai.com, as a resolver would send it.
            let report = try RobustProgram.replay(
                try Self.tape.get(),
                try RobustProgram.agent(
                    """
                    question = (b"\\x12\\x34\\x01\\x00\\x00\\x01" + bytes(6)
                        + b"\\x03api\\x06openai\\x03com\\x00\\x00\\x01\\x00\\x01")
                    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    datagram.sendto(question, ("198.51.100.53", 53))
                    get('/json/a')
                    """))
            let named = report["trace"]?["foreign"]?.arrayValue?.compactMap(\.stringValue)
            #expect(named == ["dns:api.openai.com"])
        }

        @Test("An agent that keeps to its mount has no foreign address")
        func none() throws {
            let report = try RobustProgram.replay(
                try Self.tape.get(), try RobustProgram.agent("get('/json/a')"))
            #expect(report["verdict"]?.stringValue == "passed")
            #expect(report["trace"]?["foreign"]?.arrayValue?.isEmpty == true)
        }

        @Test("Without isolation the grade says so")
        func declined() throws {
            let report = try RobustProgram.replay(
                try Self.tape.get(), options: ["--no-isolation"],
                try RobustProgram.agent("get('/json/a')"))
            #expect(report["verdict"]?.stringValue == "passed")
            let reasons = report["grade_reasons"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(reasons.contains { $0.contains("isolat") })
        }
    }
}
