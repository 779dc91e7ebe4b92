internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

extension ExchangeSummary {
    var json: JSONValue {
        .object([
            JSONMember("exchange", .int(Int64(id.number))),
            JSONMember("upstream", .string(upstream)),
            JSONMember("kind", .string(kind.rawValue)),
            JSONMember("route", .string(route)),
            JSONMember("source", .string(source.rawValue)),
            JSONMember("status", status.map { .int(Int64($0)) } ?? .null),
            JSONMember("ending", .string(ending.rawValue)),
            JSONMember("take", .int(Int64(take))),
            JSONMember("attempt", .int(Int64(attempt))),
            JSONMember("fired", .array(fired.map { .string($0) })),
            JSONMember("cancelled", .bool(cancelled)),
            JSONMember("chunks", .int(Int64(chunkCount))),
            JSONMember("bytes", .int(Int64(byteCount))),
            JSONMember("duration_ns", .int(duration.nanoseconds)),
            JSONMember("arrived_ns", .int(arrivedAt.nanoseconds)),
            JSONMember("said", said.map { .string($0) } ?? .null),
            JSONMember("miss", .array(miss.map { .string($0) })),
        ])
    }

    init(_ fields: ReportFields) throws(ReportFormatError) {
        let said = try fields.member("said").value
        self.init(
            id: ExchangeID(try fields.number("exchange")), upstream: try fields.text("upstream"),
            kind: try fields.choice("kind", UpstreamKind.self), route: try fields.text("route"),
            source: try fields.choice("source", AnswerSource.self),
            status: try fields.optionalNumber("status"),
            ending: try fields.choice("ending", DeliveryEnding.self),
            take: try fields.number("take"), attempt: try fields.number("attempt"),
            fired: try fields.texts("fired"), cancelled: try fields.flag("cancelled"),
            chunkCount: try fields.number("chunks"), byteCount: try fields.number("bytes"),
            duration: SimDuration(nanoseconds: try fields.long("duration_ns")),
            arrivedAt: SimInstant(nanoseconds: try fields.long("arrived_ns")),
            said: said.isNull ? nil : try fields.text("said"), miss: try fields.texts("miss"))
    }
}
