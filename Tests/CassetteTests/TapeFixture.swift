import Cassette
import Determinism

/// Small tapes, written as requests and what came back.
enum TapeFixture {
    static let upstreams = [
        Upstream(name: "llm", kind: .model, address: "https://llm.example"),
        Upstream(name: "shop", kind: .tool, address: "https://shop.example"),
    ]

    static func request(
        _ body: String = "", method: String = "POST", target: String = "/v1/chat/completions",
        headers: HeaderFields = []
    ) -> RecordedRequest {
        RecordedRequest(
            method: method, target: target, headers: headers, body: Array(body.utf8))
    }

    static func interaction(
        _ ordinal: Int, _ request: RecordedRequest, upstream: String = "llm", status: Int = 200,
        answer: String = "{}", ending: Ending = .complete
    ) -> Interaction {
        Interaction(
            ordinal: ordinal, upstream: upstream, request: request,
            response: RecordedResponse(
                status: status, chunks: [Chunk(at: .zero, bytes: Array(answer.utf8))]),
            ending: ending)
    }

    static func tape(
        _ interactions: [Interaction], normalisers: [Normaliser] = []
    ) throws -> Tape {
        try Tape(
            MemoryStore(
                manifest: Manifest(toolVersion: "1", upstreams: upstreams),
                interactions: interactions),
            normalisers: normalisers)
    }

    /// A tape of these requests to one upstream, numbered in order.
    static func tape(of requests: [RecordedRequest], upstream: String = "llm") throws -> Tape {
        try tape(
            requests.enumerated().map { interaction($0 + 1, $1, upstream: upstream) })
    }

    static func identity(
        _ request: RecordedRequest, upstream: String = "llm",
        rules: IdentityRules = IdentityRules()
    ) -> RequestIdentity {
        RequestIdentity(request, upstream: upstream, rules: rules)
    }

    static let uuids = [
        "550e8400-e29b-41d4-a716-446655440000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    ]
}
