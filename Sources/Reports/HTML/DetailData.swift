internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// One run with all that the page shows of it; bodies stand in their own table.
struct DetailData {
    let run: DetailedRun

    private var summary: RunSummary { run.summary }
    private var detail: RunDetail { run.detail }

    /// No more than what the block takes as written, found without writing it.
    func leastBytes(_ limits: DetailLimits) -> Int {
        let exchanges = detail.exchanges.prefix(min(limits.exchanges, summary.exchanges.count))
        return exchanges.reduce(0) { sum, exchange in
            let head = exchange.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
            let steps = min(limits.steps, exchange.steps.count) * 12
            return sum + min(head, limits.textBytes / 2, TextTable.bytesMax) + steps
        } + min(limits.moments, detail.moments.count) * 12
    }

    func json(
        _ bodies: inout BodyTable, _ limits: DetailLimits, isShort: Bool
    ) -> JSONValue {
        DetailWriter(run: run, limits: limits).json(&bodies, isShort: isShort)
    }
}

/// Writes the block of one run within limits.
private struct DetailWriter {
    let run: DetailedRun
    let limits: DetailLimits

    private var summary: RunSummary { run.summary }
    private var detail: RunDetail { run.detail }
    private var repeats: Bool { summary.repeats }

    func json(_ bodies: inout BodyTable, isShort: Bool) -> JSONValue {
        var exchanges: [JSONValue] = []
        for (index, exchange) in summary.exchanges.prefix(limits.exchanges).enumerated() {
            let more = detail.exchanges.indices.contains(index) ? detail.exchanges[index] : nil
            exchanges.append(json(exchange, more?.id == exchange.id ? more : nil, &bodies))
        }
        let items = limits.items
        return .object([
            JSONMember("short", .bool(isShort)),
            JSONMember("digest", .string(detail.digest.hex)),
            JSONMember("same", .bool(run.isSame)),
            JSONMember("clock", .string(detail.clock.rawValue)),
            JSONMember("time", .int(summary.virtualTime.nanoseconds)),
            JSONMember("grade", text(GradeText.text(summary.grade))),
            JSONMember("ending", text(summary.ending)),
            JSONMember("reproduce", limits.line(summary.reproduce)),
            JSONMember("count", .int(Int64(summary.exchanges.count))),
            JSONMember("exchanges", .array(exchanges)),
            JSONMember("met", .array(summary.met.prefix(items).map(json))),
            JSONMember("unreached", .array(summary.unreached.prefix(items).map(json))),
            JSONMember("invariants", .array(limits.rules(summary.invariants).map(json))),
            JSONMember("moments", .array(detail.moments.prefix(limits.moments).map(json))),
            JSONMember("foreign", .array(summary.foreignAddresses.prefix(items).map { text($0) })),
            JSONMember("asked", .array(summary.asked.prefix(items).map { json($0, &bodies) })),
            JSONMember("out", output(summary.standardOutputTail, &bodies)),
            JSONMember(
                "err", repeats ? output(summary.standardErrorTail, &bodies) : .null),
        ])
    }

    private func text(_ text: String) -> JSONValue { limits.text(text) }

    private func output(_ bytes: [UInt8], _ bodies: inout BodyTable) -> JSONValue {
        bodies.place(bytes.isEmpty ? nil : BoundedBytes(bytes: bytes, total: bytes.count))
    }

    private func json(
        _ exchange: ExchangeSummary, _ more: ExchangeDetail?, _ bodies: inout BodyTable
    ) -> JSONValue {
        var members = [
            JSONMember("id", .int(Int64(exchange.id.number))),
            JSONMember("up", text(exchange.upstream)),
            JSONMember("route", text(exchange.route)),
            JSONMember("source", .string(exchange.source.rawValue)),
            JSONMember("status", exchange.status.map { .int(Int64($0)) } ?? .null),
            JSONMember("ending", .string(exchange.ending.rawValue)),
            JSONMember("take", .int(Int64(exchange.take))),
            JSONMember("attempt", .int(Int64(exchange.attempt))),
            JSONMember("cancelled", .bool(repeats && exchange.cancelled)),
            JSONMember("at", repeats ? .int(exchange.arrivedAt.nanoseconds) : .null),
            JSONMember("dur", .int(exchange.duration.nanoseconds)),
            JSONMember("bytes", .int(Int64(exchange.byteCount))),
            JSONMember("chunks", .int(Int64(exchange.chunkCount))),
            JSONMember("said", exchange.said.map { text($0) } ?? .null),
            JSONMember("miss", .array(exchange.miss.prefix(limits.items).map { text($0) })),
        ]
        if let more { members += self.members(more, &bodies) }
        return .object(members)
    }

