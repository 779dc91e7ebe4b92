internal import Determinism

/// Which saved failures are left to a storm, of those that a command runs one after the other.
///
/// Each is replayed once in a command: twice it would be counted twice, and two passes on the same
/// sources mend nothing.
struct ReplayChoice {
    /// A saved failure, as ledger and files name it.
    enum Name: Hashable, Sendable {
        case row(Int64)
        case file(String)
    }

    /// The cassettes of the command.
    private let cassettes: Set<Digest>
    private var done: Set<Name> = []
    /// The plans that failed in this command, as text.
    private var found: Set<String> = []

    init(cassettes: Set<Digest>) {
        self.cassettes = cassettes
    }

    /// Whether it is left to the storm on `cassette`: one of another recording is not, when that
    /// recording has a storm of its own.
    func leaves(_ name: Name, plan: String, of home: Digest, to cassette: Digest) -> Bool {
        (home == cassette || !cassettes.contains(home))
            && !done.contains(name) && !found.contains(plan)
    }

    /// It is run.
    mutating func take(_ name: Name) {
        done.insert(name)
    }

    /// A seed failed with a plan; a later storm need not run it again.
    mutating func note(failing plan: String) {
        found.insert(plan)
    }
}
