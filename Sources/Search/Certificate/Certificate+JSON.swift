internal import Cassette
public import Determinism
internal import Faults
internal import Judgement

extension Certificate {
    static let members = [
        "base", "calls", "certificate", "cut_off", "failures", "faults", "grade", "headline",
        "identity",
        "inapplicable", "not_begun", "phases", "plans", "places", "seal",
    ]

    /// The JSON form; the last member in canonical order is the digest of all others.
    public var json: JSONValue {
        guard case .object(var members) = unsealed else { return .null }
        members.append(JSONMember("seal", .string(digest.hex)))
        return .object(members)
    }

    /// The canonical bytes, with a line break at the end.
    public var bytes: [UInt8] { json.canonical() + [0x0A] }

    /// The certificate's own digest.
    public var digest: Digest { Digest(hashing: unsealed.canonical()) }

    private var unsealed: JSONValue {
        var table = FaultTable(sites)
        let plans = plans.map { table.json(of: $0, base: base) }
        return [
            "certificate": .int(Int64(Certificate.schemaVersion)),
            "headline": .string(headline), "identity": identity.json, "base": base.json,
            "calls": .int(Int64(calls)), "cut_off": .bool(wasCutOff),
            "failures": .array(failures.map(Certificate.json)),
            "faults": table.json(base: base),
            "grade": grade.map { .string($0.rawValue) } ?? .null,
            "places": .object([
                JSONMember("recorded", .int(Int64(firstSites))),
                JSONMember("list", .array(sites.map(Certificate.json))),
            ]),
            "inapplicable": .array(inapplicable.map(Certificate.json)),
            "not_begun": .array(notBegun.map { .string($0.rawValue) }),
            "phases": .array(phases.map(json)), "plans": .array(plans),
        ]
    }

    private func json(_ phase: ExplorationPhase) -> JSONValue {
        let rows = rows.filter { $0.phase == phase }
        return [
            "phase": .string(phase.rawValue), "tally": tally(phase).json,
            "rows": .array(rows.map(Certificate.json)),
        ]
    }

    /// A row in short: what is absent at its end is left out.
    private static func json(_ row: CertificateRow) -> JSONValue {
        func number(_ value: Int?) -> JSONValue { value.map { .int(Int64($0)) } ?? .null }
        var items: [JSONValue] = [
            .int(Int64(row.number)), .array(row.sites.map { .int(Int64($0)) }),
            .string(row.standing.rawValue),
            row.verdict.map { .string($0.rawValue) } ?? .null,
            row.digest.map { .string(hex16($0)) } ?? .null,
            number(row.failure), number(row.plan),
            row.reason.isEmpty ? .null : .string(row.reason),
            row.waiting > 0 ? .int(Int64(row.waiting)) : .null,
        ]
        while items.last?.isNull == true { items.removeLast() }
        return .array(items)
    }

    private static func json(_ failure: FoundFailure) -> JSONValue {
        [
            "signature": failure.signature.json, "count": .int(Int64(failure.count)),
            "phase": .string(failure.phase.rawValue), "number": .int(Int64(failure.number)),
            "reason": .string(failure.reason), "plan": failure.plan.json,
        ]
    }

    private static func json(_ site: FaultSite) -> JSONValue {
        [.int(Int64(site.entry)), .int(Int64(site.draw)), .int(Int64(site.anchor.ordinal))]
    }

    private static func json(_ fault: InapplicableFault) -> JSONValue {
        let anchor = fault.anchor
        return [
            "fault": .string(fault.fault), "reason": .string(fault.reason),
            "fingerprint": .string(anchor.fingerprint.hex), "take": .int(Int64(anchor.take)),
            "attempt": anchor.attempt.map { .int(Int64($0)) } ?? .null,
            "upstream": .string(anchor.upstream), "call": .int(Int64(anchor.call)),
        ]
    }

    /// 16 hexadecimal digits in lower case.
    static func hex16(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension StandingTally {
    static let members = [
        "total", "covered", "masked", "inapplicable", "unreachable", "equivalent", "left",
        "failed", "runs",
    ]

    var json: JSONValue {
        let counts = [
            total, covered, masked, inapplicable, unreachable, equivalent, left, failed, runs,
        ]
        return .object(
            zip(StandingTally.members, counts).map { JSONMember($0, .int(Int64($1))) })
    }
}

/// Every fault of a certificate once: those of the sites, then others of plans.
///
/// They are written as the faults of one plan, which has a form that is checked when it is read.
struct FaultTable {
    private(set) var faults: [PlannedFault]
    private var places: [PlannedFault: Int] = [:]

    init(_ sites: [FaultSite]) {
        faults = sites.map(\.fault)
        for (place, fault) in faults.enumerated() where places[fault] == nil {
            places[fault] = place
        }
    }

    /// A plan as its order and its faults by place; one that differs in more from the base, whole.
    mutating func json(of plan: Plan, base: Plan) -> JSONValue {
        var bare = plan
        bare.faults = []
        bare.order = base.order
        bare.orderChanges = base.orderChanges
        guard bare == base else { return plan.json }
        var members = [
            JSONMember("order", .string(plan.order.description)),
            JSONMember("faults", .array(plan.faults.map { .int(Int64(place(of: $0))) })),
        ]
        if plan.orderChanges != base.orderChanges {
            members.append(
                JSONMember(
                    "order_changes", .array(plan.orderChanges.map { .int(Int64($0)) })))
        }
        return .object(members)
    }

    /// The list of faults.
    func json(base: Plan) -> JSONValue {
        var plan = Plan(cassette: base.cassette)
        plan.faults = faults
        return plan.json["faults"] ?? []
    }

    private mutating func place(of fault: PlannedFault) -> Int {
        if let place = places[fault] { return place }
        places[fault] = faults.count
        faults.append(fault)
        return faults.count - 1
    }
}
