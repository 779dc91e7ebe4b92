/// What one version of the agent says to a bisection.
public enum BisectAnswer: Hashable, Sendable {
    /// The plan passes.
    case good
    /// The plan fails with the signature that is looked for.
    case bad
    /// The version says nothing.
    case skipped(BisectSkip)
}

/// Why a version says nothing.
public struct BisectSkip: Hashable, Sendable {
    /// The kinds of reasons.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It could not be fetched or built.
        case build = "build failed"
        /// The agent could not be started.
        case start = "cannot start"
        /// The requests changed, so that the plan no longer meets what it was made for.
        case drift = "anchor drift"
        /// It fails, but in another way.
        case otherFailure = "another failure"
        /// The run did not take place.
        case invalid
    }

    /// The kind.
    public var kind: Kind
    /// The rest in words.
    public var reason: String

    /// Creates a reason.
    public init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// Both in one line.
    public var text: String {
        reason.isEmpty ? kind.rawValue : "\(kind.rawValue): \(reason)"
    }
}

extension BisectAnswer {
    /// The answer in one word.
    public var word: String {
        switch self {
        case .good: "good"
        case .bad: "bad"
        case .skipped: "skip"
        }
    }

    /// Why it says nothing; nil for the others.
    public var skip: BisectSkip? {
        if case .skipped(let skip) = self { skip } else { nil }
    }
}
