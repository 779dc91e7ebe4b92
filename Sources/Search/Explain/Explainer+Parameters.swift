internal import Cassette
internal import Determinism
internal import Faults

/// Which values of each parameter matter.
extension Explainer {
    mutating func explainParameters(_ place: Int) throws {
        guard let kind = FaultCatalogue.named(plan.faults[place].fault) else { return }
        for spec in kind.parameters {
            guard let value = plan.faults[place].parameters.value(spec.name) else { continue }
            let probe = ParameterProbe(plan: plan, place: place, spec: spec, value: value)
            let found: ParameterMeaning?
            switch spec.domain {
            case .integer(let range):
                guard let number = value.intValue, range.contains(number) else { continue }
                let searched =
                    recordedPlaces(probe).map { range.clamped(to: $0) }
                    ?? spec.searched(range, from: number)
                found = try explain(
                    probe, number, searched.contains(number) ? searched : range)
            case .choice(let words): found = try explain(probe, words)
            case .text: found = try explainText(probe)
            }
            if let found { explanation?.parameters.append(found) }
        }
    }

    private mutating func explain(
        _ probe: ParameterProbe, _ own: Int64, _ range: ClosedRange<Int64>
    ) throws -> ParameterMeaning {
        let numbers = probe.samples(own, range, options)
        let answers = try answers(probe, numbers.map { .int($0) })
        var passing: [Int64] = []
        var failing: [Int64] = []
        for (number, fails) in zip(numbers, answers) {
            switch fails {
            case true?: failing.append(number)
            case false?: passing.append(number)
            case nil: break
            }
        }
        var below = try passing.filter { $0 < own }.max().map { pass in
            try oracle.farEdge(passing: pass, failing: own) { probe.plan(.int($0)) }
        }
        var above = try passing.filter { $0 > own }.min().map { pass in
            try oracle.farEdge(passing: pass, failing: own) { probe.plan(.int($0)) }
        }
        let least = range.lowerBound
        if own == least, above == least, let pass = passing.max(),
            let fail = failing.filter({ $0 > pass }).min()
        {
            // The least value means something else than the others, which have a threshold.
            below = try oracle.farEdge(passing: pass, failing: fail) { probe.plan(.int($0)) }
            above = nil
        }
        let effect: ParameterEffect
        switch (below, above) {
        case (nil, nil): effect = .any
        case (let low?, nil):
            let isApart = low > least && (own == least || failing.contains(least))
            effect = .atLeast(low, also: isApart ? least : nil)
        case (nil, let high?): effect = own == least && high == least ? .only : .atMost(high)
        case (let low?, let high?): effect = low == high ? .only : .within(low...high)
        }
        return ParameterMeaning(
            fault: probe.place, name: probe.spec.name, value: probe.value, effect: effect,
            deadline: (below ?? above).flatMap { deadline(near: $0, probe) },
            tried: passing.count + failing.count,
            elsewhere: failing.count { !effect.covers($0) })
    }

    private mutating func explain(
        _ probe: ParameterProbe, _ words: [String]
    ) throws -> ParameterMeaning {
        let others = words.filter { .string($0) != probe.value }
        let answers = try answers(probe, others.map { .string($0) })
        let failing = zip(others, answers).filter { $0.1 == true }.map(\.0)
        let passing = answers.count { $0 == false }
        let effect: ParameterEffect
        if passing == 0 {
            effect = .any
        } else if failing.isEmpty {
            effect = .only
        } else {
            effect = .oneOf(
                words.filter { .string($0) == probe.value || failing.contains($0) })
        }
        return ParameterMeaning(
            fault: probe.place, name: probe.spec.name, value: probe.value, effect: effect,
            tried: failing.count + passing)
    }

