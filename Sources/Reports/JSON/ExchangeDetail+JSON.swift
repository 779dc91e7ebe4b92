internal import Determinism
internal import Simulation

extension ExchangeDetail {
    var json: JSONValue {
        .object([
            JSONMember("exchange", .int(Int64(id.number))),
            JSONMember("fingerprint", .string(fingerprint)),
            JSONMember("interaction", ordinal.map { .int(Int64($0)) } ?? .null),
            JSONMember("request", request.json),
            JSONMember("recorded", recorded?.json ?? .null),
            JSONMember("recorded_status", recordedStatus.map { .int(Int64($0)) } ?? .null),
            JSONMember("recorded_headers", .array(recordedHeaders.map(\.json))),
            JSONMember("delivered", delivered.json),
            JSONMember("headers", .array(headers.map(\.json))),
            JSONMember("steps", .array(steps.map(ExchangeDetail.json))),
            JSONMember("step_count", .int(Int64(stepCount))),
            JSONMember("sent", sentCount.map { .int(Int64($0)) } ?? .null),
        ])
    }

    init(_ fields: ReportFields) throws(ReportFormatError) {
        id = ExchangeID(try fields.number("exchange"))
        fingerprint = try fields.text("fingerprint")
        ordinal = try fields.optionalNumber("interaction")
        request = try BoundedBytes(fields.member("request"))
        let recorded = try fields.member("recorded")
        self.recorded = recorded.value.isNull ? nil : try BoundedBytes(recorded)
        recordedStatus = try fields.optionalNumber("recorded_status")
        recordedHeaders = try fields.list("recorded_headers", HeaderLine.read)
        delivered = try BoundedBytes(fields.member("delivered"))
        headers = try fields.list("headers", HeaderLine.read)
        steps = try fields.list("steps", ExchangeDetail.step)
        stepCount = try fields.number("step_count")
        sentCount = try fields.optionalNumber("sent")
    }

    private static func json(_ step: StepRecord) -> JSONValue {
        [
            "at_ns": .int(step.at.nanoseconds), "kind": .string(step.kind),
            "bytes": .int(Int64(step.byteCount)),
        ]
    }

    private static func step(_ fields: ReportFields) throws(ReportFormatError) -> StepRecord {
        StepRecord(
            at: SimDuration(nanoseconds: try fields.long("at_ns")),
            kind: try fields.text("kind"), byteCount: try fields.number("bytes"))
    }
}

extension ExchangeDetail.HeaderLine {
    var json: JSONValue { ["name": .string(name), "value": .string(value)] }

    static func read(_ fields: ReportFields) throws(ReportFormatError) -> Self {
        Self(name: try fields.text("name"), value: try fields.text("value"))
    }
}
