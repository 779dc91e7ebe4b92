import Determinism
import Judgement
import Simulation
import Testing

@Suite("Laws of temporal formulas")
struct TemporalLawTests {
    private static func rule(_ formula: Reference) throws -> Invariant {
        try Invariant.parse(["temporal": .string(formula.text)])
    }

    @Test("random formulas on random runs agree with the definitions")
    func agreement() throws {
        var broken = 0
        for seed in UInt64(0)..<3_000 {
            var draws = TemporalDraws(seed: seed)
            let calls = ModelCall.draw(&draws, count: draws.below(7))
            let formula = Reference.draw(&draws, depth: draws.below(4), isTemporal: true)
            let expected = ReferenceMeaning(moments: ModelMoment.all(calls)).holds(formula)
            let found = try TemporalLawTests.rule(formula).evaluate(ModelCall.trace(calls))
            #expect(found.passed == expected, "seed \(seed): \(formula.text) on \(calls)")
            #expect(!found.message.isEmpty)
            broken += expected ? 0 : 1
        }
        // Both answers have to come up often, or the law says little.
        #expect((400...1_600).contains(broken), "\(broken) were broken")
    }

    @Test("what is broken before the end stays broken, whatever comes after")
    func finality() throws {
        var early = 0
        for seed in UInt64(0)..<2_000 {
            var draws = TemporalDraws(seed: seed)
            var calls = ModelCall.draw(&draws, count: 1 + draws.below(6))
            let formula = Reference.draw(&draws, depth: draws.below(4), isTemporal: true)
            let rule = try TemporalLawTests.rule(formula)
            let found = rule.evaluate(ModelCall.trace(calls))
            guard let kept = TemporalLawTests.kept(found.position) else { continue }
            early += 1
            calls = Array(calls.prefix(kept.count))
            // Of a request the answer was not known yet.
            if kept.isRequest, let last = calls.indices.last { calls[last].isOK.toggle() }
            let last = calls.last?.at ?? 0
            for var call in ModelCall.draw(&draws, count: draws.below(5)) {
                call.at += last
                calls.append(call)
            }
            let other = rule.evaluate(ModelCall.trace(calls))
            #expect(!other.passed, "seed \(seed): \(formula.text) on \(calls)")
            #expect(other.position == found.position, "seed \(seed): \(formula.text) on \(calls)")
        }
        #expect(early > 200, "\(early) were decided before the end")
    }

    private static func kept(_ position: WitnessPosition?) -> (count: Int, isRequest: Bool)? {
        switch position {
        case .beginning: (0, false)
        case .request(let id): (id.number, true)
        case .delivery(let id): (id.number, false)
        case .end, nil: nil
        }
    }

    @Test("a long run costs the number of moments times the length of the formula")
    func cost() throws {
        let formula = try TemporalFormula(
            parsing: """
                always (error(a) -> within 30s (ok(b) and not (call(a) until ok(a))))
                and (call(a, k = $k) requires call(b, k = $k) before within 100 steps)
                and at most 3000 call(b, k = $k) within 60s
                and after 3 error(a) never (call(a) before ok(b))
                """)
        var looks: [Int] = []
        for count in [2_500, 5_000] {
            let calls = (0..<count).map { index in
                ModelCall(
                    tool: index % 3 == 0 ? "a" : "b", key: index % 17, isOK: index % 5 != 0,
                    at: Int64(index))
            }
            looks.append(formula.looks(on: Conduct(ModelCall.trace(calls))))
        }
        // 5000 calls are 10001 moments.
        #expect(looks[1] < 10_001 * 60, "\(looks)")
        #expect(looks[1] < looks[0] * 2 + 100, "\(looks)")
    }
}
