internal import Cassette
internal import Simulation

/// What became of a request to an agent that is a server, in words that follow "the agent".
enum AskedText {
    /// Such as `answered POST /chat with status 500`.
    static func failure(_ record: AskedRecord) -> String {
        let route = "\(record.request.method) \(record.request.path)"
        guard record.ending == .complete, let status = record.status else {
            return "did not answer \(route) whole"
        }
        return "answered \(route) with status \(status)"
    }
}
