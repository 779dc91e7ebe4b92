internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

/// What a request says, whatever the run: read once for all runs that send the same bytes.
final class RequestReading: Sendable {
    let request: RecordedRequest
    let upstream: Upstream
    let identity: RequestIdentity
    /// Whether it may change the world.
    let isSideEffecting: Bool
    let idempotencyKey: String?
    /// Whether it responds to a request that a fault made up.
    let isAnswerToInjected: Bool
    /// What it resumes, where a fault cut a stream.
    let resumption: MCPResumption?

    init(_ request: RecordedRequest, upstream name: String, tape: Tape) {
        let upstream =
            tape.manifest.upstream(name) ?? Upstream(name: name, kind: .tool, address: "")
        self.request = request
        self.upstream = upstream
        identity = tape.identity(of: request, upstream: name)
        isSideEffecting =
            MCP.changesWorld(request, of: upstream)
            ?? upstream.isSideEffecting(method: request.method, path: request.path)
        idempotencyKey = request.headers.first("idempotency-key")
        isAnswerToInjected = MCPInjected.isAnswer(request)
        resumption = MCPResumption(request)
    }

    /// Whether it is the reading of this request.
    ///
    /// Byte for byte: texts that look alike are equal, and yet are matched and shown as they are.
    func isFor(_ asked: RecordedRequest, upstream name: String) -> Bool {
        request.body == asked.body
            && RequestReading.isSame(request.target, asked.target)
            && RequestReading.isSame(request.method, asked.method)
            && RequestReading.isSame(upstream.name, name)
            && request.headers.fields.elementsEqual(asked.headers.fields) { mine, theirs in
                RequestReading.isSame(mine.name, theirs.name)
                    && RequestReading.isSame(mine.value, theirs.value)
            }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        // Equivalence first: it is decided by one memory comparison for nearly all texts.
        left.utf8.count == right.utf8.count && left == right
            && left.utf8.elementsEqual(right.utf8)
    }
}
