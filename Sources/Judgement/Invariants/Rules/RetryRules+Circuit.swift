internal import Determinism
internal import Simulation

extension RetryRules {
    struct CircuitBreaker: InvariantRule {
        let failures: Int
        let pause: SimDuration
        let upstream: String?

        var id: String {
            RetryRules.named("circuit_breaker", upstream)
                + " \(failures) failures, \(Milliseconds.text(pause))"
        }

        /// What is known of one upstream while its story is told.
        private struct Circuit {
            var failed: [ExchangeID] = []
            var openUntil: SimInstant?
            var probe: ExchangeID?
        }

        /// Something happens: a request is asked, or what became of it is known.
        private struct Moment {
            let at: SimInstant
            let place: Int
            let isEnd: Bool
            let index: Int
        }

        func check(_ conduct: Conduct) -> Finding {
            if let finding = conduct.clockIsReal { return finding }
            let timeline = WireTimeline(conduct)
            var circuits: [String: Circuit] = [:]
            var opened: [ExchangeID] = []
            for moment in moments(timeline) {
                let exchange = timeline.exchanges[moment.index]
                var circuit = circuits[exchange.upstream] ?? Circuit()
                if moment.isEnd {
                    let wasOpen = circuit.openUntil != nil
                    end(exchange, at: moment.at, &circuit)
                    if !wasOpen, circuit.openUntil != nil { opened.append(exchange.id) }
                } else if let broken = ask(exchange, &circuit) {
                    return broken
                }
                circuits[exchange.upstream] = circuit
            }
            return .holds(
                opened.isEmpty
                    ? "no upstream failed \(Wording.times(failures)) in a row"
                    : "an upstream that failed \(Wording.times(failures)) in a row was left alone",
                witnesses: Array(opened.prefix(ToolRules.witnessesMax)))
        }

        private func moments(_ timeline: WireTimeline) -> [Moment] {
            var moments: [Moment] = []
            for (index, exchange) in timeline.exchanges.enumerated()
            where upstream == nil || upstream == exchange.upstream {
                let entry = timeline.entries[index]
                moments.append(
                    Moment(
                        at: exchange.arrivedAt, place: entry.askedPlace, isEnd: false, index: index)
                )
                guard let known = entry.knownAt else { continue }
                moments.append(
                    Moment(at: known, place: entry.knownPlace, isEnd: true, index: index))
            }
            return moments.sorted { left, right in
                let (mine, other) = (left.isEnd ? 1 : 0, right.isEnd ? 1 : 0)
                return (left.at, left.place, mine, left.index)
                    < (right.at, right.place, other, right.index)
            }
        }

        private func ask(_ exchange: ExchangeRecord, _ circuit: inout Circuit) -> Finding? {
            guard let until = circuit.openUntil else { return nil }
            let witnesses = Array(circuit.failed.suffix(ToolRules.witnessesMax)) + [exchange.id]
            if exchange.arrivedAt < until {
                let early = Milliseconds.text(exchange.arrivedAt.duration(to: until))
                return .brokenByRequest(
                    "\(exchange.shown) was asked \(early) before the pause after "
                        + "\(circuit.failed.count) failures in a row was over",
                    witnesses: witnesses)
            }
            if let probe = circuit.probe {
                return .brokenByRequest(
                    "\(exchange.shown) was asked while the probe (exchange \(probe.number)) after "
                        + "the pause had no answer yet", witnesses: witnesses)
            }
            circuit.probe = exchange.id
            return nil
        }

        private func end(
            _ exchange: ExchangeRecord, at instant: SimInstant, _ circuit: inout Circuit
        ) {
            guard exchange.isUpstreamFailure else {
                // One that was asked before the pause says nothing of what the probe will find.
                if circuit.openUntil == nil || circuit.probe == exchange.id { circuit = Circuit() }
                return
            }
            if circuit.openUntil != nil {
                guard circuit.probe == exchange.id else { return }
                circuit.probe = nil
                circuit.openUntil = instant.advanced(by: pause)
                circuit.failed.append(exchange.id)
                return
            }
            circuit.failed.append(exchange.id)
            if circuit.failed.count >= failures { circuit.openUntil = instant.advanced(by: pause) }
        }
    }
}