    private mutating func explainText(_ probe: ParameterProbe) throws -> ParameterMeaning? {
        guard let text = probe.value.stringValue else { return nil }
        let usual = probe.spec.usualMember?.value.stringValue
        var others: [String] = []
        for other in ["", "x", usual, String(text.reversed())].compactMap({ $0 })
        where other != text && !others.contains(other) {
            others.append(other)
        }
        let answers = try answers(probe, others.map { .string($0) })
        let passing = answers.count { $0 == false }
        let failing = zip(others, answers).filter { $0.1 == true }.map(\.0)
        return ParameterMeaning(
            fault: probe.place, name: probe.spec.name, value: probe.value,
            effect: passing == 0 ? .any : failing.isEmpty ? .only : .oneOf([text] + failing),
            tried: passing + failing.count)
    }

    /// Whether the plan fails with each value; nil where the fault cannot strike with it.
    private mutating func answers(
        _ probe: ParameterProbe, _ values: [JSONValue]
    ) throws -> [Bool?] {
        let plans = values.map { probe.plan($0) }
        var found: [Bool?] = []
        for (index, other) in plans.enumerated() {
            let seen = try oracle.ask(other) { Array(plans[(index + 1)...]) }
            if oracle.isFailure(seen) {
                found.append(true)
            } else {
                found.append(seen.fired.contains(probe.place) ? false : nil)
            }
        }
        return found
    }

    /// Where in the recorded answer a place can be; nil for other parameters, and without a tape.
    private func recordedPlaces(_ probe: ParameterProbe) -> ClosedRange<Int64>? {
        guard case .drawn(let range) = probe.spec.defaultValue, let tape,
            let ordinal = tape.ordinal(of: plan.faults[probe.place].anchor),
            let context = try? FaultContext(
                ordinal: ordinal, tape: tape, earlier: EarlierAnswers(tape))
        else { return nil }
        return range(Delivery(context.interaction), context)
    }

    /// The agent's deadline that explains a threshold of a time.
    ///
    /// A delay adds to what the recorded answer took anyway. So it is compared, exact to one
    /// millisecond, with the deadline less the recorded gap before the bytes that it holds back, or
    /// less the recorded time up to them.
    private func deadline(near number: Int64, _ probe: ParameterProbe) -> ObservedDeadline? {
        let threshold: SimDuration
        switch probe.spec.unitWord {
        case "ms": threshold = .milliseconds(number)
        case "seconds": threshold = .seconds(number)
        default: return nil
        }
        let ordinal = tape?.ordinal(of: plan.faults[probe.place].anchor)
        let (gaps, times) = recorded(ordinal)
        // Of a long run not every deadline is kept; most agents have the same one at all calls.
        let own = deadlines.filter { $0.anchor.ordinal == ordinal }
        var best: (distance: Int64, deadline: ObservedDeadline)?
        for deadline in own.isEmpty ? deadlines : own {
            let lengths = gaps.map { deadline.length - $0 }
            let instants = times.map { deadline.sinceRequest - $0 }
            for candidate in lengths + instants {
                let apart = (candidate - threshold).nanoseconds
                guard apart >= -1_000_000, apart <= 1_000_000 else { continue }
                let distance = apart < 0 ? -apart : apart
                if best.map({ distance < $0.distance }) ?? true { best = (distance, deadline) }
            }
        }
        return best?.deadline
    }

    /// The gaps between the recorded bytes of an answer, and the times at which they came.
    private func recorded(
        _ ordinal: Int?
    ) -> (gaps: [SimDuration], times: [SimDuration]) {
        guard let tape, let ordinal,
            let response = (try? tape.interaction(ordinal))?.response
        else { return ([.zero], [.zero]) }
        let times = [response.headAt] + response.chunks.map(\.at) + [response.endAt]
        var gaps: [SimDuration] = []
        for (before, time) in zip(times, times.dropFirst()) {
            let gap = time - before
            if !gaps.contains(gap), gaps.count < 64 { gaps.append(gap) }
        }
        return ([.zero] + gaps, [.zero] + times)
    }
}

extension ParameterEffect {
    /// Whether it says of a number beside the plan's own that it fails.
    fileprivate func covers(_ number: Int64) -> Bool {
        switch self {
        case .any: true
        case .atLeast(let low, let also): number >= low || number == also
        case .atMost(let high): number <= high
        case .within(let range): range.contains(number)
        case .only, .oneOf: false
        }
    }
}
