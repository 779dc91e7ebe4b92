import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Every fault on any delivery")
struct FaultTotalityTests {
    static let casesPerSlice = 40

    @Test("fires exactly when it changes the delivery, and breaks nothing else", arguments: 0..<8)
    func total(slice: Int) {
        var edited: [StreamFraming: Int] = [:]
        for number in (slice * Self.casesPerSlice)..<((slice + 1) * Self.casesPerSlice) {
            var draws = Draws(seed: 2_026, number: number)
            let (before, context) = draws.delivery()
            for kind in FaultCatalogue.all {
                let parameters = draws.parameters(of: kind, before, context)
                var after = before
                let outcome = kind.apply(&after, parameters, context)
                let label = "seed 2026, case \(number), \(kind.id) \(parameters.members)"
                switch outcome {
                case .fired:
                    // What strikes before there is a connection never changes a delivery.
                    if kind.opening != nil { Issue.record("changed a delivery: \(label)") }
                    if let framing = FaultLaws.keptFraming(kind, context, before) {
                        edited[framing, default: 0] += 1
                    }
                    if after == before { Issue.record("fired, changed nothing: \(label)") }
                case .inapplicable(let reason):
                    if after != before || reason.isEmpty {
                        Issue.record("inapplicable, but changed: \(label)")
                    }
                }
                if let flaw = FaultLaws.flaw(in: after, from: before, kind, parameters, context) {
                    Issue.record("\(flaw): \(label)")
                }
                if number % 10 == 0 {
                    var again = before
                    let second = kind.apply(&again, parameters, context)
                    if second != outcome || again != after {
                        Issue.record("a second time differs: \(label)")
                    }
                }
            }
        }
        for framing in StreamFraming.allCases where edited[framing, default: 0] < 5 {
            Issue.record("few streams of \(framing) were edited in slice \(slice)")
        }
    }

    @Test("each kind that can change a delivery changes some")
    func everyKindFires() {
        var silent = FaultCatalogue.all.filter { $0.opening == nil }
        for sample in StreamSample.all {
            var draws = Draws(seed: 1, number: 0)
            Self.apply(&silent, to: (sample.delivery, sample.context), &draws)
        }
        for number in 0..<75 {
            var draws = Draws(seed: 2_026, number: 10_000 + number)
            Self.apply(&silent, to: draws.delivery(), &draws)
            Self.apply(&silent, to: draws.toolDelivery(), &draws)
            Self.apply(&silent, to: draws.answerDelivery(), &draws)
            Self.apply(&silent, to: draws.mcp(), &draws)
        }
        #expect(silent.map(\.id) == [])
    }

    /// Applies kinds to a delivery and takes away those that fire.
    private static func apply(
        _ kinds: inout [FaultKind], to recorded: (delivery: Delivery, context: FaultContext),
        _ draws: inout Draws
    ) {
        kinds.removeAll { kind in
            let parameters = draws.parameters(of: kind, recorded.delivery, recorded.context)
            var delivery = recorded.delivery
            return kind.apply(&delivery, parameters, recorded.context) == .fired
        }
    }

    @Test("the composition of any faults is total and names the fate of each", arguments: 0..<4)
    func compositions(slice: Int) {
        for number in (slice * 100)..<((slice + 1) * 100) {
            var draws = Draws(seed: 7, number: number)
            let (recorded, context) = draws.delivery()
            let planned = (0..<4).map { _ in
                let kind = FaultCatalogue.all[draws.int(0...FaultCatalogue.all.count - 1)]
                return PlannedFault(
                    fault: kind.id,
                    anchor: Anchor(
                        fingerprint: Fingerprint(Digest(hashing: [])), take: 1, attempt: 1,
                        upstream: "x", call: 1),
                    parameters: draws.parameters(of: kind, recorded, context))
            }
            let (delivery, fates) = Composer.compose(recorded, planned: planned, context: context)
            let label = "seed 7, case \(number), \(planned.map(\.fault))"
            #expect(fates.map(\.planned) == planned, "\(label)")
            let fired = fates.filter { $0.fate == .fired }
            let replacing = fired.filter { fate in
                FaultCatalogue.named(fate.planned.fault)?
                    .replacesAnswer(with: fate.planned.parameters) == true
            }
            #expect(replacing.count <= 1, "\(label)")
            #expect(!fates.contains { $0.fate == .unreached }, "\(label)")
            if fired.isEmpty { #expect(delivery == recorded, "\(label)") }
            let hasMasked = fates.contains {
                if case .masked = $0.fate { true } else { false }
            }
            #expect(!hasMasked || replacing.count == 1, "\(label)")
        }
    }
}
