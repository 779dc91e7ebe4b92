import Judgement
import Simulation
import Testing

@Suite("Each invariant of the catalogue on a run that keeps it and one that breaks it")
struct InvariantPairTests {
    @Test("the whole catalogue has pairs, and each of them one")
    func covered() {
        let names = InvariantPairs.all.map { $0.name ?? "unreadable: \($0.rule)" }
        #expect(names.sorted() == InvariantCatalogue.names.sorted())
    }

    @Test("the run that does right keeps it", arguments: InvariantPairs.all)
    func kept(pair: InvariantPair) throws {
        let result = try pair.keeps.result(pair.rule)
        expect(result, .holds())
        #expect(result.isJudged, "\(result.message)")
        #expect(!result.message.isEmpty)
        #expect(verdict(of: pair.keeps, result) == .passed)
    }

    @Test(
        "the run that does wrong breaks it, and what proves it is named",
        arguments: InvariantPairs.all)
    func broken(pair: InvariantPair) throws {
        let result = try pair.breaks.result(pair.rule)
        expect(result, pair.expected)
        #expect(result.isJudged)
        #expect(!result.message.isEmpty)
        #expect(verdict(of: pair.breaks, result) == pair.verdict)
        let known = Set(pair.breaks.trace.exchanges.map(\.id))
        #expect(result.witnesses.allSatisfy { known.contains($0) })
        let isOutputOnly = InvariantPairs.provenByOutput.contains(pair.name ?? "")
        #expect(result.witnesses.isEmpty == isOutputOnly, "\(result.witnesses)")
        switch result.position {
        case .request(let id), .delivery(let id): #expect(result.witnesses.contains(id))
        case .beginning, .end, nil: break
        }
    }

    @Test("negated, the one breaks it and the other keeps it", arguments: InvariantPairs.all)
    func negated(pair: InvariantPair) throws {
        let rule = pair.rule.dropLast() + #","negate":true}"#
        let kept = try pair.keeps.result(String(rule))
        #expect(kept.isJudged && !kept.passed, "\(kept.message)")
        #expect(kept.position == .end)
        let broken = try pair.breaks.result(String(rule))
        #expect(broken.isJudged && broken.passed, "\(broken.message)")
    }

    private func verdict(of scene: InvariantPair.Scene, _ result: InvariantResult) -> Verdict {
        Judge.verdict(trace: scene.trace, results: [result], nondeterministic: false)
    }
}
