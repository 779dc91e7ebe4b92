public import Determinism
internal import Faults
internal import Judgement

extension ShrinkResult {
    /// The JSON form, for reports; it depends on nothing but the result that one worker gets.
    public var json: JSONValue {
        var members = [
            JSONMember("outcome", .string(outcome.word)),
            JSONMember("is_minimal", .bool(isMinimal)),
            JSONMember("faults_before", .int(Int64(closed.faults.count))),
            JSONMember("faults", .int(Int64(plan.faults.count))),
            JSONMember("runs", .int(Int64(runs))),
            JSONMember("plan", plan.json),
            JSONMember("digest", .string(observation.digest.hex)),
            JSONMember("used_ordinals", .array(usedOrdinals.map { .int(Int64($0)) })),
            JSONMember("steps", .array(steps.map(\.json))),
            JSONMember("others", .array(others.map(\.json))),
        ]
        if let signature { members.append(JSONMember("signature", signature.json)) }
        if !observation.reason.isEmpty {
            members.append(JSONMember("reason", .string(observation.reason)))
        }
        return .object(members)
    }
}

extension ShrinkOutcome {
    fileprivate var word: String {
        switch self {
        case .shrunk: "shrunk"
        case .passes: "passes"
        case .differs: "differs"
        case .nondeterministic: "nondeterministic"
        }
    }
}

extension ShrinkStep {
    fileprivate var json: JSONValue {
        [
            "stage": .string(stage.rawValue), "description": .string(description),
            "runs": .int(Int64(runs)), "faults": .int(Int64(faults)),
        ]
    }
}

extension OtherFailure {
    var json: JSONValue {
        [
            "signature": signature.json, "plan": plan.json, "reason": .string(reason),
            "count": .int(Int64(count)),
        ]
    }
}
