package import Judgement

/// How much of a run was under control.
package struct Grade: Hashable, Sendable {
    /// A, B, C or D; A is the best.
    package typealias Letter = GradeLetter

    /// The letter.
    package var letter: Letter
    /// What kept it from a better one.
    package var reasons: [String]

    package init(_ letter: Letter, reasons: [String] = []) {
        self.letter = letter
        self.reasons = reasons
    }

    /// The grade of many runs: the worst letter, with the reasons of all, each once.
    package static func worst(_ grades: [Grade]) -> Grade? {
        guard let letter = grades.map(\.letter).max() else { return nil }
        let reasons = grades.flatMap(\.reasons).reduce(into: [String]()) { kept, reason in
            if !kept.contains(reason) { kept.append(reason) }
        }
        return Grade(letter, reasons: reasons)
    }
}
