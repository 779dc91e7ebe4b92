/// The value of a part at one moment, and the moment at which it was known.
///
/// It is known when nothing that may still happen can change it; the number of moments stands for
/// the end of the run. What is given may be later than the true moment, never earlier.
struct Outcome: Hashable {
    var value: Bool
    var known: Int

    static prefix func ! (outcome: Outcome) -> Outcome {
        Outcome(value: !outcome.value, known: outcome.known)
    }

    func or(_ other: Outcome) -> Outcome {
        switch (value, other.value) {
        case (true, true): Outcome(value: true, known: min(known, other.known))
        case (true, false): self
        case (false, true): other
        case (false, false): Outcome(value: false, known: max(known, other.known))
        }
    }

    func and(_ other: Outcome) -> Outcome { !(!self).or(!other) }
}

/// The outcomes of a part over a run.
struct Track {
    /// At each moment; the last one, after all moments, is that of the empty rest.
    var at: [Outcome]
    /// Just after each moment, where that differs from the next moment: windows open there.
    var after: [Outcome]?

    /// Just after a moment.
    func justAfter(_ moment: Int) -> Outcome { after?[moment] ?? at[moment + 1] }
}
