internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// The JSON form of planned faults and of what became of them.
enum FaultJSON {
    static func json(_ planned: PlannedFault) -> JSONValue {
        .object(members(planned))
    }

    static func json(_ met: MetFault) -> JSONValue {
        var members = members(met.planned)
        members.append(JSONMember("exchange", .int(Int64(met.exchange.number))))
        switch met.fate {
        case .masked(let by): members.append(JSONMember("by", .string(by)))
        case .inapplicable(let reason): members.append(JSONMember("reason", .string(reason)))
        case .fired, .unreached: break
        }
        return .object(members)
    }

    private static func members(_ planned: PlannedFault) -> [JSONMember] {
        let anchor = planned.anchor
        return [
            JSONMember("fault", .string(planned.fault)),
            JSONMember("parameters", .object(planned.parameters.members)),
            JSONMember(
                "anchor",
                .object([
                    JSONMember("upstream", .string(anchor.upstream)),
                    JSONMember("call", .int(Int64(anchor.call))),
                    JSONMember("take", .int(Int64(anchor.take))),
                    JSONMember("attempt", anchor.attempt.map { .int(Int64($0)) } ?? .null),
                    JSONMember("fingerprint", .string(anchor.fingerprint.hex)),
                ])),
        ]
    }

    static func planned(_ fields: ReportFields) throws(ReportFormatError) -> PlannedFault {
        let anchor = try fields.member("anchor")
        guard let parameters = try fields.member("parameters").value.objectValue else {
            throw fields.wrong("parameters", "an object")
        }
        return PlannedFault(
            fault: try fields.text("fault"),
            anchor: Anchor(
                fingerprint: try anchor.fingerprint("fingerprint"),
                take: try anchor.number("take"),
                attempt: try anchor.optionalNumber("attempt"),
                upstream: try anchor.text("upstream"), call: try anchor.number("call")),
            parameters: FaultParameters(parameters))
    }

    /// Reads back one that met an exchange; its list says what became of it.
    static func met(
        _ fields: ReportFields, _ fate: (ReportFields) throws(ReportFormatError) -> FaultFate
    ) throws(ReportFormatError) -> MetFault {
        MetFault(
            planned: try planned(fields), exchange: ExchangeID(try fields.number("exchange")),
            fate: try fate(fields))
    }
}
