public import Simulation
internal import Cassette

/// A verdict with what it rests on.
public struct Ruling: Hashable, Sendable {
    /// The verdict.
    public var verdict: Verdict
    /// Why, in one sentence; empty for a run that passed.
    public var reason: String

    /// Creates a ruling.
    public init(verdict: Verdict, reason: String) {
        self.verdict = verdict
        self.reason = reason
    }
}

/// Decides what a run amounts to.
///
/// The first that holds: invalid; nondeterministic; violated, hung or crashed, when what shows
/// it precedes the first assumed answer; off-tape; passed-assumed; passed. A failure that rests
/// on assumed answers is off-tape: the agent may be right and the assumption wrong.
///
/// Among failures, a broken invariant seen while the agent ran comes first, then hung and
/// crashed, then invariants about the end, which a hang or a crash breaks anyway.
public enum Judge {
    /// The verdict.
    public static func verdict(
        trace: Trace, results: [InvariantResult], nondeterministic: Bool
    ) -> Verdict {
        ruling(trace: trace, results: results, nondeterministic: nondeterministic).verdict
    }

    /// The verdict with its reason.
    public static func ruling(
        trace: Trace, results: [InvariantResult], nondeterministic: Bool
    ) -> Ruling {
        if trace.end == nil {
            return Ruling(verdict: .invalid, reason: "the run did not come to an end")
        }
        if nondeterministic {
            return Ruling(
                verdict: .nondeterministic, reason: "the same plan gave two different runs")
        }
        if let first = decisive(trace, results) { return first.ruling }
        if let offTape = offTape(trace) { return offTape }
        if let first = failures(trace, results).first {
            return Ruling(
                verdict: .offTape,
                reason: "\(first.ruling.verdict.rawValue), but after assumed answers: "
                    + first.ruling.reason)
        }
        if let assumed = trace.firstAssumed {
            return Ruling(
                verdict: .passedAssumed,
                reason: "answers from exchange \(assumed.number) on rest on an assumed one")
        }
        return Ruling(verdict: .passed, reason: "")
    }

    /// One thing that went wrong.
    struct Failure {
        var ruling: Ruling
        var position: WitnessPosition
        /// The identifier of the broken invariant; nil for an end of the run.
        var rule: String?
    }

    /// What decides a verdict that is a failure; nil when nothing went wrong before the first
    /// assumed answer.
    static func decisive(_ trace: Trace, _ results: [InvariantResult]) -> Failure? {
        failures(trace, results).first { precedesAssumption($0.position, trace) }
    }

    /// All that went wrong, in the order in which it decides.
    private static func failures(_ trace: Trace, _ results: [InvariantResult]) -> [Failure] {
        let broken = results.filter { !$0.passed }.map { result in
            Failure(
                ruling: Ruling(verdict: .violated, reason: "\(result.id): \(result.message)"),
                position: result.position ?? .end, rule: result.id)
        }
        var ends: [Failure] = []
        switch trace.end {
        case .stopped(.hung), .wallLimit:
            ends.append(atEnd(.hung, HangText.text(of: trace)))
        case .stopped(.limit(let text)):
            ends.append(atEnd(.violated, text))
        case .stopped(.exhausted(let text)):
            ends.append(atEnd(.crashed, "the agent \(text)"))
        default:
            if let crash = CrashSignature.reason(trace) { ends.append(atEnd(.crashed, crash)) }
        }
        return broken.filter { $0.position != .end } + ends
            + broken.filter { $0.position == .end }
    }

    private static func atEnd(_ verdict: Verdict, _ reason: String) -> Failure {
        Failure(ruling: Ruling(verdict: verdict, reason: reason), position: .end)
    }

    /// Whether what was seen there cannot be the work of an answer that nobody recorded.
    ///
    /// A missing answer counts as one: the end of a run that left the tape says nothing.
    private static func precedesAssumption(_ position: WitnessPosition, _ trace: Trace) -> Bool {
        let unrecorded = trace.exchanges.first { $0.source.isAssumed || $0.source == .miss }
        guard let unrecorded else { return true }
        return switch position {
        case .beginning: true
        case .request(let id): id <= unrecorded.id
        case .delivery(let id): id < unrecorded.id
        case .end: false
        }
    }

    private static func offTape(_ trace: Trace) -> Ruling? {
        let miss = trace.exchanges.first { $0.source == .miss }
        guard miss != nil || trace.end == .stopped(.offTape) else { return nil }
        let reason =
            miss?.miss?.lines.first ?? miss.map {
                "off-tape: \($0.upstream) was asked \(Wording.route($0)), which is not on the tape"
            } ?? "a request left the tape"
        return Ruling(verdict: .offTape, reason: reason)
    }
}
