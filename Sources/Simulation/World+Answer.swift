internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

/// How a request is answered: from the tape, or by the policy for what is not on it.
extension World {
    /// Notes in the record of a request how it is answered; nil where nothing is delivered.
    ///
    /// A record is filled in where it stands: it is large, and each copy counts references.
    mutating func answer(_ reading: RequestReading, _ record: inout ExchangeRecord) -> Flight? {
        let (identity, upstream) = (reading.identity, reading.upstream)
        if let flight = answerCausedByFault(reading, &record) { return flight }
        switch matcher.match(identity) {
        case .due(let ordinal, let attempt):
            return deliver(ordinal, attempt, .recorded, &record, upstream)
        case .reask(let ordinal, let attempt):
            return deliver(ordinal, attempt, .reask, &record, upstream)
        case .miss(let played):
            return offTape(identity, played, &record, upstream)
        }
    }

    /// The record of a request that has no answer yet.
    func record(of waiting: Waiting) -> ExchangeRecord {
        let reading = waiting.reading
        var record = ExchangeRecord(
            id: ExchangeID(trace.exchanges.count + 1), upstream: reading.upstream.name,
            kind: reading.upstream.kind, request: waiting.request,
            fingerprint: reading.identity.fingerprint, arrivedAt: now)
        record.sideEffecting = reading.isSideEffecting
        record.idempotencyKey = reading.idempotencyKey
        record.isOverHTTP2 = waiting.isOverHTTP2
        return record
    }

    mutating func deliver(
        _ ordinal: Int, _ attempt: Int, _ source: AnswerSource, _ record: inout ExchangeRecord,
        _ upstream: Upstream
    ) -> Flight? {
        let stored = try? cache.entry(ordinal, tape: tape)
        guard let entry = stored?.answering(record.request, of: upstream) else {
            // The file changed under us: the request is answered by nobody.
            return nil
        }
        record.stand(for: tape.entry(ordinal), attempt: attempt, source)
        var flight = flight(of: entry.prepared)
        flight.ordinal = source == .reask ? nil : ordinal
        if source != .reask { perturb(&flight, &record, entry, upstream) }
        record.show(deliveries[flight.place])
        return flight
    }

    /// Applies the faults that are planned for this attempt.
    private mutating func perturb(
        _ flight: inout Flight, _ record: inout ExchangeRecord, _ entry: DeliveryCache.Entry,
        _ upstream: Upstream
    ) {
        let ordinal = entry.interaction.ordinal
        let due = agenda.faults(ordinal: ordinal, attempt: record.attempt)
        guard !due.isEmpty else { return }
        met.formUnion(due)
        let planned = due.map { self.planned($0, attempt: record.attempt) }
        let refusal = http2Refusal(of: record, upstream)
        let disturbed = disturbed(entry, planned, upstream, http2Refusal: refusal)
        record.faults = zip(planned, disturbed.fates).map { FaultRecord(planned: $0, outcome: $1) }
        guard disturbed.isAltered else { return }
        deliveries[flight.place] = disturbed.prepared
        // Some say no more than when something else happens.
        flight.altered = disturbed.prepared.digest != entry.prepared.digest
        flight.keepsTake = disturbed.keepsTake
        echo.add(disturbed.echo)
    }

    /// What faults make of a recorded answer; most plans of a storm say the same of it.
    private func disturbed(
        _ entry: DeliveryCache.Entry, _ planned: [PlannedFault], _ upstream: Upstream,
        http2Refusal: String?
    ) -> DisturbedDelivery {
        let ordinal = entry.interaction.ordinal
        let (cache, tape) = (cache, tape)
        let isClockVirtual = isClockVirtual
        let (restartRefusal, turnRefusal) = (restartRefusal, turnRefusal)
        let programRefusal = programRefusal
        let make = {
            let context = FaultContext(
                interaction: entry.interaction, upstream: upstream, wire: entry.wire,
                earlier: cache.earlier(than: ordinal, tape: tape),
                neighbour: { cache.neighbour($0, of: ordinal, tape: tape) },
                isClockVirtual: isClockVirtual, restartRefusal: restartRefusal,
                turnRefusal: turnRefusal, programRefusal: programRefusal,
                http2Refusal: http2Refusal)
            return DisturbedDelivery(entry, planned: planned, context: context)
        }
        // The identifiers of such a request are those of one run.
        guard !entry.isReaddressed else { return make() }
        let key = DisturbedDeliveries.Key(
            ordinal: ordinal, upstream: upstream.name, isClockVirtual: isClockVirtual,
            restartRefusal: restartRefusal, turnRefusal: turnRefusal,
            programRefusal: programRefusal, http2Refusal: http2Refusal,
            faults: planned.map { .init(id: $0.fault, parameters: $0.parameters) })
        return cache.disturbed.delivery(key, orElse: make)
    }

