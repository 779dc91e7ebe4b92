internal import Cassette
internal import Determinism
internal import Simulation

/// The JSON form of what an agent that is a server was asked.
enum AskedJSON {
    static func json(_ record: AskedRecord) -> JSONValue {
        let repeats = record.repeats.map { [JSONMember("repeats", .int(Int64($0 + 1)))] } ?? []
        return .object(
            repeats + [
                JSONMember("method", .string(record.request.method)),
                JSONMember("path", .string(record.request.target)),
                JSONMember("request_body", OutputText.json(record.request.body)),
                JSONMember("ending", .string(record.ending.rawValue)),
                JSONMember("status", number(record.status)),
                JSONMember(
                    "headers",
                    .object(record.headers.fields.map { JSONMember($0.name, .string($0.value)) })),
                JSONMember("body", OutputText.json(record.body)),
            ])
    }

    /// The name of an entry of the log, with its members.
    static func entry(_ entry: InquiryEntry) -> (name: String, members: [JSONMember]) {
        switch entry {
        case .listening: ("listening", [])
        case .checked(let status): ("checked", [JSONMember("status", number(status))])
        case .asked(let index): ("asked", [JSONMember("asked", .int(Int64(index + 1)))])
        case .answered(let index): ("answered", [JSONMember("asked", .int(Int64(index + 1)))])
        case .interrupted(let index):
            ("interrupted", [JSONMember("asked", .int(Int64(index + 1)))])
        case .dismissed: ("dismissed", [])
        }
    }

    private static func number(_ value: Int?) -> JSONValue {
        value.map { .int(Int64($0)) } ?? .null
    }
}
