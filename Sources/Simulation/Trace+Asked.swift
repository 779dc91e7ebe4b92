internal import Cassette
internal import Determinism

/// What an agent that is a server was asked, as a part of the identity of a run.
extension Trace {
    /// On the agent's real clock only what it answered counts, not when.
    var askedEvents: [JSONValue] {
        asked.indices.map { .object(question($0) + answer($0)) }
    }

    func members(of entry: InquiryEntry) -> [JSONMember] {
        switch entry {
        case .listening: [JSONMember("listening", true)]
        case .checked(let status):
            [JSONMember("checked", status.map { .int(Int64($0)) } ?? .null)]
        case .asked(let index): question(index)
        case .answered(let index): answer(index)
        case .interrupted(let index): [JSONMember("interrupted", .int(Int64(index + 1)))]
        case .dismissed: [JSONMember("dismissed", true)]
        }
    }

    private func question(_ index: Int) -> [JSONMember] {
        let request = asked[index].request
        return [
            JSONMember("asked", .int(Int64(index + 1))),
            JSONMember("request", .string("\(request.method) \(request.target)")),
            JSONMember("body", .string(Digest(hashing: request.body).hex)),
        ]
    }

    private func answer(_ index: Int) -> [JSONMember] {
        let record = asked[index]
        return [
            JSONMember("answered", .int(Int64(index + 1))),
            JSONMember("ending", .string(record.ending.rawValue)),
            JSONMember("status", record.status.map { .int(Int64($0)) } ?? .null),
            JSONMember(
                "headers",
                .array(record.headers.fields.map { .string("\($0.name): \($0.value)") })),
            JSONMember("text", .string(Trace.normalised(record.body))),
        ]
    }
}
