internal import Cassette
internal import Determinism
internal import Simulation

extension RecoveryRules {
    struct RecoversWithin: InvariantRule {
        let limit: SimDuration?
        let calls: Int?

        var id: String {
            let limits = [limit.map(Milliseconds.text), calls.map { "\($0) calls" }]
            return "recovers_within " + limits.compactMap(\.self).joined(separator: ", ")
        }

        func check(_ conduct: Conduct) -> Finding {
            guard let fired = conduct.fired.last else { return .unjudged("no fault fired") }
            let timeline = WireTimeline(conduct)
            let later = timeline.exchanges.indices.filter { place in
                let exchange = timeline.exchanges[place]
                return exchange.id >= fired.exchange
                    && exchange.upstream == conduct.record(of: fired.exchange)?.upstream
            }
            guard let hit = later.first else { return .unjudged("no fault fired") }
            let name = timeline.exchanges[hit].upstream
            let good = later.enumerated().first { timeline.exchanges[$0.element].isAnsweredWhole }
            let count = good?.offset ?? later.count - 1
            if let calls, count > calls || good == nil && count == calls {
                let last = timeline.exchanges[later[calls]]
                return Finding(
                    passed: false,
                    message: "\(name) gave no whole answer to \(requests(calls)) after the last "
                        + "fault", witnesses: [fired.exchange, last.id],
                    position: .delivery(last.id))
            }
            guard let good else {
                return .brokenAtEnd(
                    "\(name) gave no whole answer after the last fault",
                    witnesses: [fired.exchange])
            }
            return slow(timeline, hit, good.element, conduct)
                ?? .holds(
                    "\(name) gave a whole answer after \(requests(count))",
                    witnesses: [fired.exchange, timeline.exchanges[good.element].id])
        }

        private func requests(_ count: Int) -> String {
            count == 1 ? "1 further request" : "\(count) further requests"
        }

        /// What is wrong with the time it took; nil for nothing.
        private func slow(
            _ timeline: WireTimeline, _ hit: Int, _ good: Int, _ conduct: Conduct
        ) -> Finding? {
            guard let limit, good != hit else { return nil }
            if let finding = conduct.clockIsReal { return finding }
            guard let failed = timeline.entries[hit].knownAt,
                let whole = timeline.entries[good].knownAt
            else { return nil }
            let taken = failed.duration(to: whole)
            guard taken > limit else { return nil }
            let (first, last) = (timeline.exchanges[hit].id, timeline.exchanges[good].id)
            return Finding(
                passed: false,
                message: "the whole answer after the last fault came after "
                    + "\(Milliseconds.text(taken)), at most \(Milliseconds.text(limit)) allowed",
                witnesses: [first, last], position: .delivery(last))
        }
    }

    struct CompletesAfterFaults: InvariantRule {
        var id: String { "completes_after_faults" }

        func check(_ conduct: Conduct) -> Finding {
            guard !conduct.fired.isEmpty else { return .unjudged("no fault fired") }
            let witnesses = RecoveryRules.hit(conduct)
            if let failure = RecoveryRules.failure(conduct) {
                return .brokenAtEnd("after faults \(failure)", witnesses: witnesses)
            }
            guard conduct.trace.asked.isEmpty, RecoveryRules.isBlank(conduct.trace.standardOutput)
            else {
                return .holds("the agent came through the faults", witnesses: witnesses)
            }
            return .brokenAtEnd("after faults the agent said nothing", witnesses: witnesses)
        }
    }

    /// The exchanges that faults changed, each once.
    static func hit(_ conduct: Conduct) -> [ExchangeID] {
        var ids: [ExchangeID] = []
        for fired in conduct.fired where ids.last != fired.exchange { ids.append(fired.exchange) }
        return Array(ids.prefix(ToolRules.witnessesMax))
    }

    /// Why the run did not end well; nil when it did.
    static func failure(_ conduct: Conduct) -> String? {
        let trace = conduct.trace
        if let failed = trace.asked.first(where: { !$0.isFine }) {
            return "the agent \(AskedText.failure(failed))"
        }
        if let unmet = trace.unmet { return unmet }
        switch trace.end {
        case .exited(.code(0)), .dismissed: return nil
        default: return "the agent \(EndText.text(of: trace.end))"
        }
    }

    static func isBlank(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    /// What the user sees: the output, else what was written to standard error.
    static func userTexts(_ conduct: Conduct) -> [[UInt8]] {
        let isSilent = conduct.outputs.allSatisfy(isBlank)
        return isSilent ? [conduct.trace.standardError] : conduct.outputs
    }

    /// The requests that a fault hit, that got no whole answer, and for which nothing made up.
    static func undone(_ conduct: Conduct) -> [ExchangeRecord] {
        guard !conduct.fired.isEmpty else { return [] }
        let timeline = WireTimeline(conduct)
        var lastWhole: [String: ExchangeID] = [:]
        for exchange in timeline.exchanges where exchange.isAnsweredWhole {
            lastWhole[service(exchange)] = exchange.id
        }
        return RetryRules.failures(timeline).compactMap { chain -> ExchangeRecord? in
            guard let last = chain.places.last,
                chain.places.contains(where: { !timeline.exchanges[$0].fired.isEmpty })
            else { return nil }
            let exchange = timeline.exchanges[last]
            let isMadeUp = lastWhole[service(exchange)].map { $0 > exchange.id } ?? false
            return isMadeUp ? nil : exchange
        }
    }

    /// What can stand in for an answer: any model for a model, the same route for a tool.
    private static func service(_ exchange: ExchangeRecord) -> String {
        exchange.kind == .model ? "" : "\(exchange.upstream) \(Wording.route(exchange))"
    }
}
