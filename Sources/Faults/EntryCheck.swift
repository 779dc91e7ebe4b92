internal import Cassette
internal import Determinism

/// Checks one entry of a scenario against the catalogue and the upstreams of a cassette.
struct EntryCheck {
    let entry: FaultEntry
    let index: Int

    /// The kind of the entry's fault, after everything about the entry was checked.
    func kind(
        in catalogue: [FaultKind], upstreams: [Upstream]
    ) throws(ExpansionError) -> FaultKind {
        guard let kind = catalogue.first(where: { $0.id == entry.fault }) else {
            let question = Suggestion.question(for: entry.fault, in: catalogue.map(\.id))
            throw error(
                .unknownFault,
                "there is no fault '\(entry.fault)'"
                    + (question.map { "; \($0)" } ?? "; 'stormtape faults' lists them all"))
        }
        try checkTarget(of: kind, upstreams: upstreams)
        try checkCounts()
        for (name, setting) in entry.settings {
            guard let spec = kind.parameter(name) else {
                throw error(
                    .invalidParameter,
                    "\(kind.id) has no parameter '\(name)'; it has: "
                        + kind.parameters.map(\.name).joined(separator: ", "))
            }
            if let problem = spec.problem(with: setting, fault: kind.id) {
                throw error(.invalidParameter, problem)
            }
        }
        return kind
    }

    private func checkTarget(
        of kind: FaultKind, upstreams: [Upstream]
    ) throws(ExpansionError) {
        if let name = entry.selector.upstream {
            guard let upstream = upstreams.first(where: { $0.name == name }) else {
                let names = upstreams.map(\.name)
                throw error(
                    .unknownUpstream,
                    "\(kind.id) is aimed at the upstream '\(name)', which the cassette does not "
                        + "have; it has: " + names.joined(separator: ", "))
            }
            guard kind.target.accepts(upstream.kind) else {
                throw error(
                    .wrongTarget,
                    "\(kind.id) hits upstreams of kind \(kind.target.rawValue) only; "
                        + "'\(name)' is a \(upstream.kind.rawValue)")
            }
        }
        if let wanted = entry.selector.kind, !kind.target.accepts(wanted) {
            throw error(
                .wrongTarget,
                "\(kind.id) hits upstreams of kind \(kind.target.rawValue) only; "
                    + "it is aimed at kind \(wanted.rawValue)")
        }
    }

    private func checkCounts() throws(ExpansionError) {
        let selector = entry.selector
        let counts: [(String, Int?, ClosedRange<Int>)] = [
            ("call", selector.call, 1...Int.max),
            ("attempt", selector.attempt, 1...Selector.attemptMax),
            ("every", selector.every, 1...Int.max),
            ("first", selector.first, 1...Int.max),
            ("after", selector.after, 0...Int.max),
            ("times", entry.times, 1...Selector.timesMax),
        ]
        for (name, value, range) in counts {
            guard let value, !range.contains(value) else { continue }
            throw error(
                .invalidCount,
                "'\(name)' must be at least \(range.lowerBound)"
                    + (range.upperBound == .max ? "" : " and at most \(range.upperBound)")
                    + ", was \(value)")
        }
        if entry.times == nil, selector.attempt != 1 {
            throw error(
                .invalidCount,
                "every attempt is hit without 'times', so 'attempt' must be 1, "
                    + "was \(selector.attempt); give 'times' as a number")
        }
    }

    private func error(_ code: ExpansionError.Code, _ message: String) -> ExpansionError {
        ExpansionError(code: code, entry: index, message: message)
    }
}

extension Selector {
    /// The highest first attempt; with `timesMax` it stays inside the key of draws.
    public static let attemptMax = 10_000
    /// The most consecutive attempts.
    public static let timesMax = 10_000
}
