import Cassette
import Determinism

/// A small generator for tests: SplitMix64, whose seed is printed by the test's arguments.
struct SampleSource {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func text(_ lengthMax: Int) -> String {
        let alphabet = Array("ab\"\\\n\t\u{1}\u{7F}é😀/ {}[]:,€\u{2028}")
        return String((0..<below(lengthMax + 1)).map { _ in alphabet[below(alphabet.count)] })
    }

    mutating func bytes(_ lengthMax: Int) -> [UInt8] {
        if below(3) > 0 { return Array(text(lengthMax).utf8) }
        return (0..<below(lengthMax + 1)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func headers() -> HeaderFields {
        HeaderFields((0..<below(4)).map { _ in HeaderField("x-" + text(3), text(10)) })
    }

    mutating func chunks() -> [Chunk] {
        var rest = bytes(60)[...]
        var chunks: [Chunk] = []
        while !rest.isEmpty {
            let count = min(rest.count, below(5))
            chunks.append(
                Chunk(
                    at: SimDuration(nanoseconds: Int64(below(999))),
                    bytes: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return chunks
    }

    mutating func interaction(_ ordinal: Int) -> Interaction {
        let request = RecordedRequest(
            method: "POST", target: "/v1/" + text(5), headers: headers(), body: bytes(80))
        let response = RecordedResponse(
            status: 200 + below(300), reason: text(4), headers: headers(),
            headAt: SimDuration(nanoseconds: Int64(below(1_000_000))), chunks: chunks(),
            trailers: headers(), endAt: SimDuration(nanoseconds: .max))
        return Interaction(
            ordinal: ordinal, upstream: text(6),
            startedAt: SimInstant(nanoseconds: Int64(below(99))),
            request: request, response: below(8) == 0 ? nil : response,
            ending: Ending.allCases[below(Ending.allCases.count)],
            agentLeftAfterBytes: below(2) == 0 ? nil : below(100))
    }

    mutating func manifest() -> Manifest {
        let statuses: [ExitStatus?] = [nil, .code(3), .signal(9)]
        return Manifest(
            toolVersion: "0.1.0", seed: Seed(next()), recordedAtNanoseconds: Int64(below(1 << 60)),
            command: ["python3", text(5)],
            upstreams: [
                Upstream(
                    name: "openai", kind: .model, wireProtocol: below(2) == 0 ? nil : "openai-chat",
                    address: "https://api.example.com/v1", variables: ["OPENAI_BASE_URL"],
                    port: below(65_536), reads: ["GET /" + text(3)])
            ],
            standardInput: below(2) == 0 ? nil : bytes(20), prompt: below(2) == 0 ? nil : text(9),
            agentStatus: statuses[below(3)], fidelity: ["identity-encoding-requested"])
    }
}
