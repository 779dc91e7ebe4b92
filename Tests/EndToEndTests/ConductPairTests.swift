import Determinism
import Testing

/// Rules judged on real runs of an SDK: for each one that keeps it and one that breaks it.
@Suite("Invariants on runs of an SDK")
struct ConductPairTests {
    @Test("every rule of the catalogue has such runs, here or among the planted bugs")
    func covered() async throws {
        let result = try await Stormtape.run(["invariants", "--format", "json"])
        let list = try JSONValue.parse(Array(result.out.utf8))
        let catalogue = (list.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        let covered =
            DeskRule.all.map(\.name) + Self.judged.flatMap { $0.objectValue?.map(\.key) ?? [] }
            + PlantedBugTests.bugs.map(\.rule)
        try #require(!catalogue.isEmpty)
        #expect(Set(covered).sorted() == catalogue.sorted())
    }

    @Test("the agent that does right keeps all of them")
    func right() async throws {
        let run = try await DeskRun.right.run
        #expect(run.verdict == "passed", "\(run.text("reason"))\(run.err)")
    }

    @Test("the run that does right keeps it, and it was judged", arguments: DeskRule.all)
    func kept(rule: DeskRule) async throws {
        let run = try await rule.keeps.run
        let result = rule.result(in: run)
        #expect(result?["passed"]?.boolValue == true, "\(run.text("reason"))\(run.err)")
        #expect(result?["judged"]?.boolValue == true, "\(result?.encodedText() ?? "none")")
    }

    @Test("the run that does wrong breaks it, and what proves it is named", arguments: DeskRule.all)
    func broken(rule: DeskRule) async throws {
        let run = try await rule.breaks.run
        let result = rule.result(in: run)
        #expect(result?["passed"]?.boolValue == false, "\(run.text("reason"))\(run.err)")
        #expect(result?["message"]?.stringValue?.isEmpty == false)
        let names = result?["witnesses"]?.arrayValue?.isEmpty == false
        #expect(names != rule.isProvenByOutput, "\(result?.encodedText() ?? "none")")
        #expect(["violated", "crashed"].contains(run.verdict), "\(run.verdict)")
    }

    /// Two rules that a model judges; the stand-in for it looks for the word in quotes, and
    /// counts letters.
    private static let judged: [JSONValue] = [
        ["judged_by_model": ["criterion": #"It tells of an "order"."#, "model": "small"]],
        [
            "similar_in_meaning": [
                "to": .string(DeskRun.done), "min_percent": 90, "model": "vectors",
            ]
        ],
    ]

    @Test("rules that a model judges wait for its answers, and are kept and broken by them")
    func judges() async throws {
        let judges = try Scratch.folder() + "/judges.cassette"
        let options = ["--judges", judges]
        for run in [DeskRun.right, .saidNothing] {
            let open = try await run.replay(Self.judged, options: options)
            #expect(open.verdict == "passed", "\(open.text("reason"))\(open.err)")
            #expect(open.list("invariants").map { $0["judged"]?.boolValue } == [false, false])
        }
        let asked = try await LocalServer.with("judge_server.py") { address in
            try await Stormtape.run(["judge"] + options + ["--url", address + "/v1"])
        }
        #expect(asked.status == 0, "\(asked.err)")
        for (run, holds) in [(DeskRun.right, true), (.saidNothing, false)] {
            let judged = try await run.replay(Self.judged, options: options)
            let results = judged.list("invariants")
            #expect(results.map { $0["judged"]?.boolValue } == [true, true])
            #expect(results.map { $0["passed"]?.boolValue } == [holds, holds])
            #expect(judged.verdict == (holds ? "passed" : "violated"), "\(judged.err)")
        }
    }
}
