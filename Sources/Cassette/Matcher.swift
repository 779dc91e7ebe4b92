/// The recorded interaction that is due for a request, or why none is.
public enum Match: Hashable, Sendable {
    /// This interaction is due; `attempt` counts how often it was asked for, from 1.
    case due(ordinal: Int, attempt: Int)
    /// Everything was played, the last answer in altered form or to a former life of the agent: it is
    /// given again, clean.
    case reask(ordinal: Int, attempt: Int)
    /// Nothing is due; `played` recorded answers of an equal request were already given.
    case miss(played: Int)
}

/// Which take of each fingerprint is due: first in, first out; order-free across fingerprints.
public struct Matcher: Sendable {
    private struct TakeState: Sendable {
        var attempts = 0
        var inFlight = 0
        var consumed = false
        var altered = false
    }

    private let tape: Tape
    private var states: [TakeState]
    private var repeats = false

    /// Creates a matcher at the start of a tape.
    public init(_ tape: Tape) {
        self.tape = tape
        states = Array(repeating: TakeState(), count: tape.entries.count)
    }

    /// Finds what is due, and counts the attempt.
    ///
    /// Exact equality goes before equality up to volatile identifiers, so that ids which matter are
    /// told apart.
    public mutating func match(_ identity: RequestIdentity) -> Match {
        let group = group(of: identity)
        if let ordinal = due(in: group) { return begin(ordinal) }
        if let last = group.last, repeats || states[last - 1].altered { return reask(last) }
        return .miss(played: group.count)
    }

    /// Gives the last answer of an equal request again, for what may be asked any number of times.
    public mutating func again(_ identity: RequestIdentity) -> Match {
        guard let last = group(of: identity).last else { return .miss(played: 0) }
        return reask(last)
    }

    /// Takes an interaction that a policy chose instead of a match.
    public mutating func take(_ ordinal: Int) -> Match {
        begin(ordinal)
    }

    /// The attempt that comes next at an interaction that is neither consumed nor under way; else
    /// nil.
    public func nextAttempt(_ ordinal: Int) -> Int? {
        let state = states[ordinal - 1]
        return state.consumed || state.inFlight > 0 ? nil : state.attempts + 1
    }

    /// Counts an attempt that ended before the request could be sent.
    public mutating func countAttempt(_ ordinal: Int) {
        states[ordinal - 1].attempts += 1
    }

    /// Whether this interaction was already given whole.
    public func isConsumed(_ ordinal: Int) -> Bool {
        states[ordinal - 1].consumed
    }

    /// The delivery of an interaction is decided: it was consumed, or never will be.
    public mutating func delivered(_ ordinal: Int, consumed: Bool, altered: Bool) {
        states[ordinal - 1].inFlight = max(0, states[ordinal - 1].inFlight - 1)
        if consumed {
            states[ordinal - 1].consumed = true
            states[ordinal - 1].altered = altered
        }
    }

    /// The agent begins again: what it was given may be given once more.
    public mutating func beginAgain() {
        for index in states.indices where states[index].consumed { states[index].altered = true }
    }

    /// The agent is asked the same twice: whatever it is given may be given once more from now on.
    public mutating func allowRepeats() { repeats = true }

    /// The ordinals that were never given whole.
    public var unplayed: [Int] {
        states.indices.filter { !states[$0].consumed }.map { $0 + 1 }
    }

    /// The recorded interactions of an equal request, in their order.
    private func group(of identity: RequestIdentity) -> [Int] {
        let exact = tape.byExact[identity.exact] ?? []
        // Identifiers that the tape knows are told apart even when their answers are used up:
        // another order's answer must not stand in.
        return exact.isEmpty ? tape.byFingerprint[identity.fingerprint] ?? [] : exact
    }

    private func due(in group: [Int]) -> Int? {
        var open: Int?
        for ordinal in group where !states[ordinal - 1].consumed {
            if states[ordinal - 1].inFlight == 0 { return ordinal }
            open = open ?? ordinal
        }
        return open
    }

    private mutating func begin(_ ordinal: Int) -> Match {
        states[ordinal - 1].attempts += 1
        states[ordinal - 1].inFlight += 1
        return .due(ordinal: ordinal, attempt: states[ordinal - 1].attempts)
    }

    private mutating func reask(_ ordinal: Int) -> Match {
        states[ordinal - 1].attempts += 1
        return .reask(ordinal: ordinal, attempt: states[ordinal - 1].attempts)
    }
}
