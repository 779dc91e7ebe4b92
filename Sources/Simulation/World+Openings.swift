internal import Cassette
internal import Determinism
public import Faults

/// How the agent comes to a connection, which faults can keep it from.
///
/// Nobody knows yet which request it is for. It is taken for the first recorded call of the
/// upstream that was not given and is not under way. Where the agent keeps connections open, it is
/// made to open one by closing them.
extension World {
    /// A step that waits for leave to be taken.
    struct Asking: Sendable {
        var opener: Opener
        var step: OpeningStep
        var upstream: String
    }

    /// Answers the first of those that ask: threads before tunnels, each by their age; false when
    /// none does.
    mutating func answerNext(_ actions: inout ActionBuffer) -> Bool {
        guard !asking.isEmpty,
            let place = asking.indices.min(by: { asking[$0].opener < asking[$1].opener })
        else { return false }
        guard trace.exchanges.count < options.exchangesMax else {
            stop(.limit("more than \(options.exchangesMax) requests"), &actions)
            return true
        }
        let asked = asking.remove(at: place)
        actions.append(.answer(asked.opener, result(of: asked)))
        return true
    }

    private mutating func result(of asked: Asking) -> OpeningResult {
        guard let (ordinal, attempt) = nextCall(of: asked.upstream),
            let due = agenda.opening(ordinal: ordinal, attempt: attempt, step: asked.step),
            let entry = try? cache.entry(ordinal, tape: tape)
        else { return .open }
        matcher.countAttempt(ordinal)
        met.insert(due.index)
        let planned = self.planned(due.index, attempt: attempt)
        let row = tape.entry(ordinal)
        var record = ExchangeRecord(
            id: ExchangeID(trace.exchanges.count + 1), upstream: asked.upstream,
            kind: tape.manifest.upstream(asked.upstream)?.kind ?? .tool,
            request: entry.interaction.request, fingerprint: row.fingerprint, arrivedAt: now)
        record.stand(for: row, attempt: attempt, .recorded)
        record.faults = [FaultRecord(planned: planned, outcome: .fired)]
        record.ending = .unconnected
        trace.exchanges.append(record)
        trace.append(.request(record.id), at: now)
        return due.fault.result(planned.parameters)
    }

    private func nextCall(of upstream: String) -> (ordinal: Int, attempt: Int)? {
        for row in tape.entries where row.upstream == upstream {
            if let attempt = matcher.nextAttempt(row.ordinal) { return (row.ordinal, attempt) }
        }
        return nil
    }

    /// Makes the agent open a connection for its next call, where a fault strikes that.
    mutating func closeIdle(after id: ExchangeID, _ actions: inout ActionBuffer) {
        guard agenda.hasOpenings, !openingSteps.isEmpty, let place = places[id] else { return }
        let upstream = trace.exchanges[place].upstream
        guard let (ordinal, attempt) = nextCall(of: upstream),
            agenda.opening(ordinal: ordinal, attempt: attempt) != nil
        else { return }
        actions.append(.closeIdle(upstream: upstream, after: id))
    }

    /// The steps on the way to a connection before which the agent is to ask.
    public var openingSteps: Set<OpeningStep> {
        options.clock == .virtual ? agenda.openingSteps : []
    }
}
