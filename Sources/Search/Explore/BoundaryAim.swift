internal import Cassette
internal import Determinism
internal import Faults

/// A deadline that an agent set, at which delays are aimed.
///
/// What the agent waits for is not known: the head, the first byte, the next one, or the whole
/// answer. So a delay is made for each of them that it can be.
struct BoundaryAim {
    var deadline: ObservedDeadline
    /// The fault after which the agent sets the deadline; nil where it always does.
    var behind: PlannedFault?

    /// How far from the deadline the delays are, in milliseconds.
    private static let offsets: [Int64] = [-1, 0, 1]
    /// A delay that is longer than any recorded one, from which others are reckoned.
    private static let probeMilliseconds: Int64 = 86_400_000

    /// A fault that delays, and the moment that it moves.
    private struct Means {
        var fault: String
        var parameter: String
        var others: [JSONMember] = []
        /// When what the agent may wait for comes.
        var moment: (Delivery) -> SimDuration?
        /// When that is to be.
        var target: SimDuration
    }

    /// The faults that make what is awaited come just before, at and just after the deadline; none
    /// where nothing was recorded that could be late.
    func faults(tape: Tape, answers: EarlierAnswers) throws -> [[PlannedFault]] {
        let ordinal = deadline.anchor.ordinal
        guard let context = try FaultContext(ordinal: ordinal, tape: tape, earlier: answers)
        else { return [] }
        let recorded = Delivery(context.interaction)
        return means.flatMap { means -> [[PlannedFault]] in
            guard let least = BoundaryAim.milliseconds(means, recorded, context) else { return [] }
            return BoundaryAim.offsets.compactMap { offset in
                planned(means, least + offset, recorded, context, tape)
            }
        }
    }

    private var means: [Means] {
        guard deadline.steps <= 1 else {
            return [
                Means(
                    fault: "stalled-stream", parameter: "stall_ms",
                    others: [JSONMember("at", .int(1))], moment: BoundaryAim.longestSilence,
                    target: deadline.length)
            ]
        }
        let until = deadline.sinceRequest
        var means = [
            Means(
                fault: "ttfb-spike", parameter: "delay_ms", moment: { $0.body.first?.at },
                target: until),
            Means(
                fault: "ttfb-spike", parameter: "delay_ms", moment: { $0.endAt }, target: until),
        ]
        if deadline.steps == 0 {
            means.append(
                Means(
                    fault: "tool-latency", parameter: "delay_ms", moment: { $0.head?.at },
                    target: until))
        }
        return means
    }

    /// The greatest whole delay with which the moment does not come after the target; nil where the
    /// fault cannot move it.
    private static func milliseconds(
        _ means: Means, _ recorded: Delivery, _ context: FaultContext
    ) -> Int64? {
        guard let kind = FaultCatalogue.named(means.fault),
            kind.target.accepts(context.upstream.kind)
        else { return nil }
        var delivery = recorded
        let parameters = parameters(means, probeMilliseconds)
        guard case .fired = kind.apply(&delivery, parameters, context),
            let moved = means.moment(delivery)
        else { return nil }
        let without = moved - .milliseconds(probeMilliseconds)
        let nanoseconds = (means.target - without).nanoseconds
        return nanoseconds >= 0 ? nanoseconds / 1_000_000 : nil
    }

    private func planned(
        _ means: Means, _ milliseconds: Int64, _ recorded: Delivery, _ context: FaultContext,
        _ tape: Tape
    ) -> [PlannedFault]? {
        let parameters = BoundaryAim.parameters(means, milliseconds)
        var delivery = recorded
        guard let kind = FaultCatalogue.named(means.fault),
            let spec = kind.parameters.first(where: { $0.name == means.parameter }),
            case .integer(let allowed) = spec.domain, allowed.contains(milliseconds),
            milliseconds > 0, case .fired = kind.apply(&delivery, parameters, context)
        else { return nil }
        let row = tape.entry(deadline.anchor.ordinal)
        let anchor = Anchor(
            fingerprint: row.fingerprint, take: row.take, attempt: deadline.anchor.attempt,
            upstream: row.upstream, call: row.call)
        let fault = PlannedFault(fault: means.fault, anchor: anchor, parameters: parameters)
        return [behind, fault].compactMap(\.self)
    }

    private static func parameters(_ means: Means, _ milliseconds: Int64) -> FaultParameters {
        FaultParameters(means.others + [JSONMember(means.parameter, .int(milliseconds))])
    }

    /// How long nothing comes in the middle of a body at most.
    private static func longestSilence(_ delivery: Delivery) -> SimDuration? {
        zip(delivery.body, delivery.body.dropFirst()).map { $1.at - $0.at }.max()
    }
}
