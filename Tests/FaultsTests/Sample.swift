import Cassette
import Determinism
import Faults
import WireProtocols

/// Small deliveries with known bytes, and how to apply a fault to them.
enum Sample {
    static let wire = OpenAIChat()

    /// The event of a chat completion stream that a letter stands for.
    ///
    /// `<` opens the stream, `>` finishes it, `.` ends it, `!` is the server error; any other
    /// letter is a piece of text.
    static func event(_ letter: Character) -> String {
        switch letter {
        case "<": #"data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}"# + "\n\n"
        case ">":
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
        case ".": "data: [DONE]\n\n"
        case "!":
            String(decoding: wire.errorEvent(.server, framing: .sse)?.bytes ?? [], as: UTF8.self)
        default:
            #"data: {"choices":[{"index":0,"delta":{"content":"\#(letter)"}}]}"# + "\n\n"
        }
    }

    /// A stream with one chunk for each letter, sent at 10 ms, 20 ms and so on.
    static func stream(_ letters: String, ending: DeliveryEnding = .complete) -> Delivery {
        let chunks = letters.enumerated().map { place, letter in
            Chunk(at: .milliseconds(10 * (Int64(place) + 1)), bytes: Array(event(letter).utf8))
        }
        return Delivery(
            head: DeliveryHead(
                status: 200, headers: [HeaderField("content-type", "text/event-stream")],
                at: .milliseconds(5), framing: .chunked),
            body: chunks, ending: ending, endAt: .milliseconds(10 * Int64(letters.count) + 1))
    }

    /// A plain answer whose chunks are sent at 10 ms, 20 ms and so on.
    static func plain(
        _ chunks: [String], type: String = "application/json", framing: BodyFraming? = nil
    ) -> Delivery {
        let body = chunks.enumerated().map { place, text in
            Chunk(at: .milliseconds(10 * (Int64(place) + 1)), bytes: Array(text.utf8))
        }
        let count = body.reduce(0) { $0 + $1.bytes.count }
        return Delivery(
            head: DeliveryHead(
                status: 200, headers: [HeaderField("content-type", type)], at: .milliseconds(5),
                framing: framing ?? .length(count)),
            body: body, endAt: body.last?.at ?? .milliseconds(5))
    }

    /// A JSON answer of a model.
    static func answer(_ text: String) -> Delivery {
        plain([
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"#
                + #""finish_reason":"stop"}]}"#
        ])
    }

    static func request(
        method: String = "POST", target: String = "/v1/chat/completions",
        body: String = #"{"model":"m","messages":[]}"#
    ) -> RecordedRequest {
        RecordedRequest(method: method, target: target, body: Array(body.utf8))
    }

    /// The context of a call to a model.
    static let model = FaultContext(
        interaction: Interaction(ordinal: 1, upstream: "llm", request: request(), response: nil),
        upstream: Upstream(name: "llm", kind: .model, address: "https://llm.example"), wire: wire)

    /// The context of a call to a tool.
    static func tool(method: String = "GET", earlier: Interaction? = nil) -> FaultContext {
        FaultContext(
            interaction: Interaction(
                ordinal: 2, upstream: "shop",
                request: request(method: method, target: "/orders/7", body: ""), response: nil),
            upstream: Upstream(name: "shop", kind: .tool, address: "https://shop.example"),
            wire: nil, earlier: earlier)
    }

    /// An earlier answer of the tool.
    static func earlier(
        _ body: String, method: String = "GET", ending: Ending = .complete
    ) -> Interaction {
        Interaction(
            ordinal: 1, upstream: "shop",
            request: request(method: method, target: "/orders/7", body: ""),
            response: RecordedResponse(
                status: 200, headers: [HeaderField("content-type", "application/json")],
                headAt: .milliseconds(3),
                chunks: [Chunk(at: .milliseconds(4), bytes: Array(body.utf8))],
                endAt: .milliseconds(4)),
            ending: ending)
    }
}

/// Applies one fault with the given parameters; the others take their fixed defaults.
func apply(
    _ id: String, _ given: [JSONMember] = [], to delivery: Delivery,
    in context: FaultContext = Sample.model
) -> (delivery: Delivery, outcome: FaultOutcome) {
    guard let kind = FaultCatalogue.named(id) else {
        return (delivery, .inapplicable("no fault is called \(id)"))
    }
    var delivery = delivery
    let outcome = kind.apply(&delivery, parameters(of: kind, given), context)
    return (delivery, outcome)
}

/// The given parameters, and the fixed defaults of the others.
func parameters(of kind: FaultKind, _ given: [JSONMember]) -> FaultParameters {
    FaultParameters(
        kind.parameters.compactMap { spec in
            if let member = given.first(where: { $0.key == spec.name }) { return member }
            if case .fixed(let value) = spec.defaultValue { return JSONMember(spec.name, value) }
            return nil
        })
}

/// The range from which a parameter of a fault is drawn.
func drawnRange(
    _ id: String, _ name: String, _ delivery: Delivery, in context: FaultContext = Sample.model
) -> ClosedRange<Int64>? {
    let spec = FaultCatalogue.named(id)?.parameters.first { $0.name == name }
    guard case .drawn(let range) = spec?.defaultValue else { return nil }
    return range(delivery, context)
}

extension Delivery {
    /// The body as text.
    var text: String { String(decoding: bodyBytes, as: UTF8.self) }
    /// The chunks as text.
    var texts: [String] { body.map { String(decoding: $0.bytes, as: UTF8.self) } }
    /// The instants of the chunks in milliseconds.
    var milliseconds: [Int64] { body.map { $0.at.nanoseconds / 1_000_000 } }
}

/// The chunks of a stream that is written as letters.
func chunks(_ letters: String) -> [String] {
    letters.map(Sample.event)
}
