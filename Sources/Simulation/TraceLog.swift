internal import Determinism

/// The global log of a run: what happened, each with its instant.
///
/// A run of many steps writes many entries, so they are kept as plain numbers; the few that hold a
/// text are kept beside them.
struct TraceLog: Hashable, Sendable, RandomAccessCollection {
    typealias Element = (at: SimInstant, event: TraceEvent)

    enum Kind: UInt8, Hashable, Sendable {
        case request
        case step
        case agentClosed
        case waits
        case woke
        case standardOutput
        case standardError
        /// The event with this index among those that hold more than numbers.
        case other
    }

    struct Row: Hashable, Sendable {
        let at: SimInstant
        let kind: Kind
        let number: Int
        let detail: Int64
    }

    private(set) var rows: [Row] = []
    private(set) var others: [TraceEvent] = []

    /// An empty log with room for about so many entries.
    init(room: Int = 0) {
        rows.reserveCapacity(room)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { rows.count }

    /// The instant of the last row.
    var lastInstant: SimInstant { rows.last?.at ?? .zero }

    subscript(position: Int) -> Element {
        let row = rows[position]
        return (row.at, event(row))
    }

    mutating func append(_ kind: Kind, _ number: Int, _ detail: Int64 = 0, at instant: SimInstant) {
        rows.append(Row(at: instant, kind: kind, number: number, detail: detail))
    }

    mutating func append(_ event: TraceEvent, at instant: SimInstant) {
        switch event {
        case .request(let id): append(.request, id.number, at: instant)
        case .step(let id, let index): append(.step, id.number, Int64(index), at: instant)
        case .agentClosed(let id): append(.agentClosed, id.number, at: instant)
        case .waits(let waiter, let until):
            append(.waits, waiter.number, until.nanoseconds, at: instant)
        case .woke(let waiter): append(.woke, waiter.number, at: instant)
        case .output(.standardOutput, let count): append(.standardOutput, count, at: instant)
        case .output(.standardError, let count): append(.standardError, count, at: instant)
        case .foreign, .inquiry, .programDied, .killed, .started, .ended:
            append(.other, others.count, at: instant)
            others.append(event)
        }
    }

    private func event(_ row: Row) -> TraceEvent {
        switch row.kind {
        case .request: .request(ExchangeID(row.number))
        case .step: .step(ExchangeID(row.number), index: Int(row.detail))
        case .agentClosed: .agentClosed(ExchangeID(row.number))
        case .waits:
            .waits(
                WaiterID(row.number), until: SimInstant(nanoseconds: row.detail))
        case .woke: .woke(WaiterID(row.number))
        case .standardOutput: .output(.standardOutput, byteCount: row.number)
        case .standardError: .output(.standardError, byteCount: row.number)
        case .other: others[row.number]
        }
    }
}