    /// A fault of the plan; one for every attempt is reported with the one that it met.
    func planned(_ index: Int, attempt: Int) -> PlannedFault {
        var fault = plan.faults[index]
        fault.anchor.attempt = attempt
        return fault
    }

    // MARK: Off the tape

    private mutating func offTape(
        _ identity: RequestIdentity, _ played: Int, _ record: inout ExchangeRecord,
        _ upstream: Upstream
    ) -> Flight? {
        if let flight = answerByProtocol(identity, &record, upstream) { return flight }
        let matcher = matcher
        let candidates =
            (try? NearestFinder(tape).candidates(
                for: identity, isPlayed: { matcher.isConsumed($0) })) ?? []
        if let chosen = prompted(identity, of: candidates),
            case .due(let ordinal, let attempt) = self.matcher.take(chosen)
        {
            return deliver(ordinal, attempt, .prompt, &record, upstream)
        }
        if let chosen = choice(for: identity, of: candidates),
            case .due(let ordinal, let attempt) = self.matcher.take(chosen)
        {
            let source: AnswerSource = plan.offTape == .echo ? .echo : .nearest
            return deliver(ordinal, attempt, source, &record, upstream)
        }
        if plan.offTape == .stub, let stub = stub(for: record) {
            return deliver(stub, &record)
        }
        // What was asked is judged, also where nothing answers.
        record.wire = WireProtocols.of(record.request, upstream: upstream)?.id
        record.miss = NearestFinder(tape).report(
            identity, played: played, nearest: candidates.first)
        if played == 0, !changedPrompt.isEmpty { record.miss?.hint = World.promptHint }
        return nil
    }

    private static let promptHint =
        "the prompt was changed; where this request holds it, it cannot be mapped back: "
        + "the agent transformed it"

    /// The recorded request that differs from the asked one in the changed prompt only.
    private func prompted(
        _ identity: RequestIdentity, of candidates: [NearestFinder.Candidate]
    ) -> Int? {
        guard !changedPrompt.isEmpty else { return nil }
        return candidates.first { candidate in
            !matcher.isConsumed(candidate.ordinal)
                && changedPrompt.explains(asked: identity, recorded: candidate.identity)
        }?.ordinal
    }

    /// The recorded request that the policy takes for the one that was asked.
    private func choice(
        for identity: RequestIdentity, of candidates: [NearestFinder.Candidate]
    ) -> Int? {
        let open = candidates.lazy.filter { !matcher.isConsumed($0.ordinal) }
        return switch plan.offTape {
        case .fail, .stub: nil
        case .echo:
            open.first { echo.explains(asked: identity, recorded: $0.identity) }?.ordinal
        case .nearest:
            open.first { World.sameShape(identity, $0.identity) }?.ordinal
        }
    }

    /// Same model, same number of messages, same roles.
    private static func sameShape(_ left: RequestIdentity, _ right: RequestIdentity) -> Bool {
        shape(of: left) == shape(of: right)
    }

    private static func shape(of identity: RequestIdentity) -> [JSONValue] {
        let roles = identity.components.filter { $0.value["role"] != nil }
        // A list that holds roles is one of messages, also where some have none.
        let counts = Set(
            roles.compactMap { $0.path.split(separator: "[").first.map { "\($0).length" } })
        return identity.components.compactMap { component in
            if component.path == "$.model" || counts.contains(component.path) {
                return component.value
            }
            return component.value["role"].map { .array([.string(component.path), $0]) }
        }
    }

    private func stub(for record: ExchangeRecord) -> Stub? {
        let body = String(decoding: record.request.body, as: UTF8.self)
        return plan.stubs.first { stub in
            (stub.upstream == nil || stub.upstream == record.upstream)
                && stub.route.map {
                    RoutePattern($0).matches(
                        method: record.request.method, path: record.request.path)
                } ?? true
                && stub.contains.map { body.contains($0) } ?? true
        }
    }

    private mutating func deliver(_ stub: Stub, _ record: inout ExchangeRecord) -> Flight {
        let delivery = Delivery(
            status: stub.status, headers: [HeaderField("content-type", stub.contentType)],
            body: Array(stub.body.utf8))
        let prepared = PreparedDelivery(
            delivery, of: record.request,
            wire: WireProtocols.of(
                record.request, upstream: tape.manifest.upstream(record.upstream)))
        record.source = .stub
        record.show(prepared)
        return flight(of: prepared)
    }
}

extension ExchangeRecord {
    /// Notes which recorded call it is taken for.
    mutating func stand(for row: TapeEntry, attempt: Int, _ source: AnswerSource) {
        self.source = source
        ordinal = row.ordinal
        fingerprint = row.fingerprint
        take = row.take
        self.attempt = attempt
    }

    /// Notes what is delivered.
    mutating func show(_ prepared: PreparedDelivery) {
        status = prepared.status
        headers = prepared.headers
        body = prepared.body
        wire = prepared.wire
        steps = prepared.records
        delivery = prepared.digest
        ending = prepared.ending
        answer = prepared.answer
    }
}
