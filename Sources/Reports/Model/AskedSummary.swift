internal import Cassette
internal import Determinism
internal import Simulation

/// What reports show of one request to an agent that is a server.
package struct AskedSummary: Hashable, Sendable {
    /// How many bytes of the answer are kept.
    static let bodyBytesMax = 400

    /// Method and path.
    package var route: String
    /// `200`, `cut`, or another word for how far it came.
    package var outcome: String
    /// Whether the answer is whole and no error of the server.
    package var isFine: Bool
    /// The begin of the answer's body.
    package var body: [UInt8]

    init(_ record: AskedRecord) {
        route = "\(record.request.method) \(record.request.target)"
        let status = record.status.map { "\($0)" }
        outcome =
            record.ending == .complete
            ? status ?? "no status"
            : [status, record.ending.rawValue].compactMap { $0 }.joined(separator: ", ")
        isFine = record.isFine
        body = Array(record.body.prefix(Self.bodyBytesMax))
    }
}

extension AskedSummary {
    var json: JSONValue {
        [
            "route": .string(route), "outcome": .string(outcome), "fine": .bool(isFine),
            "body": OutputText.json(body),
        ]
    }

    init(_ fields: ReportFields) throws(ReportFormatError) {
        route = try fields.text("route")
        outcome = try fields.text("outcome")
        isFine = try fields.flag("fine")
        body = try fields.bytes("body")
    }
}
