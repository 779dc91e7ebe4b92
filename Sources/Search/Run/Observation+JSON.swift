public import Determinism
internal import Faults
public import Judgement

/// The form in which worker processes and journals keep an observation; it reads back equal.
extension Observation {
    /// The JSON form.
    public var json: JSONValue {
        var members = [
            JSONMember("verdict", .string(verdict.rawValue)),
            JSONMember("digest", .string(digest.hex)),
            JSONMember("effect", .string(effect.hex)),
            JSONMember("faults", .array(faults.map(Observation.json))),
            JSONMember("anchors", .array(anchors.map(Observation.json))),
            JSONMember("waited_together", .int(Int64(waitedTogether))),
            JSONMember("order_choices", .int(Int64(orderChoices))),
            JSONMember("virtual_ns", .int(virtualTime.nanoseconds)),
            JSONMember("rules", .string(rules.map(\.rawValue).joined())),
            JSONMember("grade", .string(grade.rawValue)),
        ]
        if !reason.isEmpty { members.append(JSONMember("reason", .string(reason))) }
        if let signature { members.append(JSONMember("signature", signature.json)) }
        if !deadlines.isEmpty {
            members.append(JSONMember("deadlines", .array(deadlines.map(Observation.json))))
        }
        return .object(members)
    }

    /// Reads the JSON form; nil for anything else.
    public init?(json: JSONValue) {
        guard let verdict = json["verdict"]?.stringValue.flatMap(Verdict.init),
            let digest = json["digest"]?.stringValue.flatMap(Digest.init(hex:)),
            let effect = json["effect"]?.stringValue.flatMap(Digest.init(hex:)),
            let faults = Observation.list(json["faults"], Observation.fault),
            let anchors = Observation.list(json["anchors"], Observation.anchor),
            let together = json["waited_together"]?.intValue,
            let choices = json["order_choices"]?.intValue,
            let nanoseconds = json["virtual_ns"]?.intValue,
            let deadlines = Observation.list(json["deadlines"] ?? [], Observation.deadline),
            let rules = json["rules"]?.stringValue.flatMap(Observation.rules),
            let grade = json["grade"]?.stringValue.flatMap(GradeLetter.init)
        else { return nil }
        var signature: FailureSignature?
        if let text = json["signature"] {
            guard let read = FailureSignature(json: text) else { return nil }
            signature = read
        }
        self.init(
            verdict: verdict, reason: json["reason"]?.stringValue ?? "", signature: signature,
            digest: digest, effect: effect, faults: faults, anchors: anchors,
            deadlines: deadlines, waitedTogether: Int(together), orderChoices: Int(choices),
            virtualTime: SimDuration(nanoseconds: nanoseconds), rules: rules, grade: grade)
    }

    /// A letter for each rule.
    private static func rules(_ text: String) -> [RuleOutcome]? {
        let rules = text.compactMap { RuleOutcome(rawValue: String($0)) }
        return rules.count == text.count ? rules : nil
    }

    private static func list<Value>(
        _ json: JSONValue?, _ read: (JSONValue) -> Value?
    ) -> [Value]? {
        guard let items = json?.arrayValue else { return nil }
        let values = items.compactMap(read)
        return values.count == items.count ? values : nil
    }

    private static func json(_ anchor: ReachedAnchor) -> JSONValue {
        [.int(Int64(anchor.ordinal)), .int(Int64(anchor.attempt))]
    }

    private static func anchor(_ json: JSONValue) -> ReachedAnchor? {
        guard let numbers = json.arrayValue?.compactMap(\.intValue), numbers.count == 2 else {
            return nil
        }
        return ReachedAnchor(ordinal: Int(numbers[0]), attempt: Int(numbers[1]))
    }

    private static func json(_ deadline: ObservedDeadline) -> JSONValue {
        [
            json(deadline.anchor), .int(Int64(deadline.steps)),
            .int(deadline.length.nanoseconds), .int(deadline.sinceRequest.nanoseconds),
        ]
    }

    private static func deadline(_ json: JSONValue) -> ObservedDeadline? {
        guard let items = json.arrayValue, items.count == 4, let anchor = anchor(items[0]),
            let steps = items[1].intValue, let length = items[2].intValue,
            let sinceRequest = items[3].intValue
        else { return nil }
        return ObservedDeadline(
            anchor: anchor, steps: Int(steps), length: SimDuration(nanoseconds: length),
            sinceRequest: SimDuration(nanoseconds: sinceRequest))
    }

    private static func json(_ fault: ObservedFault) -> JSONValue {
        let (word, text): (String, String) =
            switch fault.fate {
            case .fired: ("fired", "")
            case .masked(let by): ("masked", by)
            case .inapplicable(let reason): ("inapplicable", reason)
            case .unreached: ("unreached", "")
            }
        return [
            .int(Int64(fault.index)), fault.attempt.map { .int(Int64($0)) } ?? .null,
            .string(word), .string(text),
        ]
    }

    private static func fault(_ json: JSONValue) -> ObservedFault? {
        guard let items = json.arrayValue, items.count == 4, let index = items[0].intValue,
            let text = items[3].stringValue
        else { return nil }
        let fate: FaultFate
        switch items[2].stringValue {
        case "fired": fate = .fired
        case "masked": fate = .masked(by: text)
        case "inapplicable": fate = .inapplicable(text)
        case "unreached": fate = .unreached
        default: return nil
        }
        return ObservedFault(
            index: Int(index), attempt: items[1].intValue.map { Int($0) }, fate: fate)
    }
}

extension FailureSignature {
    /// The JSON form.
    public var json: JSONValue {
        var members = [JSONMember("verdict", .string(verdict.rawValue))]
        if !rule.isEmpty { members.append(JSONMember("rule", .string(rule))) }
        if !call.isEmpty { members.append(JSONMember("call", .string(call))) }
        if !cause.isEmpty { members.append(JSONMember("cause", .string(cause))) }
        return .object(members)
    }

    /// Reads the JSON form; nil for anything else.
    public init?(json: JSONValue) {
        guard let verdict = json["verdict"]?.stringValue.flatMap(Verdict.init) else { return nil }
        self.init(
            verdict: verdict, rule: json["rule"]?.stringValue ?? "",
            call: json["call"]?.stringValue ?? "", cause: json["cause"]?.stringValue ?? "")
    }
}
