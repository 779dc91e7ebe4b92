import Cassette
import Determinism
import Measuring

/// Finds what is due on a tape of many interactions, all in memory.
struct LookUp {
    static let askedCount = 100

    private let tape: Tape
    private let requests: [RecordedRequest]

    /// Makes a tape of `count` interactions, a multiple of 1,000.
    init(count: Int) throws {
        let interactions = (1...count).map { number in
            Interaction(
                ordinal: number, upstream: "tool",
                request: RecordedRequest(
                    method: "POST", target: "/orders",
                    headers: [HeaderField("content-type", "application/json")],
                    body: Array("{\"order\":\(number),\"note\":\"where is it?\"}".utf8)),
                response: RecordedResponse(
                    status: 200, chunks: [Chunk(at: .zero, bytes: Array("{\"ok\":true}".utf8))]))
        }
        let manifest = Manifest(
            toolVersion: "benchmark",
            upstreams: [Upstream(name: "tool", kind: .tool, address: "http://tool.example")])
        tape = try Tape(MemoryStore(manifest: manifest, interactions: interactions))
        requests = interactions.map(\.request)
    }

    /// Microseconds for one look-up, which is the request's identity and the match.
    ///
    /// First of requests that were never asked for before, then of the same ones again. Each round
    /// asks for others.
    func microsecondsEach(round: Int) -> (first: Double, again: Double) {
        let asked = stride(from: round, to: requests.count, by: requests.count / LookUp.askedCount)
            .map { requests[$0] }
        return (once(asked), once(asked))
    }

    private func once(_ asked: [RecordedRequest]) -> Double {
        var matcher = Matcher(tape)
        var found = 0
        let spent = seconds {
            for request in asked {
                let identity = tape.identity(of: request, upstream: "tool")
                if case .due = matcher.match(identity) { found += 1 }
            }
        }
        precondition(found == asked.count, "every request is on the tape")
        return spent / Double(asked.count) * 1e6
    }
}
