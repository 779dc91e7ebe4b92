import Determinism
import Foundation
import Testing

extension Robust {
    @Suite("Secrets of an agent")
    struct SecretTests {
        /// Put together at run time, so that no scanner of sources takes them for real.
        static let secrets = [
            "sk" + "-proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1w",
            "sk" + "-ant-api03-" + "Qw7eRt4yUi1oPa8sDf5gHj2kLz9x",
            "Mn6bVc3xZa0sDf7gHj4kQw1e",
            "Ty5uIo2pLk9jHg6fDs3aZx0c",
        ]

        /// Sends each in another place; the answer repeats the second, split over two chunks.
        static let code = """
            bearer, header, member, field = sys.argv[1:5]
            answer = get("/echo?api_key=" + field, b'{"api_key":"%s","n":1}' % member.encode(),
                {"Authorization": "Bearer " + bearer, "x-api-key": header,
                 "Content-Type": "application/json"}).decode()
            if os.environ["STORMTAPE_MODE"] == "record":
                assert answer == "your key is " + header + ", keep it", answer
            else:
                assert len(answer) == len("your key is " + header + ", keep it"), answer
                assert header not in answer, answer
            """

        @Test("None is in the file or in what is shown; the agent itself has the real bytes")
        func redacted() throws {
            let stub = try RobustStub()
            let cassette = try RobustFolder.file("secret.cassette")
            // From a file, not on the command line, which is kept in the cassette.
            let script = try RobustFolder.file("agent.py")
            let list = Self.secrets.map { "'\($0)'" }.joined(separator: ", ")
            let whole = try RobustProgram.agent(
                Self.code.replacingOccurrences(of: "sys.argv[1:5]", with: list))
            try Data((whole.last ?? "").utf8).write(to: URL(fileURLWithPath: script))
            let agent = [whole[0], "-S", "-E", script]
            let recorded = try RobustProgram.record(cassette, upstream: stub.address, agent)
            #expect(recorded.status == 0, "\(recorded.err)")
            #expect(recorded.err.contains("the agent exited with 0"))

            let folder = (cassette as NSString).deletingLastPathComponent
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
                for secret in Self.secrets {
                    #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
                }
            }
            for format in ["text", "json"] {
                let shown = try RobustProgram.run(
                    ["cassette", "inspect", cassette, "--format", format])
                #expect(shown.status == 0)
                #expect(!Self.secrets.contains { shown.out.contains($0) })
            }
            let report = try RobustProgram.replay(cassette, agent)
            #expect(report["verdict"]?.stringValue == "passed")
            let sources = report["trace"]?["exchanges"]?.arrayValue?
                .compactMap { $0["source"]?.stringValue }
            #expect(sources == ["recorded"])
        }
    }
}
