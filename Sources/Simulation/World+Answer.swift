internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

/// How a request is answered: from the tape, or by the policy for what is not on it.
extension World {
    mutating func answer(
        _ id: ExchangeID, _ upstreamName: String, _ request: RecordedRequest
    ) -> (record: ExchangeRecord, flight: Flight?) {
        let identity = tape.identity(of: request, upstream: upstreamName)
        let upstream =
            tape.manifest.upstream(upstreamName)
            ?? Upstream(name: upstreamName, kind: .tool, address: "")
        var record = ExchangeRecord(
            id: id, upstream: upstreamName, kind: upstream.kind, request: request,
            fingerprint: identity.fingerprint, arrivedAt: now)
        record.sideEffecting = upstream.isSideEffecting(
            method: request.method, path: request.path)
        record.idempotencyKey = request.headers.first("idempotency-key")
        switch matcher.match(identity) {
        case .due(let ordinal, let attempt):
            return deliver(ordinal, attempt, .recorded, record, upstream)
        case .reask(let ordinal, let attempt):
            return deliver(ordinal, attempt, .reask, record, upstream)
        case .miss(let played):
            return offTape(identity, played, record, upstream)
        }
    }

    private mutating func deliver(
        _ ordinal: Int, _ attempt: Int, _ source: AnswerSource, _ record: ExchangeRecord,
        _ upstream: Upstream
    ) -> (record: ExchangeRecord, flight: Flight?) {
        guard let entry = try? cache.entry(ordinal, tape: tape) else {
            // The file changed under us: the request is answered by nobody.
            return (record, nil)
        }
        var record = record
        let row = tape.entry(ordinal)
        record.source = source
        record.ordinal = ordinal
        record.fingerprint = row.fingerprint
        record.take = row.take
        record.attempt = attempt
        var prepared = entry.prepared
        var flight = Flight(exchange: record.id, delivery: prepared, startedAt: now)
        flight.ordinal = source == .reask ? nil : ordinal
        let due = source == .reask ? [] : agenda.faults(ordinal: ordinal, attempt: attempt)
        if !due.isEmpty {
            let context = FaultContext(
                interaction: entry.interaction, upstream: upstream, wire: entry.wire,
                earlier: earlier(than: ordinal))
            let composed = Composer.compose(
                entry.delivery, planned: due.map { plan.faults[$0] }, context: context)
            met.formUnion(due)
            record.faults = composed.fates.map {
                FaultRecord(planned: $0.planned, outcome: $0.fate)
            }
            if !record.fired.isEmpty {
                prepared = PreparedDelivery(
                    composed.delivery, wire: entry.wire, recorded: entry.prepared)
                echo.note(original: entry.prepared, altered: prepared)
                flight.delivery = prepared
                flight.altered = true
                flight.keepsTake = World.keepsTake(record.fired, composed.delivery)
            }
        }
        record.status = prepared.status
        record.steps = prepared.records
        record.delivery = prepared.digest
        record.ending = prepared.ending
        record.answer = prepared.answer
        return (record, flight)
    }

    /// A take that was refused, replaced by an error or cut is still due: the retry gets it.
    private static func keepsTake(_ fired: [PlannedFault], _ delivery: Delivery) -> Bool {
        if delivery.ending != .complete { return true }
        return fired.contains { fault in
            guard let kind = FaultCatalogue.named(fault.fault) else { return false }
            return kind.replaces && kind.layer <= .status
        }
    }

    /// The answer that a stale result repeats; looked for once a run, and only for a fault.
    private mutating func earlier(than ordinal: Int) -> Interaction? {
        let answers = earlierAnswers ?? EarlierAnswers(tape)
        earlierAnswers = answers
        return answers.ordinal(before: ordinal).flatMap { try? tape.interaction($0) }
    }

    // MARK: Off the tape

    private mutating func offTape(
        _ identity: RequestIdentity, _ played: Int, _ record: ExchangeRecord,
        _ upstream: Upstream
    ) -> (record: ExchangeRecord, flight: Flight?) {
        let candidates = nearest(identity)
        let chosen: Int? =
            switch plan.offTape {
            case .fail, .stub: nil
            case .echo:
                candidates.first { echo.explains(asked: identity, recorded: $0.identity) }?.ordinal
            case .nearest:
                candidates.first { World.sameShape(identity, $0.identity) }?.ordinal
            }
        if let chosen, case .due(let ordinal, let attempt) = matcher.take(chosen) {
            let source: AnswerSource = plan.offTape == .echo ? .echo : .nearest
            return deliver(ordinal, attempt, source, record, upstream)
        }
        if plan.offTape == .stub, let stub = stub(for: record) {
            return deliver(stub, record)
        }
        var record = record
        let matcher = matcher
        record.miss = try? NearestFinder(tape).report(
            identity, played: played, isPlayed: { matcher.isConsumed($0) })
        return (record, nil)
    }

    private func nearest(
        _ identity: RequestIdentity
    ) -> [(ordinal: Int, identity: RequestIdentity, equal: Int)] {
        guard plan.offTape == .echo || plan.offTape == .nearest else { return [] }
        let all =
            (try? NearestFinder(tape).candidates(
                for: identity, isPlayed: { matcher.isConsumed($0) })) ?? []
        return all.filter { !matcher.isConsumed($0.ordinal) }
    }

    /// Same model, same number of messages, same roles.
    private static func sameShape(_ left: RequestIdentity, _ right: RequestIdentity) -> Bool {
        func shape(_ identity: RequestIdentity) -> [JSONValue?] {
            identity.components.filter {
                $0.path == "$.model" || $0.path.hasSuffix(".length")
                    || $0.value["role"] != nil
            }.map { $0.value["role"] ?? $0.value }
        }
        return shape(left) == shape(right)
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

    private func deliver(
        _ stub: Stub, _ record: ExchangeRecord
    ) -> (record: ExchangeRecord, flight: Flight?) {
        var record = record
        let delivery = Delivery(
            status: stub.status, headers: [HeaderField("content-type", stub.contentType)],
            body: Array(stub.body.utf8))
        let prepared = PreparedDelivery(
            delivery, wire: WireProtocols.detect(record.request))
        record.source = .stub
        record.status = prepared.status
        record.steps = prepared.records
        record.delivery = prepared.digest
        record.ending = prepared.ending
        record.answer = prepared.answer
        return (record, Flight(exchange: record.id, delivery: prepared, startedAt: now))
    }
}
