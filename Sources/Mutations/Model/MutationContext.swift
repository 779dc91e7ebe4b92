internal import Determinism

/// What an edit sees: the text, its draws and how much to change.
struct MutationContext {
    let text: PromptText
    let draws: MutationDraws
    let intensity: MutationIntensity
    let template: String?

    /// A replacement of a range of clusters.
    struct Replacement {
        let range: Range<Int>
        let text: String

        init(_ range: Range<Int>, _ text: String) {
            self.range = range
            self.text = text
        }
    }

    /// As many of the units as the intensity says, drawn by place, in their order.
    func chosen<Unit>(
        _ units: [Unit], orRefuse reason: String
    ) throws(MutationRefusal) -> [Unit] {
        guard !units.isEmpty else { throw MutationRefusal(reason) }
        let count = intensity.count(of: units.count)
        guard count < units.count else { return units }
        let ranks = units.indices.map { (draws.word(.position, at: $0), $0) }
            .sorted { $0 < $1 }
        return ranks.prefix(count).map(\.1).sorted().map { units[$0] }
    }

    /// One of the choices, drawn for a place.
    func one<Choice>(of choices: [Choice], at place: Int) -> Choice? {
        let index = draws.below(choices.count, .content, at: place)
        return choices.indices.contains(index) ? choices[index] : nil
    }

    /// The units where an edit is possible, as many as the intensity says, edited.
    func edited(
        _ candidates: [Replacement], orRefuse reason: String
    ) throws(MutationRefusal) -> Edited {
        applying(try chosen(candidates, orRefuse: reason))
    }

    /// The text with the replacements, which come in order; those that overlap are left out.
    func applying(_ replacements: [Replacement]) -> Edited {
        var result = Edited(text: "")
        var place = 0
        for replacement in replacements
        where replacement.range.lowerBound >= place
            && replacement.range.upperBound <= text.clusters.count
        {
            let original = text.string(replacement.range)
            guard !original.utf8.elementsEqual(replacement.text.utf8) else { continue }
            result.text += text.string(place..<replacement.range.lowerBound)
            result.text += replacement.text
            result.changes.append(
                MutationChange(
                    offset: replacement.range.lowerBound, original: original,
                    replacement: replacement.text))
            place = replacement.range.upperBound
        }
        result.text += text.string(place..<text.clusters.count)
        return result
    }

    /// The text with something before and behind it.
    func framed(_ before: String, _ after: String) -> Edited {
        var result = Edited(text: before + text.whole + after)
        if !before.isEmpty {
            result.changes.append(MutationChange(offset: 0, original: "", replacement: before))
        }
        if !after.isEmpty {
            result.changes.append(
                MutationChange(offset: text.clusters.count, original: "", replacement: after))
        }
        return result
    }

    /// Refuses a text that has nothing but white space.
    func demandText() throws(MutationRefusal) {
        guard text.clusters.contains(where: { !$0.isWhitespace }) else {
            throw MutationRefusal("the text is empty")
        }
    }
}
