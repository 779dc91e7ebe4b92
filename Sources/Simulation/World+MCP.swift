internal import Cassette
internal import Faults
internal import WireProtocols

/// What the Model Context Protocol adds to the answering of requests.
extension World {
    /// The answer to a request that only a fault of this run can have caused: no tape holds it.
    mutating func answerCausedByFault(
        _ reading: RequestReading, _ record: inout ExchangeRecord
    ) -> Flight? {
        if reading.isAnswerToInjected { return accept(&record, status: 202) }
        guard let resumption = reading.resumption,
            resumption.ordinal <= tape.entries.count,
            tape.entry(resumption.ordinal).upstream == reading.upstream.name,
            let entry = try? cache.entry(resumption.ordinal, tape: tape),
            case .due(let ordinal, let attempt) = matcher.take(resumption.ordinal)
        else { return nil }
        record.stand(for: tape.entry(ordinal), attempt: attempt, .recorded)
        let prepared = PreparedDelivery(
            resumption.delivery(of: entry.delivery), of: record.request, wire: nil)
        var flight = flight(of: prepared)
        flight.ordinal = ordinal
        flight.altered = true
        flight.keepsTake = !resumption.bringsResponse
        record.show(prepared)
        return flight
    }

    /// The answer to a request that is not on the tape, where the protocol leaves only one: a
    /// notification is accepted, and what opens a session or lists what there is may be asked anew.
    mutating func answerByProtocol(
        _ identity: RequestIdentity, _ record: inout ExchangeRecord, _ upstream: Upstream
    ) -> Flight? {
        let request = record.request
        guard MCP.speaks(request, to: upstream) else { return nil }
        if MCP.onlyNotifies(request) { return accept(&record, status: 202) }
        guard MCP.mayRepeat(request, to: upstream),
            case .reask(let ordinal, let attempt) = matcher.again(identity)
        else {
            return request.method == "DELETE" ? accept(&record, status: 200) : nil
        }
        return deliver(ordinal, attempt, .reask, &record, upstream)
    }

    private mutating func accept(_ record: inout ExchangeRecord, status: Int) -> Flight {
        let prepared = PreparedDelivery(
            Delivery(status: status, headers: [], body: []), of: record.request, wire: nil)
        record.source = .protocolReply
        record.show(prepared)
        return flight(of: prepared)
    }
}

extension DeliveryCache.Entry {
    /// The entry for a request that has other identifiers than the recorded one.
    func answering(_ asked: RecordedRequest, of upstream: Upstream) -> DeliveryCache.Entry {
        guard asked.body != interaction.request.body else { return self }
        let context = FaultContext(interaction: interaction, upstream: upstream, wire: wire)
        guard let delivery = delivery.readdressed(to: asked, in: context) else { return self }
        var interaction = interaction
        interaction.request.body = asked.body
        return DeliveryCache.Entry(
            interaction, wire: wire, delivery: delivery, isReaddressed: true)
    }
}

extension Delivery {
    /// The delivery of the stream on which a server speaks of its own accord.
    ///
    /// It ended because the session did, which the agent brings about: it would end too early for
    /// an agent that takes longer than when it was recorded.
    func heldOpen(_ interaction: Interaction, on tape: Tape) -> Delivery {
        guard ending == .complete, head?.status == 200,
            let upstream = tape.manifest.upstream(interaction.upstream),
            MCP.isListening(interaction.request, to: upstream)
        else { return self }
        let own = tape.entry(interaction.ordinal).fingerprint
        let isLast = !tape.entries.contains {
            $0.ordinal > interaction.ordinal && $0.fingerprint == own
        }
        guard isLast else { return self }
        var open = self
        open.ending = .hang
        return open
    }
}
