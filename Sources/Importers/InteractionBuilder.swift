import Cassette
import Determinism
import WireProtocols

/// An exchange that is ready for a cassette, without its number and instant.
struct BuiltExchange: Sendable {
    /// What an answer is made of, for the counts.
    struct Facts: Hashable, Sendable {
        /// The identifier of the protocol; nil for plain HTTP.
        var wire: String?
        /// How its events are framed; nil for one document.
        var framing: StreamFraming?
        /// How many events it has.
        var events = 0
        /// How many of them no client sees, since they are cut or damaged.
        var brokenEvents = 0
        /// Whether its events, put together again, are the body.
        var returnsSameBytes = true
    }

    var exchange: ImportedExchange
    var interaction: Interaction
    var facts: Facts
}

/// Turns a repaired exchange into an interaction: upstream, protocol, chunks, instants.
struct InteractionBuilder {
    let plan: UpstreamPlan

    func build(_ exchange: ImportedExchange) -> BuiltExchange {
        let name = plan.name(of: exchange.url)
        let upstream = plan.upstreams.first { $0.name == name }
        let request = RecordedRequest(
            method: exchange.method, target: plan.place(of: exchange.url).target,
            headers: exchange.headers, body: exchange.body)
        let wire = WireProtocols.of(request, upstream: upstream)
        var facts = BuiltExchange.Facts(wire: wire?.id)
        let response = exchange.response.map { response in
            let framing = WireProtocols.framing(
                of: request, headers: response.headers, wire: wire)
            let pieces = cut(response.body, framing, &facts)
            return recorded(response, pieces, exchange.timing, isStream: framing != nil)
        }
        return BuiltExchange(
            exchange: exchange,
            interaction: Interaction(
                ordinal: 0, upstream: name, request: request, response: response,
                ending: exchange.ending),
            facts: facts)
    }

    /// The body as the events of its stream, or as one piece.
    private func cut(
        _ body: [UInt8], _ framing: StreamFraming?, _ facts: inout BuiltExchange.Facts
    ) -> [[UInt8]] {
        guard !body.isEmpty else { return [] }
        guard let framing else { return [body] }
        let events = framing.events(of: body)
        facts.framing = framing
        facts.events = events.count
        facts.brokenEvents = events.count { !$0.isTerminated }
        facts.returnsSameBytes = StreamCheck.returnsSameBytes(body, events, framing)
        return events.map(\.bytes)
    }

    private func recorded(
        _ response: ImportedResponse, _ pieces: [[UInt8]], _ timing: ImportedTiming, isStream: Bool
    ) -> RecordedResponse {
        let schedule = SyntheticTiming.schedule(
            lengths: pieces.map(\.count), timing: timing, isStream: isStream)
        return RecordedResponse(
            status: response.status, reason: response.reason, headers: response.headers,
            headAt: schedule.head,
            chunks: zip(schedule.chunks, pieces).map { Chunk(at: $0, bytes: $1) },
            trailers: response.trailers, endAt: schedule.end)
    }
}
