import Cassette
import Determinism
import Simulation

/// Sends one request after the other, reads every byte of every answer, and ends.
struct StreamingAgent: InProcessAgent {
    let requests: [RecordedRequest]
    private var sent = 0
    private var sum: UInt64 = 0

    init(_ requests: [RecordedRequest]) {
        self.requests = requests
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: next(&outputs)
        case .body(_, let bytes): sum &+= touched(bytes)
        case .ended, .closed, .reset: next(&outputs)
        case .head, .timer: break
        }
    }

    private mutating func next(_ outputs: inout [AgentOutput]) {
        guard sent < requests.count else {
            outputs.append(.write(.standardOutput, Array("\(sum)\n".utf8)))
            outputs.append(.exit(.code(0)))
            return
        }
        sent += 1
        outputs.append(.request(RequestTag(sent), upstream: "model", requests[sent - 1]))
    }
}

/// The work that agent and bare loop both do on a chunk.
func touched(_ bytes: [UInt8]) -> UInt64 {
    var sum: UInt64 = 0
    for byte in bytes { sum &+= UInt64(byte) }
    return sum
}
