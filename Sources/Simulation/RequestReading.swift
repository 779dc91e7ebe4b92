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
    /// The bytes of the target are told apart by the sketch of the request, since texts are equal
    /// that look alike.
    func isFor(_ asked: RecordedRequest, upstream name: String) -> Bool {
        request == asked && upstream.name == name
    }
}
