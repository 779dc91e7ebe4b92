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

    func build(_ imported: ImportedExchange) -> BuiltExchange {
        var exchange = imported
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
            let events = framing.map { read(response.body, $0, &facts) }
            return recorded(response, events, &exchange)
        }
        return BuiltExchange(
            exchange: exchange,
            interaction: Interaction(
                ordinal: 0, upstream: name, request: request, response: response,
                ending: exchange.ending),
            facts: facts)
    }

    private func read(
        _ body: [UInt8], _ framing: StreamFraming, _ facts: inout BuiltExchange.Facts
    ) -> [StreamEvent] {
        guard !body.isEmpty else { return [] }
        let events = framing.events(of: body)
        facts.framing = framing
        facts.events = events.count
        facts.brokenEvents = events.count { !$0.isTerminated }
        facts.returnsSameBytes = StreamCheck.returnsSameBytes(body, events, framing)
        return events
    }

    /// The response in the events of its stream, or in one piece.
    private func recorded(
        _ response: ImportedResponse, _ events: [StreamEvent]?, _ exchange: inout ImportedExchange
    ) -> RecordedResponse {
        let pieces = events?.map(\.bytes) ?? (response.body.isEmpty ? [] : [response.body])
        let known = SyntheticTiming.Schedule(events ?? [], exchange.timing)
        if known != nil {
            exchange.fidelity.timing = .recorded
        } else if exchange.timing.messages != nil {
            exchange.warnings.append(
                "the messages listed beside the body are not those of the body; their instants "
                    + "are left out")
        }
        let schedule =
            known
            ?? SyntheticTiming.schedule(
                lengths: pieces.map(\.count), timing: exchange.timing, isStream: events != nil)
        return RecordedResponse(
            status: response.status, reason: response.reason, headers: response.headers,
            headAt: schedule.head,
            chunks: zip(schedule.chunks, pieces).map { Chunk(at: $0, bytes: $1) },
            trailers: response.trailers, endAt: schedule.end)
    }
}
