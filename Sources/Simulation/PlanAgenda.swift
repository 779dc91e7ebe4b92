internal import Cassette
internal import Faults

/// The faults of a plan, by the recorded interaction that they apply to.
struct PlanAgenda: Sendable {
    private struct Due: Sendable {
        let ordinal: Int
        let attempt: Int?
        let index: Int
    }

    /// Sorted by ordinal, then in plan order: every answer asks, and a hash would cost more.
    private var due: [Due] = []
    /// What strikes before there is a connection; few plans have any.
    private var openings: [Int: OpeningFault] = [:]
    /// What only an answer over HTTP/2 can have, by its place in the plan.
    private(set) var http2Faults: [(index: Int, upstream: Upstream)] = []

    /// Resolves every anchor: by fingerprint and take, else by the upstream's recorded call.
    init(_ plan: Plan, tape: Tape) {
        for (index, planned) in plan.faults.enumerated() {
            let anchor = planned.anchor
            let ordinal =
                tape.ordinal(of: anchor.fingerprint, take: anchor.take)
                ?? tape.entries.first {
                    $0.upstream == anchor.upstream && $0.call == anchor.call
                }?.ordinal
            guard let ordinal else { continue }
            due.append(Due(ordinal: ordinal, attempt: anchor.attempt, index: index))
            guard let kind = FaultCatalogue.named(planned.fault),
                kind.needsHTTP2 || kind.opening != nil,
                let upstream = tape.manifest.upstream(tape.entry(ordinal).upstream)
            else { continue }
            if kind.needsHTTP2 { http2Faults.append((index, upstream)) }
            guard let opening = kind.opening, opening.step.isTaken(to: upstream)
            else { continue }
            openings[index] = opening
        }
        due.sort { ($0.ordinal, $0.index) < ($1.ordinal, $1.index) }
    }

    /// The steps on the way to a connection at which anything strikes.
    var openingSteps: Set<OpeningStep> { Set(openings.values.map(\.step)) }

    /// Whether anything strikes on the way to a connection.
    var hasOpenings: Bool { !openings.isEmpty }

    /// The first fault that strikes this step, or any, on the way to the connection for an attempt.
    func opening(
        ordinal: Int, attempt: Int, step: OpeningStep? = nil
    ) -> (index: Int, fault: OpeningFault)? {
        for index in faults(ordinal: ordinal, attempt: attempt) {
            guard let fault = openings[index], step == nil || fault.step == step else { continue }
            return (index, fault)
        }
        return nil
    }

    /// The indices into the plan of what applies here, in plan order.
    func faults(ordinal: Int, attempt: Int) -> [Int] {
        var start = 0
        var end = due.count
        while start < end {
            let middle = (start + end) / 2
            if due[middle].ordinal < ordinal { start = middle + 1 } else { end = middle }
        }
        var indices: [Int] = []
        while start < due.count, due[start].ordinal == ordinal {
            let fault = due[start]
            if fault.attempt == nil || fault.attempt == attempt { indices.append(fault.index) }
            start += 1
        }
        return indices
    }
}
