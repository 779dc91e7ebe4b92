internal import Determinism
internal import Judgement
internal import Simulation

/// The JSON form of what an invariant says.
enum InvariantJSON {
    static func json(_ result: InvariantResult) -> JSONValue {
        .object([
            JSONMember("id", .string(result.id)),
            JSONMember("invariant", result.invariant),
            JSONMember("passed", .bool(result.passed)),
            JSONMember("judged", .bool(result.isJudged)),
            JSONMember("message", .string(result.message)),
            JSONMember("witnesses", .array(result.witnesses.map { .int(Int64($0.number)) })),
            JSONMember("seen_at", result.position.map(json) ?? .null),
        ])
    }

    private static func json(_ position: WitnessPosition) -> JSONValue {
        switch position {
        case .beginning: ["moment": "beginning"]
        case .request(let id): ["moment": "request", "exchange": .int(Int64(id.number))]
        case .delivery(let id): ["moment": "delivery", "exchange": .int(Int64(id.number))]
        case .end: ["moment": "end"]
        }
    }

    static func result(_ fields: ReportFields) throws(ReportFormatError) -> InvariantResult {
        let witnesses = try fields.list("witnesses") { (item) throws(ReportFormatError) in
            guard let number = item.value.intValue else {
                throw ReportFormatError(path: item.path, message: "expected a whole number")
            }
            return ExchangeID(Int(number))
        }
        return InvariantResult(
            id: try fields.text("id"), invariant: try fields.member("invariant").value,
            passed: try fields.flag("passed"), message: try fields.text("message"),
            witnesses: witnesses, position: try position(fields.member("seen_at")),
            isJudged: try fields.flag("judged"))
    }

    private static func position(
        _ fields: ReportFields
    ) throws(ReportFormatError) -> WitnessPosition? {
        if fields.value.isNull { return nil }
        switch try fields.text("moment") {
        case "beginning": return .beginning
        case "request": return .request(ExchangeID(try fields.number("exchange")))
        case "delivery": return .delivery(ExchangeID(try fields.number("exchange")))
        case "end": return .end
        default: throw fields.wrong("moment", "beginning, request, delivery or end")
        }
    }
}
