import Cassette

/// The routes of the runtime: `/model/{id}/{operation}`.
enum BedrockRoute {
    /// Whether a request goes to an operation of a model.
    ///
    /// Some clients leave the slash in the name of a resource as it is, so all parts up to the
    /// operation belong to the name.
    static func matches(_ request: RecordedRequest, operations: [String]) -> Bool {
        guard asciiEqual(request.method, "POST") else { return false }
        let parts = request.path.split(separator: "/")
        guard let last = parts.last, operations.contains(String(last)),
            let place = parts.firstIndex(of: "model")
        else { return false }
        return place + 1 < parts.count - 1
    }
}
