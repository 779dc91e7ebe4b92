internal import Cassette
internal import Determinism

extension TextRules {
    static let similarity = InvariantKind(
        "similarity", .output,
        summary: "The output is so much like this text, by its letters and words, not its meaning.",
        parameters: [
            InvariantParameter("expected", "text", "The text."),
            InvariantParameter("threshold", "share from 0 to 1", standard: "0.8", "The least."),
            InvariantParameter(
                "method", Likeness.Method.allCases.map(\.rawValue).joined(separator: ", "),
                standard: "trigrams",
                "Cosine of the runs of three characters, the share of common words (Jaccard), or "
                    + "one less the share of characters to be edited (Levenshtein)."),
        ],
        example: #"{"expected": "The refund of 20 EUR is on its way.", "threshold": 0.7}"#
    ) { (arguments) throws(InvariantError) in
        try arguments.allow(["expected", "threshold", "method"])
        let words = Likeness.Method.allCases.map(\.rawValue)
        let method = try arguments.optional("method").map { (word) throws(InvariantError) in
            try word.word(of: words)
        }
        return Similarity(
            expected: try arguments.required("expected").text(),
            threshold: try arguments.optional("threshold")?.share() ?? Ratio(4, 5) ?? .always,
            method: method.flatMap(Likeness.Method.init(rawValue:)) ?? .trigrams)
    }

    static let behaviorUnchanged = InvariantKind(
        "behavior_unchanged", .output,
        summary: "The agent does what it does without faults: it uses the same tools as often, in "
            + "any order, and says something similar.",
        parameters: [
            InvariantParameter(
                "similarity_threshold", "share from 0 to 1", standard: "0.75",
                "How alike the outputs are at least, by runs of three characters; 0 for any."),
            InvariantParameter(
                "tools", "true or false", standard: "true",
                "Whether tools are compared; uses that failed are not counted."),
            InvariantParameter(
                "baseline", "`auto` or text", standard: "auto",
                "A text to which the output is compared in place of the run without faults."),
        ],
        example: #"{"similarity_threshold": 0.75}"#
    ) { (arguments) throws(InvariantError) in
        let options = try arguments.options(["similarity_threshold", "tools", "baseline"])
        let baseline = try options.optional("baseline")?.text()
        return BehaviorUnchanged(
            threshold: try options.optional("similarity_threshold")?.share() ?? Ratio(3, 4)
                ?? .always,
            comparesTools: try options.optional("tools")?.flag() ?? true,
            baseline: baseline == "auto" ? nil : baseline)
    }

    struct Similarity: InvariantRule {
        let expected: String
        let threshold: Ratio
        let method: Likeness.Method

        var id: String {
            "similarity(\(OutputText.quoted(expected)), \(method.rawValue)) >= \(threshold)"
        }

        func check(_ conduct: Conduct) -> Finding {
            var least = 1000
            for output in conduct.outputTexts {
                least = min(least, Likeness.perMille(output, expected, method))
            }
            let seen = "the output is \(Likeness.percent(least)) like the expected text"
            return Likeness.reaches(least, threshold) ? .holds(seen) : .brokenAtEnd(seen)
        }
    }

    struct BehaviorUnchanged: InvariantRule {
        let threshold: Ratio
        let comparesTools: Bool
        let baseline: String?

        var id: String { "behavior_unchanged >= \(threshold)" }

        var comparesWithUndisturbed: Bool { true }

        func check(_ conduct: Conduct) -> Finding {
            let calm = conduct.undisturbed.map { Conduct($0) }
            guard calm != nil || baseline != nil else {
                return .unjudged("there is no run without faults to compare with")
            }
            if comparesTools, let calm, let broken = difference(conduct, calm) { return broken }
            let texts = baseline.map { [$0] } ?? calm?.outputTexts ?? []
            var least = 1000
            for (place, output) in conduct.outputTexts.enumerated() {
                let text = place < texts.count ? texts[place] : texts.last ?? ""
                least = min(least, Likeness.perMille(output, text, .trigrams))
            }
            let seen = "the output is \(Likeness.percent(least)) like that without faults"
            return Likeness.reaches(least, threshold) ? .holds(seen) : .brokenAtEnd(seen)
        }

        /// A use more than in the calm run is seen when it comes, one less at the end.
        private func difference(_ conduct: Conduct, _ calm: Conduct) -> Finding? {
            var left: [String: Int] = [:]
            let calmUses = calm.toolUses.filter { $0.outcome(calm) == .done }
            for use in calmUses { left[use.name, default: 0] += 1 }
            for use in conduct.toolUses where use.outcome(conduct) == .done {
                guard let count = left[use.name], count > 0 else {
                    return .brokenByRequest(
                        "\(OutputText.quoted(use.name)) was used more often than without faults",
                        witnesses: [use.exchange])
                }
                left[use.name] = count - 1
            }
            // In the order of use, so that the first that lacks is named.
            let missing = calmUses.first { left[$0.name, default: 0] > 0 }
            return missing.map {
                .brokenAtEnd(
                    "\(OutputText.quoted($0.name)) was used less often than without faults")
            }
        }
    }
}
