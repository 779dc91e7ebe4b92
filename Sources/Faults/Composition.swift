import Cassette

/// Applies several faults to one delivery.
///
/// At most one replacing fault fires: the first in plan order that can. It masks every other
/// replacing fault, and every fault that would edit the answer it took away; only faults of the
/// timing layer still apply, to what is sent in its place. Without one, the faults apply by layer,
/// and within a layer in plan order.
public enum Composer {
    /// The delivery with the faults applied, and what became of each, in plan order.
    public static func compose(
        _ recorded: Delivery, planned: [PlannedFault], context: FaultContext
    ) -> (delivery: Delivery, fates: [(planned: PlannedFault, fate: FaultFate)]) {
        var delivery = recorded
        var fates = [FaultFate?](repeating: nil, count: planned.count)
        let steps = planned.enumerated().compactMap { place, fault -> Step? in
            guard let kind = FaultCatalogue.named(fault.fault) else {
                fates[place] = .inapplicable("no fault is called \(fault.fault)")
                return nil
            }
            if let reason = kind.refusal(context.upstream) {
                fates[place] = .inapplicable(reason)
                return nil
            }
            return Step(place: place, kind: kind, parameters: fault.parameters)
        }
        var winner: String?
        for step in steps where step.replaces {
            if let winner {
                fates[step.place] = .masked(by: winner)
            } else {
                let fate = step.apply(to: &delivery, context)
                if fate == .fired { winner = step.kind.id }
                fates[step.place] = fate
            }
        }
        for step in steps.sorted(by: <) where !step.replaces {
            if let winner, step.kind.layer != .timing {
                fates[step.place] = .masked(by: winner)
            } else {
                fates[step.place] = step.apply(to: &delivery, context)
            }
        }
        return (delivery, zip(planned, fates).map { ($0, $1 ?? .unreached) })
    }

    private struct Step {
        let place: Int
        let kind: FaultKind
        let parameters: FaultParameters

        var replaces: Bool { kind.replacesAnswer(with: parameters) }

        func apply(to delivery: inout Delivery, _ context: FaultContext) -> FaultFate {
            switch kind.apply(&delivery, parameters, context) {
            case .fired: .fired
            case .inapplicable(let reason): .inapplicable(reason)
            }
        }

        static func < (left: Step, right: Step) -> Bool {
            (left.kind.layer, left.place) < (right.kind.layer, right.place)
        }
    }
}
