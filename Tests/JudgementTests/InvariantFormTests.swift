import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("What every invariant takes")
struct InvariantFormTests {
    @Test("a negated rule breaks where the rule holds, at the end of the run")
    func negated() throws {
        let rule = try invariant(#"{"output_matches":"error","negate":true}"#)
        let broken = rule.evaluate(TraceBuilder().ended(output: "an error"))
        #expect(!broken.passed)
        #expect(broken.position == .end)
        #expect(broken.id == "not output_matches /error/")
        let held = rule.evaluate(TraceBuilder().ended(output: "well"))
        #expect(held.passed)
        #expect(held.position == nil)
    }

    @Test(
        "a rule is judged by the faults that fired",
        arguments: [
            ("always", true, true), ("no_fault", true, false), ("no_chaos", true, false),
            ("any_fault", false, true), ("any_chaos_active", false, true),
            ("model_fault", false, true), ("llm_faults_active", false, true),
            ("tool_fault", false, false), ("tool_faults_active", false, false),
            ("fault:rate-limit-429", false, true), ("fault:connect-refused", false, false),
            ("family:status", false, true), ("family:stream", false, false),
        ])
    func gates(word: String, withoutFault: Bool, withFault: Bool) throws {
        let rule = try invariant(#"{"exit_code":3,"when":"\#(word)"}"#)
        var builder = TraceBuilder()
        builder.ask("openai")
        let calm = rule.evaluate(builder.ended())
        #expect(calm.isJudged == withoutFault)
        #expect(calm.passed != withoutFault, "judged, it is broken; else it holds")
        let anchor = Anchor(
            fingerprint: Fingerprint(Digest(hashing: [])), take: 1, attempt: 1,
            upstream: "openai", call: 1)
        builder.trace.exchanges[0].faults = [
            FaultRecord(
                planned: PlannedFault(
                    fault: "rate-limit-429", anchor: anchor, parameters: FaultParameters()),
                outcome: .fired)
        ]
        let stormy = rule.evaluate(builder.ended())
        #expect(stormy.isJudged == withFault)
        #expect(stormy.passed != withFault)
    }

    @Test("severity and label are read")
    func severity() throws {
        let rule = try invariant(
            #"{"exit_code":0,"severity":"critical","label":"ends well"}"#)
        #expect(rule.severity == .critical)
        #expect(rule.label == "ends well")
        #expect(try invariant(#"{"exit_code":0}"#).severity == .medium)
        #expect(Severity.allCases.map(\.weight) == [3, 2, 1, 1])
    }

    @Test(
        "a wrong form is refused with its place",
        arguments: [
            (#"{"exit_code":0,"max_calls":{"upstream":"a","count":1}}"#, "$"),
            (#"{"when":"always"}"#, "$"),
            (#"{"exit_code":0,"when":"sometimes"}"#, "$.when"),
            (#"{"exit_code":0,"when":"fault:nothing"}"#, "$.when"),
            (#"{"exit_code":0,"when":"family:nothing"}"#, "$.when"),
            (#"{"exit_code":0,"severity":"grave"}"#, "$.severity"),
            (#"{"exit_code":0,"negate":"yes"}"#, "$.negate"),
            (#"{"exit_code":0,"label":""}"#, "$.label"),
        ])
    func wrong(text: String, path: String) throws {
        do {
            _ = try invariant(text)
            Issue.record("it was read")
        } catch let error as InvariantError {
            #expect(error.path == path)
        }
    }

    @Test("every kind reads its own example and names itself once")
    func examples() throws {
        #expect(Set(InvariantCatalogue.names).count == InvariantCatalogue.names.count)
        for kind in InvariantCatalogue.all {
            let rule = try invariant("{\"\(kind.name)\":\(kind.example)}")
            #expect(rule.name == kind.name)
            #expect(!rule.id.isEmpty)
            #expect(kind.summary.hasSuffix("."), "\(kind.name)")
        }
    }
}