    private func members(_ more: ExchangeDetail, _ bodies: inout BodyTable) -> [JSONMember] {
        let headersChanged = more.headers != more.recordedHeaders
        return [
            JSONMember("fp", .string(String(more.fingerprint.prefix(16)))),
            JSONMember("tape", more.ordinal.map { .int(Int64($0)) } ?? .null),
            JSONMember("req", bodies.place(more.request)),
            JSONMember("rec", bodies.place(more.recorded)),
            JSONMember("del", bodies.place(more.delivered)),
            JSONMember("recStatus", more.recordedStatus.map { .int(Int64($0)) } ?? .null),
            JSONMember("head", lines(more.headers)),
            JSONMember("recHead", headersChanged ? lines(more.recordedHeaders) : .null),
            JSONMember(
                "steps",
                .array(
                    more.steps.prefix(limits.steps).map {
                        [
                            .int($0.at.nanoseconds), text($0.kind), .int(Int64($0.byteCount)),
                        ]
                    })),
            JSONMember("stepCount", .int(Int64(more.stepCount))),
            JSONMember("sent", more.sentCount.map { .int(Int64($0)) } ?? .null),
        ]
    }

    private func lines(_ headers: [ExchangeDetail.HeaderLine]) -> JSONValue {
        text(headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
    }

    private func json(_ met: MetFault) -> JSONValue {
        var value = json(met.planned)
        value["exchange"] = .int(Int64(met.exchange.number))
        switch met.fate {
        case .fired: value["fate"] = "fired"
        case .unreached: value["fate"] = "unreached"
        case .masked(let by):
            value["fate"] = "masked"
            value["note"] = text("masked by \(by)")
        case .inapplicable(let reason):
            value["fate"] = "inapplicable"
            value["note"] = text(reason)
        }
        return value
    }

    private func json(_ planned: PlannedFault) -> JSONValue {
        let parameters = planned.parameters.members.map {
            "\($0.key): \($0.value.stringValue ?? $0.value.encodedText())"
        }
        let anchor = planned.anchor
        let attempt = anchor.attempt.map { ", attempt \($0)" } ?? ""
        return [
            "fault": text(planned.fault),
            "parameters": text(parameters.joined(separator: ", ")),
            "anchor": text("call \(anchor.call) of \(anchor.upstream)\(attempt)"),
        ]
    }

    private func json(_ result: InvariantResult) -> JSONValue {
        let moment: JSONValue =
            switch result.position {
            case .beginning: "at the beginning"
            case .request(let id): .string("by request \(id.number)")
            case .delivery(let id): .string("by the answer to \(id.number)")
            case .end: "at the end"
            case nil: .null
            }
        return [
            "id": text(result.id), "passed": .bool(result.passed),
            "judged": .bool(result.isJudged), "message": text(result.message),
            "witnesses": .array(
                result.witnesses.prefix(min(50, limits.items)).map { .int(Int64($0.number)) }),
            "seen": moment,
        ]
    }

    private func json(_ moment: RunMoment) -> JSONValue {
        [
            .int(moment.at.nanoseconds), .string(moment.kind.rawValue),
            moment.number.map { .int(Int64($0)) } ?? .null,
            moment.until.map { .int($0.nanoseconds) } ?? .null,
            moment.text.map { text($0) } ?? .null,
        ]
    }

    private func json(_ asked: AskedSummary, _ bodies: inout BodyTable) -> JSONValue {
        [
            "route": text(asked.route), "outcome": text(asked.outcome),
            "fine": .bool(asked.isFine), "body": output(asked.body, &bodies),
        ]
    }
}
