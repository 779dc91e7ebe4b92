import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Every fault on any delivery")
struct FaultTotalityTests {
    static let casesPerSlice = 250

    @Test("fires exactly when it changes the delivery, and breaks nothing else", arguments: 0..<8)
    func total(slice: Int) {
        var fired = [Int](repeating: 0, count: FaultCatalogue.all.count)
        var edited: [StreamFraming: Int] = [:]
        for number in (slice * Self.casesPerSlice)..<((slice + 1) * Self.casesPerSlice) {
            var draws = Draws(seed: 2_026, number: number)
            let (before, context) = draws.delivery()
            for (place, kind) in FaultCatalogue.all.enumerated() {
                let parameters = draws.parameters(of: kind, before, context)
                var after = before
                let outcome = kind.apply(&after, parameters, context)
                let label = "seed 2026, case \(number), \(kind.id) \(parameters.members)"
                switch outcome {
                case .fired:
                    fired[place] += 1
                    if let framing = Self.keptFraming(kind, context, before) {
                        edited[framing, default: 0] += 1
                    }
                    if after == before { Issue.record("fired, changed nothing: \(label)") }
                case .inapplicable(let reason):
                    if after != before || reason.isEmpty {
                        Issue.record("inapplicable, but changed: \(label)")
                    }
                }
                let flaw =
                    Self.flaw(in: after, from: before, kind)
                    ?? Self.flaw(inStreamOf: after, from: before, kind, context)
                if let flaw {
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
        for framing in StreamFraming.allCases where edited[framing, default: 0] < 20 {
            Issue.record("few streams of \(framing) were edited in slice \(slice)")
        }
        // What strikes before there is a connection never changes a delivery.
        for (place, kind) in FaultCatalogue.all.enumerated()
        where kind.opening == nil ? fired[place] < 5 : fired[place] > 0 {
            Issue.record("\(kind.id) fired only \(fired[place]) times in slice \(slice)")
        }
    }

    /// What is wrong with a delivery after a fault; nil when nothing is.
    static func flaw(in after: Delivery, from before: Delivery, _ kind: FaultKind) -> String? {
        let instants = [after.head?.at ?? .zero] + after.body.map(\.at) + [after.endAt]
        if zip(instants, instants.dropFirst()).contains(where: { $0 > $1 }) {
            return "instants decrease"
        }
        if case .length(let announced) = after.head?.framing, after.ending == .complete,
            announced != after.body.reduce(0, { $0 + $1.bytes.count })
        {
            return "a complete answer has not its announced length"
        }
        if after.head == nil, !after.body.isEmpty { return "a body without a head" }
        if !kind.replaces {
            if after.head?.status != before.head?.status
                || after.head?.headers != before.head?.headers
                || after.head?.at != before.head?.at
            {
                return "the head is not kept"
            }
        }
        return nil
    }

    /// The framing of a stream, when it is one and a fault of this kind must keep it.
    private static func keptFraming(
        _ kind: FaultKind, _ context: FaultContext, _ before: Delivery
    ) -> StreamFraming? {
        guard [.stream, .semantic].contains(kind.layer), kind.target == .model else { return nil }
        return context.framing(of: before)
    }

    /// What is wrong with the framing of a stream that was whole and is edited by its meaning.
    static func flaw(
        inStreamOf after: Delivery, from before: Delivery, _ kind: FaultKind,
        _ context: FaultContext
    ) -> String? {
        guard after != before, let framing = keptFraming(kind, context, before) else { return nil }
        let events = framing.events(of: after.bodyBytes)
        let isWhole = { (events: [StreamEvent]) in events.allSatisfy { $0.isTerminated } }
        guard isWhole(framing.events(of: before.bodyBytes)) else { return nil }
        if !isWhole(events) { return "a frame is broken" }
        guard framing == .jsonArray, (try? JSONValue.parse(before.bodyBytes)) != nil else {
            return nil
        }
        return (try? JSONValue.parse(after.bodyBytes)) == nil ? "the array is broken" : nil
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
            let replacing = fired.filter {
                FaultCatalogue.named($0.planned.fault)?.replaces == true
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
