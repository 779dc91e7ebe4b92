internal import Faults
internal import Judgement

extension Certificate {
    /// What it comes to, in one line; an incomplete one says so first.
    public var headline: String {
        var parts = ["\(Wording.count(runs, "run"))", violations]
        func add(_ count: Int, _ word: String) {
            if count > 0 { parts.append("\(Wording.number(count)) \(word)") }
        }
        if let waitingText { parts.append(waitingText) }
        let combined = phases.filter(\.isCombination).map { tally($0) }
        add(combined.reduce(0) { $0 + $1.masked }, "masked")
        add(combined.reduce(0) { $0 + $1.unreachable }, "unreachable")
        add(combined.reduce(0) { $0 + $1.equivalent }, "equivalent")
        add(combined.reduce(inapplicable.count) { $0 + $1.inapplicable }, "inapplicable")
        for verdict in Certificate.doubtful { add(count(of: verdict), verdict.rawValue) }
        return "\(subject): " + parts.joined(separator: ", ")
    }

    /// `3 verdicts wait for a judge`; nil where none does.
    private var waitingText: String? {
        let count = waiting
        guard count > 0 else { return nil }
        return Wording.count(count, "verdict") + (count == 1 ? " waits" : " wait") + " for a judge"
    }

    /// Verdicts that are no failures, and with which a certificate is not green.
    private static let doubtful: [Verdict] = [
        .passedAssumed, .offTape, .nondeterministic, .invalid,
    ]

    private var violations: String {
        let failed = rows.count { $0.failure != nil }
        guard failed > 0 else { return "0 violations" }
        return Wording.count(failed, "violation")
            + " of \(Wording.count(failures.count, "kind"))"
    }

    private var subject: String {
        let what = coverage
        guard !isComplete else { return what }
        if let shard = identity.shard, !wasCutOff {
            return "shard \(shard.index) of \(shard.count), to be merged; \(what)"
        }
        let left = rows.count { $0.standing == .left }
        var missing = left > 0 ? "\(Wording.count(left, "plan")) not run" : "cut off"
        if !notBegun.isEmpty {
            missing += ", " + notBegun.map(\.rawValue).joined(separator: " and ") + " not begun"
        }
        return "incomplete (\(missing)); asked for \(what)"
    }

    /// What was asked for, in words.
    private var coverage: String {
        var combinations: [String] = []
        if identity.phases.contains(.singles) { combinations.append("all single faults") }
        if identity.phases.contains(.pairs) { combinations.append("all pairs") }
        if identity.phases.contains(.triples) { combinations.append("all triples") }
        let named: Set<ExplorationPhase> = [.saved, .calm, .singles, .pairs, .triples]
        let others = identity.phases.filter { !named.contains($0) }
        let extra = others.map(\.rawValue)
        guard !combinations.isEmpty else {
            return extra.isEmpty ? "the run without a fault" : extra.joined(separator: ", ")
        }
        let text =
            combinations.count > 1
            ? combinations.dropLast().joined(separator: ", ") + " and "
                + combinations[combinations.count - 1]
            : combinations[0]
        let plus = extra.isEmpty ? "" : ", with " + extra.joined(separator: ", ")
        return "\(text) of \(Wording.count(kinds, "kind")) at \(places)\(plus)"
    }

    /// How many kinds of fault were tried.
    private var kinds: Int {
        Set(sites.map(\.fault.fault)).union(inapplicable.map(\.fault)).count
    }

    private var places: String {
        let hit = Set(sites.prefix(firstSites).map(\.anchor.ordinal)).count
        return hit == calls && calls > 0
            ? "every call" : "\(Wording.number(hit)) of \(Wording.count(calls, "call"))"
    }

    /// The certificate in words: the headline, a table of the rungs, and what is to be known beside
    /// it.
    public var lines: [String] {
        var lines = [headline, ""]
        lines += Wording.table(
            [
                [
                    "rung", "combinations", "run", "covered", "masked", "unreachable",
                    "equivalent", "inapplicable", "left", "failed",
                ]
            ]
                + phases.map(cells))
        if let grade { lines.append("grade \(grade.rawValue), the worst of the runs") }
        lines += notBegun.map { "\($0.rawValue): not begun" }
        for verdict in Certificate.doubtful where count(of: verdict) > 0 {
            lines.append(
                "\(Wording.count(count(of: verdict), "run")) \(verdict.rawValue): not green")
        }
        if let waitingText { lines.append("\(waitingText): they count neither way") }
        for failure in failures {
            lines.append(
                "failed: \(failure.signature.text), \(Wording.count(failure.count, "run")), "
                    + "first \(failure.phase.rawValue) \(failure.number): \(failure.reason)")
        }
        return lines + reasons
    }

    /// A row of the table; a rung whose rows combine nothing has no coverage.
    private func cells(_ phase: ExplorationPhase) -> [String] {
        let tally = tally(phase)
        let coverage = [
            tally.covered, tally.masked, tally.unreachable, tally.equivalent, tally.inapplicable,
        ].map { phase.isCombination ? Wording.number($0) : "-" }
        return [phase.rawValue, Wording.number(tally.total), Wording.number(tally.runs)]
            + coverage + [Wording.number(tally.left), Wording.number(tally.failed)]
    }

    /// Why faults could not apply, each reason once.
    private var reasons: [String] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        func add(_ fault: String, _ reason: String) {
            let text = "inapplicable: \(fault): \(reason)"
            if counts[text] == nil { order.append(text) }
            counts[text, default: 0] += 1
        }
        for fault in inapplicable { add(fault.fault, fault.reason) }
        for row in rows where row.phase == .singles && row.standing == .inapplicable {
            if let site = row.sites.first { add(sites[site].fault.fault, row.reason) }
        }
        return order.map { "\($0) (\(Wording.count(counts[$0] ?? 0, "call")))" }
    }
}

extension ExplorationPhase {
    /// Whether its rows are combinations of single faults that cover something together.
    var isCombination: Bool {
        switch self {
        case .singles, .followUps, .pairs, .triples: true
        case .saved, .calm, .boundaries, .orders, .swarm, .liveness: false
        }
    }
}
