import Cassette
import Determinism
import Faults
import Judgement
import Search

/// Plans whose faults are told apart by their call, and runs that are functions of plans.
enum ShrinkFixture {
    static let bug = FailureSignature(verdict: .violated, rule: "refund_once")
    static let otherBug = FailureSignature(verdict: .crashed, cause: "KeyError")

    /// A fault at a call; given members take the place of the usual ones.
    static func fault(
        _ id: String, call: Int, attempt: Int? = 1, _ given: [JSONMember] = []
    ) -> PlannedFault {
        let members = (FaultCatalogue.named(id)?.parameters ?? []).compactMap { spec in
            if let member = given.first(where: { $0.key == spec.name }) { return member }
            guard case .fixed(let value) = spec.defaultValue else { return nil }
            return JSONMember(spec.name, value)
        }
        return PlannedFault(
            fault: id,
            anchor: Anchor(
                fingerprint: Fingerprint(Digest(hashing: Array("call \(call)".utf8))), take: 1,
                attempt: attempt, upstream: "llm", call: call),
            parameters: FaultParameters(members))
    }

    static func plan(_ faults: [PlannedFault], order: UInt64 = 0) -> Plan {
        Plan(cassette: Digest(hashing: []), order: Seed(order), faults: faults)
    }

    /// A plan of plain errors at calls 1 to `count`.
    static func plan(count: Int) -> Plan {
        plan((1...max(1, count)).map { fault("overloaded-529", call: $0) })
    }

    /// What a run looks like in which all faults fired, but for those with these fates.
    static func observation(
        _ plan: Plan, _ signature: FailureSignature?, fates: [Int: FaultFate] = [:],
        deadlines: [ObservedDeadline] = [], salt: String = ""
    ) -> Observation {
        let faults = plan.faults.indices.map { index in
            let fate = fates[index] ?? .fired
            return ObservedFault(
                index: index, attempt: fate == .unreached ? nil : plan.faults[index].anchor.attempt,
                fate: fate)
        }
        return Observation(
            verdict: signature?.verdict ?? .passed, reason: signature.map(\.text) ?? "",
            signature: signature,
            digest: digest(plan, salt), faults: faults,
            anchors: plan.faults.map {
                ReachedAnchor(ordinal: $0.anchor.call, attempt: $0.anchor.attempt ?? 1)
            }, deadlines: deadlines)
    }

    private static func digest(_ plan: Plan, _ salt: String) -> Digest {
        var text = salt
        for fault in plan.faults {
            text += " \(fault.anchor.call).\(fault.anchor.attempt ?? 0)"
            for member in fault.parameters.members { text += member.value.encodedText() }
        }
        return Digest(hashing: Array(text.utf8))
    }

    static func calls(_ plan: Plan) -> Set<Int> { Set(plan.faults.map(\.anchor.call)) }

    /// The number that a parameter has at a call; nil where no fault strikes there.
    static func number(_ name: String, at call: Int, _ plan: Plan) -> Int64? {
        plan.faults.first { $0.anchor.call == call }?.parameters.value(name)?.intValue
    }
}

/// Runs a plan by a function, and keeps a list of the batches.
final class ShrinkRunner: PlanRunner {
    let width: Int
    private(set) var batches: [[Plan]] = []
    private let observe: (Plan) -> Observation

    init(width: Int = 1, _ observe: @escaping (Plan) -> Observation) {
        self.width = width
        self.observe = observe
    }

    /// A runner in which a plan fails when this says so, with one signature.
    convenience init(width: Int = 1, failing: @escaping (Plan) -> Bool) {
        self.init(width: width) { plan in
            ShrinkFixture.observation(plan, failing(plan) ? ShrinkFixture.bug : nil)
        }
    }

    func run(_ plans: [Plan]) -> [Observation] {
        batches.append(plans)
        return plans.map(observe)
    }
}
