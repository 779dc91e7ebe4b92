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
    /// Whether all its texts are ASCII, as nearly always.
    private let isASCII: Bool

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
        let lines = request.headers.fields.flatMap { [$0.name, $0.value] }
        isASCII = ([request.method, request.target, upstream.name] + lines)
            .allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    }

    /// Whether it is the reading of this request.
    ///
    /// Byte for byte: texts that look alike are equal, and yet are matched and shown as they are.
    func isFor(_ asked: RecordedRequest, upstream name: String) -> Bool {
        request.body == asked.body
            && isSame(request.target, asked.target)
            && isSame(request.method, asked.method)
            && isSame(upstream.name, name)
            && request.headers.fields.elementsEqual(asked.headers.fields) { mine, theirs in
                isSame(mine.name, theirs.name)
                    && isSame(mine.value, theirs.value)
            }
    }

    /// A text that is equivalent to ASCII and not ASCII has more bytes, so that for ASCII one memory
    /// comparison decides.
    private func isSame(_ mine: String, _ theirs: String) -> Bool {
        isASCII
            ? mine.utf8.count == theirs.utf8.count && mine == theirs
            : mine.isByteEqual(to: theirs)
    }
}
