import Cassette
import Determinism

/// Finds what is due on a tape of many interactions, all in memory.
struct LookUp {
    private let tape: Tape
    private let asked: [RecordedRequest]

    /// Makes a tape of `count` interactions; `askedCount` of them will be asked for.
    init(count: Int, askedCount: Int) throws {
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
        asked = stride(from: 0, to: count, by: count / askedCount).map { interactions[$0].request }
    }

    /// Seconds for one look-up: the request's identity and the match.
    func secondsEach() -> Double {
        var matcher = Matcher(tape)
        var found = 0
        let total = seconds(in: &matcher, &found)
        precondition(found == asked.count, "every request is on the tape")
        return total / Double(asked.count)
    }

    private func seconds(in matcher: inout Matcher, _ found: inout Int) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for request in asked {
            if case .due = matcher.match(tape.identity(of: request, upstream: "tool")) { found += 1 }
        }
        let parts = (clock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }
}
