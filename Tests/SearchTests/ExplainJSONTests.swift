import Determinism
import Faults
import Search
import Testing

@Suite("Results of search as JSON")
struct ExplainJSONTests {
    private static func fails(_ plan: Plan) -> Bool {
        (ShrinkFixture.number("stall_ms", at: 2, plan).map { $0 == 0 || $0 >= 10 } ?? false)
            && ShrinkFixture.calls(plan).contains(1)
    }

    private static func plan(stall: Int64) -> Plan {
        ShrinkFixture.plan([
            ShrinkFixture.fault("quota-exhausted-429", call: 1),
            ShrinkFixture.fault(
                "stalled-stream", call: 2,
                [JSONMember("at", 4), JSONMember("stall_ms", .int(stall))]),
            ShrinkFixture.fault("overloaded-529", call: 3),
        ])
    }

    @Test("a shrunk plan has a text that holds the plan and how it was found")
    func shrunk() throws {
        var shrinker = Shrinker(Self.plan(stall: 99), runner: ShrinkRunner(failing: Self.fails))
        let result = try shrinker.shrink()
        let json = result.json
        #expect(json["outcome"] == "shrunk")
        #expect(json["is_minimal"] == true)
        #expect(json["faults_before"] == 3)
        #expect(json["faults"] == 2)
        #expect(json["signature"]?["rule"] == "refund_once")
        #expect(json["steps"]?.arrayValue?.count == result.steps.count)
        #expect(json["runs"]?.intValue == Int64(result.runs))
        #expect(json["used_ordinals"] == [1, 2])
        let text = try #require(json["plan"])
        #expect(try Plan(json: text) == result.plan)
        // What idle workers did besides is no part of it.
        var wide = Shrinker(
            Self.plan(stall: 99), runner: ShrinkRunner(width: 9, failing: Self.fails))
        #expect(try wide.shrink().json == json)
    }

    @Test("an explanation has a text that says what matters")
    func explained() throws {
        var plan = Self.plan(stall: 10)
        plan.faults.removeLast()
        var explainer = Explainer(plan, runner: ShrinkRunner(failing: Self.fails))
        let json = try explainer.explain().json
        #expect(json["is_complete"] == true)
        #expect(json["needless"] == [])
        #expect(json["parameters"]?[0]?["name"] == "variant")
        #expect(json["parameters"]?[0]?["matters"] == false)
        #expect(json["parameters"]?[2]?["from"] == 10)
        #expect(json["parameters"]?[2]?["also"] == 0)
        #expect(json["nearest_passing"]?["verdict"] == "passed")
        #expect(json["inevitable_from"] == 2)
        let text = try #require(json["nearest_passing"]?["plan"])
        #expect(!Self.fails(try Plan(json: text)))
    }
}
