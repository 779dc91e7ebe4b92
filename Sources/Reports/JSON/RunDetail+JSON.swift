package import Determinism
internal import Faults
internal import Simulation

extension RunDetail {
    /// Everything, for the way from a worker to its storm.
    package var json: JSONValue {
        .object([
            JSONMember("digest", .string(digest.hex)),
            JSONMember("clock", .string(clock.rawValue)),
            JSONMember("exchanges", .array(exchanges.map(\.json))),
            JSONMember("moments", .array(moments.map(\.json))),
        ])
    }

    /// Reads back what `json` wrote.
    package init(json: JSONValue) throws(ReportFormatError) {
        let fields = ReportFields(json)
        digest = try fields.digest("digest")
        clock = try fields.choice("clock", ClockMode.self)
        exchanges = try fields.list("exchanges") { (item) throws(ReportFormatError) in
            try ExchangeDetail(item)
        }
        moments = try fields.list("moments") { (item) throws(ReportFormatError) in
            try RunMoment(item)
        }
    }
}

extension RunMoment {
    var json: JSONValue {
        .object([
            JSONMember("at_ns", .int(at.nanoseconds)),
            JSONMember("kind", .string(kind.rawValue)),
            JSONMember("until_ns", until.map { .int($0.nanoseconds) } ?? .null),
            JSONMember("number", number.map { .int(Int64($0)) } ?? .null),
            JSONMember("text", text.map { .string($0) } ?? .null),
        ])
    }

    init(_ fields: ReportFields) throws(ReportFormatError) {
        let until = try fields.member("until_ns").value
        let text = try fields.member("text").value
        self.init(
            at: SimInstant(nanoseconds: try fields.long("at_ns")),
            kind: try fields.choice("kind", Kind.self),
            until: until.isNull
                ? nil : SimInstant(nanoseconds: try fields.long("until_ns")),
            number: try fields.optionalNumber("number"),
            text: text.isNull ? nil : try fields.text("text"))
    }
}

extension BoundedBytes {
    var json: JSONValue {
        .object([
            JSONMember("bytes", OutputText.json(bytes)), JSONMember("total", .int(Int64(total))),
            JSONMember("digest", digest.map { .string($0.hex) } ?? .null),
        ])
    }

    init(_ fields: ReportFields) throws(ReportFormatError) {
        let isWhole = try fields.member("digest").value.isNull
        self.init(
            bytes: try fields.bytes("bytes"), total: try fields.number("total"),
            digest: isWhole ? nil : try fields.digest("digest"))
    }
}
