import Cassette
import Determinism
import WireProtocols

extension EventStreamBody {
    /// The place of each event that a client dispatches, and that can be edited alone.
    var visiblePlaces: [Int] {
        timed.indices.filter {
            let event = timed[$0].event
            return event.isMovable && !event.isKeepAlive && event.data != nil
        }
    }

    /// The place of each event that only adds text, none of it signed.
    func textPlaces(_ wire: any WireProtocol) -> [Int] {
        contentPlaces(wire).filter { place in
            guard case .text = wire.role(of: timed[place].event) else { return false }
            return !timed[place].event.isSigned
        }
    }

    /// Puts events before the one at a place, at its instant; behind the last, at that of the last.
    mutating func insert(_ events: [StreamEvent], at place: Int) {
        let at = timed[min(place, timed.count - 1)].at
        timed.insert(contentsOf: events.map { Timed(event: $0, at: at) }, at: place)
    }
}

extension StreamEvent {
    /// Whether it carries a signature, which only the provider can make: such content is never
    /// edited.
    var isSigned: Bool {
        json.map { $0.holds(member: Self.isSignature) } ?? false
    }

    private static func isSignature(_ name: String, _ value: JSONValue) -> Bool {
        let names = ["thoughtSignature", "thought_signature", "signature", "encrypted_content"]
        return names.contains(name) && value.stringValue?.isEmpty == false
    }
}

extension JSONValue {
    /// Whether a member at any depth is like this.
    func holds(member isWanted: (_ name: String, _ value: JSONValue) -> Bool) -> Bool {
        switch self {
        case .object(let members):
            members.contains { isWanted($0.key, $0.value) || $0.value.holds(member: isWanted) }
        case .array(let elements): elements.contains { $0.holds(member: isWanted) }
        default: false
        }
    }

    /// The value with every text at any depth that equals one replaced by another.
    func replacing(text old: String, by new: String) -> JSONValue {
        switch self {
        case .string(let text): .string(text == old ? new : text)
        case .array(let elements): .array(elements.map { $0.replacing(text: old, by: new) })
        case .object(let members):
            .object(members.map { JSONMember($0.key, $0.value.replacing(text: old, by: new)) })
        default: self
        }
    }

    /// How often a string stands in it.
    func count(ofText wanted: String) -> Int {
        switch self {
        case .string(let text): text == wanted ? 1 : 0
        case .array(let elements): elements.reduce(0) { $0 + $1.count(ofText: wanted) }
        case .object(let members): members.reduce(0) { $0 + $1.value.count(ofText: wanted) }
        default: 0
        }
    }
}

extension FaultKind {
    /// The events of a model's stream together with the protocol that they speak.
    static func modelStream(
        _ delivery: Delivery, _ context: FaultContext
    ) throws(Inapplicable) -> (stream: EventStreamBody, wire: any WireProtocol) {
        guard let wire = context.wire else {
            throw Inapplicable("the answer speaks no known protocol of a model")
        }
        return (try EventStreamBody(delivery, context), wire)
    }

    /// The events of a stream that are framed as server-sent events, whoever sends them.
    static func sseStream(
        _ delivery: Delivery, _ context: FaultContext
    ) throws(Inapplicable) -> EventStreamBody {
        let stream = try EventStreamBody(delivery, context)
        guard stream.timed[0].event.sse != nil else {
            throw Inapplicable("the stream is not framed as server-sent events")
        }
        return stream
    }

    /// How many content events a delivery has; nil when it is not a model's stream.
    static func contentCount(_ delivery: Delivery, _ context: FaultContext) -> Int64? {
        guard let (stream, wire) = try? modelStream(delivery, context) else { return nil }
        return Int64(stream.contentPlaces(wire).count)
    }

    /// A parameter that is the number of a content event.
    static func contentEvent(_ name: String, _ summary: String) -> ParameterSpec {
        .place(name, from: 1, summary, counting: .contentEvents) { delivery, context in
            contentCount(delivery, context).flatMap { $0 > 0 ? 1...$0 : nil }
        }
    }

    /// A parameter `at` that is the number of an event that only adds text.
    static func textEvent(_ summary: String) -> ParameterSpec {
        numbered("at", summary) { delivery, context in
            (try? modelStream(delivery, context)).map { $0.stream.textPlaces($0.wire) }
        }
    }

    /// A parameter that is the number of a place among those that a fault can hit.
    static func numbered(
        _ name: String, _ summary: String,
        among places: @escaping @Sendable (Delivery, FaultContext) -> [Int]?
    ) -> ParameterSpec {
        .place(name, from: 1, summary) { delivery, context in
            guard let places = places(delivery, context), !places.isEmpty else { return nil }
            return 1...Int64(places.count)
        }
    }

    /// The places of the events that any client of server-sent events dispatches.
    static func visibleSSEPlaces(_ delivery: Delivery, _ context: FaultContext) -> [Int]? {
        (try? sseStream(delivery, context))?.visiblePlaces
    }

    /// The place of the content event with the number that a parameter gives.
    static func contentPlace(
        _ name: String, _ parameters: FaultParameters, _ stream: EventStreamBody,
        _ wire: any WireProtocol
    ) throws(Inapplicable) -> Int {
        try place(name, parameters, among: stream.contentPlaces(wire), "content events")
    }

    /// The place with the number that a parameter gives.
    static func place(
        _ name: String, _ parameters: FaultParameters, among places: [Int], _ what: String
    ) throws(Inapplicable) -> Int {
        let number = parameters.integer(name)
        guard number >= 1, number <= places.count else {
            throw noEvent(number, of: places.count, what)
        }
        return places[Int(number) - 1]
    }

    /// Why there is no event with a number.
    static func noEvent(
        _ number: Int64, of count: Int, _ what: String = "content events"
    ) -> Inapplicable {
        Inapplicable("the stream has \(count) \(what); there is no number \(number)")
    }
}
