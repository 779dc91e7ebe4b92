public import Determinism
internal import Cassette

extension Plan {
    /// The plan as JSON; its canonical encoding is the form that is kept and hashed.
    public var json: JSONValue {
        var members = [
            JSONMember("schema", .int(Int64(Plan.schemaVersion))),
            JSONMember("cassette", .string(cassette.hex)),
            JSONMember("order", .string(order.description)),
            JSONMember("faults", .array(faults.map(\.json))),
            JSONMember("off_tape", .string(offTape.rawValue)),
        ]
        if !orderChanges.isEmpty {
            members.append(
                JSONMember("order_changes", .array(orderChanges.map { .int(Int64($0)) })))
        }
        if !invariants.isEmpty { members.append(JSONMember("invariants", .array(invariants))) }
        if !stubs.isEmpty { members.append(JSONMember("stubs", .array(stubs.map(\.json)))) }
        if !normalisers.isEmpty {
            members.append(JSONMember("normalise", .array(normalisers.map(\.json))))
        }
        if let prompt { members.append(JSONMember("prompt", .string(prompt))) }
        return .object(members)
    }

    /// The plan that holds only what fired, in plan order, and all else that decided the run.
    ///
    /// A fault that was planned for every attempt is replaced by the attempts at which it fired.
    public func closed(keeping fired: [PlannedFault]) -> Plan {
        var places: [PlannedFault: Int] = [:]
        for (place, fault) in faults.enumerated() where places[fault] == nil {
            places[fault] = place
        }
        let placed = fired.enumerated().map { index, fault in
            var everywhere = fault
            everywhere.anchor.attempt = nil
            let place = places[fault] ?? places[everywhere] ?? faults.count
            return (place: place, index: index, fault: fault)
        }
        var plan = self
        plan.faults =
            placed
            .sorted { ($0.place, $0.index) < ($1.place, $1.index) }
            .map(\.fault)
        return plan
    }
}

extension PlannedFault {
    var json: JSONValue {
        [
            "fault": .string(fault), "at": anchor.json,
            "parameters": .object(parameters.members),
        ]
    }
}

extension Anchor {
    var json: JSONValue {
        [
            "fingerprint": .string(fingerprint.hex), "take": .int(Int64(take)),
            "attempt": attempt.map { .int(Int64($0)) } ?? .null,
            "upstream": .string(upstream), "call": .int(Int64(call)),
        ]
    }
}

extension Stub {
    var json: JSONValue {
        var members = [
            JSONMember("status", .int(Int64(status))),
            JSONMember("content_type", .string(contentType)),
            JSONMember("body", .string(body)),
        ]
        if let upstream { members.append(JSONMember("upstream", .string(upstream))) }
        if let route { members.append(JSONMember("route", .string(route))) }
        if let contains { members.append(JSONMember("contains", .string(contains))) }
        return .object(members)
    }
}

extension Normaliser {
    var json: JSONValue {
        var members = [
            JSONMember("path", .string(path)), JSONMember("as", .string(kind.rawValue)),
        ]
        if let upstream { members.append(JSONMember("upstream", .string(upstream))) }
        return .object(members)
    }
}
