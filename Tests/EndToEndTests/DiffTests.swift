import Determinism
import Foundation
import Testing

@Suite("Comparing two runs")
struct DiffTests {
    private func report(_ arguments: [String]) async throws -> String {
        let tape = try await ProbeTape.tool.tape
        let result = try await Stormtape.run(
            ["replay", "--cassette", tape.cassette, "--format", "json"] + arguments + ["--"]
                + tape.command)
        return try Scratch.file("run.json", result.out)
    }

    private func scenario(_ fault: String) throws -> [String] {
        ["--scenario", try Scratch.file("s.yaml", FaultCase.scenario(fault)), "--seed", "1"]
    }

    @Test("Equal runs are the same, in words and by the exit code")
    func same() async throws {
        let (one, other) = (try await report([]), try await report([]))
        let result = try await Stormtape.run(["diff", one, other])
        #expect(result.status == 0, "\(result.out)")
        #expect(result.out == "The two runs are the same.\n")
    }

    @Test("A fault is shown in words, in two columns, and by member")
    func differs() async throws {
        let (calm, broken) = (
            try await report([]), try await report(try scenario("server-error"))
        )
        let text = try await Stormtape.run(["diff", calm, broken])
        #expect(text.status == 1, "\(text.err)")
        #expect(text.out.contains("GET /orders/A-1003 -> 200"), "\(text.out)")
        #expect(text.out.contains("[server-error]"), "\(text.out)")
        #expect(text.out.contains("status: 200 or 500"), "\(text.out)")
        #expect(text.out.contains(" ! "), "\(text.out)")
        let json = try Run(await Stormtape.run(["diff", calm, broken, "--format", "json"])).json
        #expect(json["equal"]?.boolValue == false)
        let place = try #require(json["parting"]?.intValue)
        let row = json["rows"]?.arrayValue?.first { $0["row"]?.intValue == place }
        let members = row?["members"]?.arrayValue?.compactMap { $0["member"]?.stringValue } ?? []
        #expect(members.contains("status"), "\(members)")
    }

    @Test("What is not a run is refused, with what to do")
    func refuses() async throws {
        let good = try await report([])
        let cases = [
            ("no JSON", "write it with replay --format json"), ("{}", "holds no events of a run"),
            (#"{"runs":[]}"#, "is the report of a storm"),
        ]
        for (content, text) in cases {
            let other = try Scratch.file("other.json", content)
            let result = try await Stormtape.run(["diff", good, other])
            #expect(result.status == 2)
            #expect(result.err.contains(text), "\(result.err)")
        }
    }
}
