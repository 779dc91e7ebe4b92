public import Determinism
internal import Faults
internal import Judgement

extension Explanation {
    /// The JSON form, for reports.
    public var json: JSONValue {
        var members = [
            JSONMember("is_complete", .bool(isComplete)),
            JSONMember("runs", .int(Int64(runs))),
            JSONMember("plan", plan.json),
            JSONMember("digest", .string(observation.digest.hex)),
            JSONMember("needless", .array(needless.map { .int(Int64($0)) })),
            JSONMember("parameters", .array(parameters.map(\.json))),
            JSONMember("attempts", .array(attempts.map(\.json))),
            JSONMember("inevitability", .array(inevitability.map(\.json))),
            JSONMember("others", .array(others.map(\.json))),
            JSONMember("lines", .array(lines.map { .string($0) })),
        ]
        if let signature { members.append(JSONMember("signature", signature.json)) }
        if let nearest { members.append(JSONMember("nearest_passing", nearest.json)) }
        if let inevitableFrom {
            members.append(JSONMember("inevitable_from", .int(Int64(inevitableFrom))))
        }
        return .object(members)
    }
}

extension ParameterMeaning {
    fileprivate var json: JSONValue {
        var members = [
            JSONMember("fault", .int(Int64(fault))), JSONMember("name", .string(name)),
            JSONMember("value", value), JSONMember("tried", .int(Int64(tried))),
        ]
        switch effect {
        case .any: members.append(JSONMember("matters", false))
        case .only: members.append(JSONMember("only", value))
        case .atLeast(let low, let also):
            members.append(JSONMember("from", .int(low)))
            if let also { members.append(JSONMember("also", .int(also))) }
        case .atMost(let high): members.append(JSONMember("to", .int(high)))
        case .within(let range):
            members.append(JSONMember("from", .int(range.lowerBound)))
            members.append(JSONMember("to", .int(range.upperBound)))
        case .oneOf(let words):
            members.append(JSONMember("one_of", .array(words.map { .string($0) })))
        }
        if elsewhere > 0 { members.append(JSONMember("elsewhere", .int(Int64(elsewhere)))) }
        if let deadline {
            members.append(
                JSONMember(
                    "deadline",
                    [
                        "ordinal": .int(Int64(deadline.anchor.ordinal)),
                        "attempt": .int(Int64(deadline.anchor.attempt)),
                        "length_ns": .int(deadline.length.nanoseconds),
                        "since_request_ns": .int(deadline.sinceRequest.nanoseconds),
                    ]))
        }
        return .object(members)
    }
}

extension AttemptMeaning {
    fileprivate var json: JSONValue {
        [
            "fault": .int(Int64(fault)), "failing": .array(failing.map { .int(Int64($0)) }),
            "passing": .array(passing.map { .int(Int64($0)) }),
        ]
    }
}

extension NearestPassing {
    fileprivate var json: JSONValue {
        [
            "change": .string(change), "plan": plan.json,
            "verdict": .string(observation.verdict.rawValue),
            "digest": .string(observation.digest.hex),
        ]
    }
}

extension Inevitability {
    fileprivate var json: JSONValue {
        [
            "kept": .int(Int64(kept)), "failing": .int(Int64(failing)),
            "endings": .int(Int64(endings)),
        ]
    }
}
