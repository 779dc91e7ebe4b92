import Cassette
import Determinism
import Faults
import WireProtocols

extension Law {
    /// A fault changes any delivery or says why it cannot, and does the same each time.
    static let faults = Law(name: "faults") { input throws(LawBroken) in
        let kind = FaultCatalogue.all[input.place(0, in: FaultCatalogue.all.count - 1)]
        let context = FuzzDelivery.context(input)
        let before = FuzzDelivery.delivery(input)
        let parameters = FuzzDelivery.parameters(of: kind, input, before, context)
        var after = before
        var again = before
        let outcome = kind.apply(&after, parameters, context)
        let second = kind.apply(&again, parameters, context)
        let label = "\(kind.id) \(parameters.members.map { "\($0.key)=\($0.value.encodedText())" })"
        try demand(outcome == second && after == again, "\(label): twice is not the same")
        switch outcome {
        case .fired: try demand(after != before, "\(label): fired and changed nothing")
        case .inapplicable(let reason):
            try demand(after == before && !reason.isEmpty, "\(label): inapplicable, but changed")
        }
        let instants = [after.head?.at ?? .zero] + after.body.map(\.at) + [after.endAt]
        try demand(
            !zip(instants, instants.dropFirst()).contains { $0 > $1 }, "\(label): time goes back")
        try demand(after.head != nil || after.body.isEmpty, "\(label): a body without a head")
        if case .length(let announced) = after.head?.framing, after.ending == .complete {
            let count = after.bodyBytes.count
            try demand(announced == count, "\(label): \(count) bytes, announced \(announced)")
        }
    } seeds: { seed in
        readings(of: seed).flatMap { reading in
            (0..<4).map { turn in
                let number = reading.wire * 97 + reading.form * 31 + turn * 53
                return FuzzInput.bytes(
                    reading.body, [0, number % 211, reading.wire, reading.form, turn, turn])
            }
        }
    }
}

/// A delivery, its context and a fault's parameters, chosen by the numbers of an input.
private enum FuzzDelivery {
    private static let types = [
        "text/event-stream", "application/x-ndjson", "application/json",
        "application/vnd.amazon.eventstream", "application/json", "text/plain; charset=utf-8",
    ]

    /// The body, cut into chunks of equal length that are sent one after another.
    static func delivery(_ input: FuzzInput) -> Delivery {
        let size = 1 + input.number(4) * 2
        let starts = stride(from: 0, to: input.body.count, by: size)
        let chunks = starts.enumerated().map { place, start in
            Chunk(
                at: .milliseconds(Int64(place) + 2),
                bytes: Array(input.body[start..<min(input.body.count, start + size)]))
        }
        let framings: [BodyFraming] = [.chunked, .length(input.body.count), .untilClose]
        return Delivery(
            head: DeliveryHead(
                status: 200, headers: [HeaderField("content-type", input.pick(3, of: types))],
                at: .milliseconds(1), framing: input.pick(5, of: framings)),
            body: chunks, endAt: chunks.last?.at ?? .milliseconds(1))
    }

    /// A call of a model in any protocol, of a tool, or of a tool server.
    static func context(_ input: FuzzInput) -> FaultContext {
        let choice = input.number(2) % (WireProtocols.all.count + callers.count)
        guard choice < WireProtocols.all.count else {
            return tool(callers[choice - WireProtocols.all.count], input)
        }
        let request = RecordedRequest(
            method: "POST", target: "/v1/models/m:streamGenerateContent",
            headers: [HeaderField("content-type", "application/json")],
            body: Array(#"{"model":"m","stream":true,"messages":[],"tools":[]}"#.utf8))
        return FaultContext(
            interaction: Interaction(
                ordinal: 1, upstream: "model", request: request, response: nil),
            upstream: Upstream(name: "model", kind: .model, address: "https://model.example"),
            wire: WireProtocols.all[choice])
    }

    private struct Caller {
        let target: String
        let address: String
        let body: String
    }

    private static let callers = [
        Caller(target: "/orders/7", address: "https://shop.example", body: ""),
        caller("stdio:shop", "tools/call", #"{"name":"pay","arguments":{"cents":5}}"#),
        caller("https://shop.example", "tools/call", #"{"name":"pay","arguments":{"cents":5}}"#),
        caller("https://shop.example", "tools/list", "{}"),
        caller(
            "stdio:shop", "initialize", #"{"protocolVersion":"2025-06-18","capabilities":{}}"#),
    ]

    private static func caller(
        _ address: String, _ method: String, _ parameters: String
    ) -> Caller {
        Caller(
            target: "/mcp", address: address,
            body: #"{"jsonrpc":"2.0","id":3,"method":"\#(method)","params":\#(parameters)}"#)
    }

    private static func tool(_ caller: Caller, _ input: FuzzInput) -> FaultContext {
        let request = RecordedRequest(
            method: caller.body.isEmpty ? "GET" : "POST", target: caller.target,
            headers: [HeaderField("mcp-session-id", "s1")], body: Array(caller.body.utf8))
        let response = RecordedResponse(
            status: 200, headers: [HeaderField("content-type", "application/json")],
            headAt: .milliseconds(3), chunks: [Chunk(at: .milliseconds(4), bytes: input.body)],
            endAt: .milliseconds(4))
        let earlier = Interaction(
            ordinal: 1, upstream: "shop", request: request, response: response)
        return FaultContext(
            interaction: Interaction(
                ordinal: 2, upstream: "shop", request: request, response: nil),
            upstream: Upstream(name: "shop", kind: .tool, address: caller.address), wire: nil,
            earlier: input.number(6) % 2 == 0 ? nil : earlier)
    }

    /// Parameters that a plan can hold: in their domains, at its ends or near what is drawn.
    static func parameters(
        of kind: FaultKind, _ input: FuzzInput, _ delivery: Delivery, _ context: FaultContext
    ) -> FaultParameters {
        FaultParameters(
            kind.parameters.enumerated().map { place, spec in
                let number = input.number(6 + place)
                return JSONMember(spec.name, value(of: spec, number, delivery, context))
            })
    }

    private static func value(
        of spec: ParameterSpec, _ number: Int, _ delivery: Delivery, _ context: FaultContext
    ) -> JSONValue {
        switch (spec.domain, spec.defaultValue) {
        case (.choice(let words), _): .string(words[number % max(1, words.count)])
        case (.text, .fixed(let value)): number < 128 ? value : .string("é \"text\"\r\n")
        case (.text, .drawn): .string("text")
        case (.integer, .fixed(let value)) where number < 64: value
        case (.integer(let domain), .drawn(let range)) where number < 200:
            .int(inside(range(delivery, context) ?? domain, number))
        case (.integer(let domain), _): .int(inside(domain, number))
        }
    }

    /// A number of a range: its ends for high numbers, else one near the lower end.
    private static func inside(_ range: ClosedRange<Int64>, _ number: Int) -> Int64 {
        if number > 240 { return range.upperBound }
        let (sum, overflow) = range.lowerBound.addingReportingOverflow(Int64(number % 64))
        return overflow ? range.upperBound : min(sum, range.upperBound)
    }
}
