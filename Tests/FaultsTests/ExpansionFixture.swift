import Cassette
import Determinism
import Faults

/// A small catalogue and tape on which expansions are exact.
enum ExpansionFixture {
    static let catalogue: [FaultKind] = [
        kind(
            "model-fault", .model,
            [
                ParameterSpec(
                    "delay_ms", .integer(1...1_000), default: .drawn { _, _ in 1...1_000 }, "x"),
                ParameterSpec("word", .choice(["500", "502"]), default: .fixed("500"), "x"),
                ParameterSpec("note", .text, default: .fixed(""), "x"),
            ]),
        kind(
            "tool-fault", .tool,
            [
                ParameterSpec(
                    "at_byte", .integer(0...1_000_000),
                    default: .drawn { delivery, _ in
                        delivery.bodyBytes.isEmpty ? nil : 0...Int64(delivery.bodyBytes.count - 1)
                    }, "x")
            ]),
        kind(
            "stale", .any,
            [
                ParameterSpec(
                    "earlier", .integer(0...1_000),
                    default: .drawn { _, context in
                        context.earlier.map { Int64($0.ordinal)...Int64($0.ordinal) }
                    }, "x")
            ]),
        kind("plain", .any, []),
    ]

    static func kind(
        _ id: String, _ target: FaultTarget, _ parameters: [ParameterSpec]
    ) -> FaultKind {
        FaultKind(
            id: id, summary: "x", layer: .status, target: target, signature: .loud, weight: 1,
            replaces: true, parameters: parameters,
            documentation: FaultDocumentation(wireForm: "x.", clients: "x.", robustAgent: "x."),
            apply: { _, _, _ in .fired })
    }

    static let upstreams = [
        Upstream(name: "openai", kind: .model, address: "https://api.openai.com/v1"),
        Upstream(name: "shop", kind: .tool, address: "http://shop.test"),
    ]

    /// Six interactions: three model calls, one of them retried after a 500, and two tool calls.
    static let tape = tape(of: [
        model(1, "hello", status: 200, at: 0), tool(2, "GET", "/orders/17", body: "{\"a\":1}"),
        model(3, "again", status: 500, at: 2_000), model(4, "again", status: 200, at: 3_000),
        tool(5, "GET", "/orders/18", body: "{\"a\":2}"),
        tool(6, "POST", "/refunds", body: "", request: "{\"order\":{\"id\":17}}"),
        model(7, "bye", status: 200, at: 5_000, stream: true),
    ])

    static func tape(of interactions: [Interaction]) -> Tape {
        let manifest = Manifest(toolVersion: "1", upstreams: upstreams)
        do {
            return try Tape(MemoryStore(manifest: manifest, interactions: interactions))
        } catch {
            preconditionFailure("a store in memory does not throw: \(error)")
        }
    }

    static func model(
        _ ordinal: Int, _ text: String, status: Int, at milliseconds: Int64, stream: Bool = false
    ) -> Interaction {
        let body =
            "{\"model\":\"m1\",\"stream\":\(stream),\"messages\":[{\"content\":\"\(text)\"}]}"
        return Interaction(
            ordinal: ordinal, upstream: "openai",
            startedAt: SimInstant(nanoseconds: milliseconds * 1_000_000),
            request: RecordedRequest(
                method: "POST", target: "/chat/completions", body: Array(body.utf8)),
            response: RecordedResponse(
                status: status, chunks: [Chunk(at: .zero, bytes: Array("{}".utf8))]))
    }

    static func tool(
        _ ordinal: Int, _ method: String, _ target: String, body: String, request: String = ""
    ) -> Interaction {
        Interaction(
            ordinal: ordinal, upstream: "shop",
            startedAt: SimInstant(nanoseconds: Int64(ordinal) * 1_000_000_000),
            request: RecordedRequest(method: method, target: target, body: Array(request.utf8)),
            response: RecordedResponse(
                status: 200,
                chunks: body.isEmpty ? [] : [Chunk(at: .zero, bytes: Array(body.utf8))]))
    }

    static func expand(
        _ entries: [FaultEntry], seed: UInt64 = 1, name: String = "s"
    ) throws -> ExpansionResult {
        try Expansion.expand(
            Scenario(name: name, faults: entries), seed: Seed(seed), tape: tape,
            catalogue: catalogue)
    }

    /// The ordinals that an entry with this selector hits.
    static func ordinals(
        _ fault: String = "plain", _ edit: (inout Selector) -> Void
    ) throws -> [Int] {
        var selector = Selector()
        edit(&selector)
        return try expand([FaultEntry(fault: fault, selector: selector)]).plan.faults.map { fault in
            tape.ordinal(of: fault.anchor.fingerprint, take: fault.anchor.take) ?? 0
        }
    }
}
