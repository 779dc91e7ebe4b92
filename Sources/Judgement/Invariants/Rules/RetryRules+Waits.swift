internal import Determinism
internal import Simulation

extension RetryRules {
    struct RetryAfterHonoured: InvariantRule {
        let tolerance: SimDuration
        let upstream: String?

        var id: String { RetryRules.named("retry_after_honoured", upstream) }

        func check(_ conduct: Conduct) -> Finding {
            let timeline = WireTimeline(conduct)
            var honoured: [ExchangeID] = []
            var (unread, untimed) = (0, 0)
            var found: [Finding] = []
            for chain in AttemptChain.all(timeline, upstream: upstream) {
                for (place, next) in zip(chain.places, chain.places.dropFirst()) {
                    let (refused, again) = (timeline.exchanges[place], timeline.exchanges[next])
                    let hint = RetryHint(refused)
                    if let broken = broken(refused, again, hint, conduct) {
                        found.append(broken)
                    } else if hint.delay != nil {
                        if conduct.trace.clock == .real { untimed += 1 }
                        if honoured.count < ToolRules.witnessesMax {
                            honoured += [refused.id, again.id]
                        }
                    } else if refused.status.map(RetryHint.statuses.contains) == true {
                        unread += 1
                    }
                }
            }
            if let earliest = Finding.earliest(found) { return earliest }
            guard untimed == 0 else {
                return .unjudged(
                    "the waits before \(Wording.count(untimed, "request")) on a real clock are not "
                        + "known")
            }
            let note =
                unread == 0 ? "" : "; \(unread) retries came after no time to wait that is known"
            return .holds(
                "no request was asked again too early" + note,
                witnesses: Array(honoured.prefix(ToolRules.witnessesMax)))
        }

        private func broken(
            _ refused: ExchangeRecord, _ again: ExchangeRecord, _ hint: RetryHint,
            _ conduct: Conduct
        ) -> Finding? {
            if let refusal = hint.refusal {
                return .brokenByRequest(
                    "\(again.shown) was asked again, though the answer before said \(refusal)",
                    witnesses: [refused.id, again.id])
            }
            guard conduct.trace.clock == .virtual, let delay = hint.delay else { return nil }
            let waited = refused.headAt.duration(to: again.arrivedAt)
            guard waited + tolerance < delay else { return nil }
            return .brokenByRequest(
                "\(again.shown) was asked again after \(Milliseconds.text(waited)), but "
                    + "\(hint.source) said \(Milliseconds.text(delay))",
                witnesses: [refused.id, again.id])
        }
    }

    struct BackoffGrows: InvariantRule {
        let cap: SimDuration?
        let skipped: Int
        let jitter: Ratio
        let upstream: String?

        var id: String { RetryRules.named("backoff_grows", upstream) }

        func check(_ conduct: Conduct) -> Finding {
            if let finding = conduct.clockIsReal { return finding }
            let timeline = WireTimeline(conduct)
            var seen: [ExchangeID] = []
            var found: [Finding] = []
            for chain in AttemptChain.all(timeline, upstream: upstream) {
                if let broken = broken(chain, timeline) { found.append(broken) }
                if chain.places.count > 2, seen.count < ToolRules.witnessesMax {
                    seen += chain.places.map { timeline.exchanges[$0].id }
                }
            }
            return .earliest(found)
                ?? .holds(
                    "no delay between attempts was shorter than one before it",
                    witnesses: Array(seen.prefix(ToolRules.witnessesMax)))
        }

        private func broken(_ chain: AttemptChain, _ timeline: WireTimeline) -> Finding? {
            var longest: (delay: SimDuration, place: Int)?
            var count = 0
            for (place, next) in zip(chain.places, chain.places.dropFirst()) {
                let (failed, again) = (timeline.exchanges[place], timeline.exchanges[next])
                // A server that says how long to wait sets the delay.
                guard let known = timeline.entries[place].knownAt, RetryHint(failed).delay == nil
                else { continue }
                count += 1
                guard count > skipped else { continue }
                let delay = max(.zero, known.duration(to: again.arrivedAt))
                if delay == .zero, jitter < .always {
                    return .brokenByRequest(
                        "\(again.shown) was asked again without any delay",
                        witnesses: [failed.id, again.id])
                }
                if let longest, delay < least(after: longest.delay) {
                    return .brokenByRequest(
                        "\(again.shown) was asked again after \(Milliseconds.text(delay)), though "
                            + "the delay before was \(Milliseconds.text(longest.delay))",
                        witnesses: [timeline.exchanges[longest.place].id, failed.id, again.id])
                }
                if longest.map({ $0.delay < delay }) ?? true { longest = (delay, place) }
            }
            return nil
        }

        /// The shortest delay that jitter explains: each delay is what it should be, or shorter by
        /// at most this share.
        private func least(after longest: SimDuration) -> SimDuration {
            let base = cap.map { min($0, longest) } ?? longest
            let (part, whole) = (
                Int64(jitter.denominator - jitter.numerator), Int64(jitter.denominator)
            )
            let nanoseconds = base.nanoseconds
            return SimDuration(
                nanoseconds: nanoseconds / whole * part + nanoseconds % whole * part / whole)
        }
    }
}
