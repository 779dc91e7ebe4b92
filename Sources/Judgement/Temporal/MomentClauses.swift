internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// Says what happened at a moment.
struct MomentClauses {
    private let conduct: Conduct

    init(_ conduct: Conduct) { self.conduct = conduct }

    /// Such as `POST /refund was called (exchange 4)`.
    func clause(_ index: Int) -> String {
        guard conduct.moments.indices.contains(index) else { return "the run ended" }
        let moment = conduct.moments[index]
        switch moment.event {
        case .request: return "\(subject(moment)) \(verb(moment)) \(place(moment))"
        case .answer: return "\(subject(moment)) \(outcome(moment)) \(place(moment))"
        case .fault(let id): return "the fault \(id) struck \(place(moment))"
        case .output(let lines):
            return "the agent wrote \"\(PlainText.clipped(lines.first ?? ""))\""
        case .exit: return "the run ended"
        }
    }

    private func exchange(_ moment: Moment) -> ExchangeRecord? {
        guard let place = moment.exchange, conduct.exchanges.indices.contains(place) else {
            return nil
        }
        return conduct.exchanges[place]
    }

    /// The tool, the route of a plain HTTP tool, or the name of the model's upstream.
    private func subject(_ moment: Moment) -> String {
        if let use = moment.uses.first { return PlainText.clipped(conduct.toolUses[use].name) }
        guard let exchange = exchange(moment) else { return "something" }
        return PlainText.clipped(
            exchange.kind == .model ? exchange.upstream : Wording.route(exchange))
    }

    private func verb(_ moment: Moment) -> String {
        let isModel = moment.uses.isEmpty && exchange(moment)?.kind == .model
        return isModel ? "was asked" : "was called"
    }

    private func outcome(_ moment: Moment) -> String {
        if moment.isTold {
            let isError = moment.uses.contains { conduct.toolUses[$0].isError }
            return isError ? "failed" : "gave a result"
        }
        guard let exchange = exchange(moment), let status = exchange.status else {
            return "did not answer"
        }
        let isWhole =
            exchange.ending == .complete && exchange.sentCount == exchange.steps.count
        return isWhole ? "answered \(status)" : "answered \(status), not whole"
    }

    private func place(_ moment: Moment) -> String {
        guard let exchange = exchange(moment) else { return "" }
        return moment.isTold
            ? "(told in exchange \(exchange.id.number))" : "(exchange \(exchange.id.number))"
    }
}
