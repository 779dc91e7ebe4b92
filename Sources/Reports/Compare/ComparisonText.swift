package import Determinism
internal import Judgement

/// A comparison for people.
package enum ComparisonText {
    package static func render(_ result: ComparisonResult, style: TextStyle) -> String {
        let comparison = result.comparison
        var lines = [
            "  A  " + SafeText.line(result.nameA), "  B  " + SafeText.line(result.nameB), "",
        ]
        lines += told("B lost", comparison.lost, style, .red) { result.runOfB($0) }
        lines += told("B gained", comparison.gained, style, .green) { result.runOfA($0) }
        lines += table(comparison, style)
        lines += comparison.measures.map { row($0.kind.rawValue, measure($0), style) }
        lines += rest(comparison, style)
        lines.append(row("digests", "A \(result.a.digest.hex), B \(result.b.digest.hex)", style))
        lines.append(row("result", conclusion(comparison), style))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ name: String, _ text: String, _ style: TextStyle) -> String {
        "  " + style.paint(name.fitted(to: 13), .dim) + text
    }

    /// The pairs that differ, each with the failing side's story in a line.
    private static func told(
        _ title: String, _ pairs: [ComparedPair], _ style: TextStyle, _ color: TextStyle.Paint,
        failing: (ComparedPair) -> RunSummary?
    ) -> [String] {
        guard !pairs.isEmpty else { return [] }
        let shown = pairs.prefix(ComparisonResult.toldMax)
        var lines = [style.paint("  \(title): \(pairs.count)", color)]
        for pair in shown {
            guard let run = failing(pair) else { continue }
            let seed = run.seed.map { "seed \($0)" } ?? "plan"
            let text = SafeText.line("\(seed)  \(run.verdict.rawValue)  \(run.ruling.reason)")
            lines.append("    " + text.shortened(to: max(40, style.width - 4)))
            lines.append("      reproduce: " + SafeText.line(run.reproduce))
        }
        if pairs.count > shown.count { lines.append("    and \(pairs.count - shown.count) more") }
        return lines + [""]
    }

    private static func table(_ comparison: PairedComparison, _ style: TextStyle) -> [String] {
        let table = comparison.table
        var lines = [
            row(
                "pairs",
                "\(table.total): \(table.both) pass with both, \(table.onlyA) with A only, "
                    + "\(table.onlyB) with B only, \(table.neither) with neither", style)
        ]
        if let difference = table.difference {
            let interval = table.interval.map { ", 95 % interval \($0.percentText())" } ?? ""
            lines.append(
                row(
                    "difference",
                    "B - A = \(difference.percentText(decimals: 1))\(interval), "
                        + "p = \(table.p.text(decimals: 4)) (exact McNemar)", style))
        }
        return lines
    }

    private static func measure(_ measure: PairedMeasure) -> String {
        let median =
            measure.kind == .virtualTime
            ? TimeText.short(
                SimDuration(
                    nanoseconds: Int64(measure.median.numerator)
                        / Int64(measure.median.denominator)))
            : measure.median.text(decimals: 1)
        return "median of B - A \(median); higher in \(measure.higher), lower in "
            + "\(measure.lower), equal in \(measure.equal) of the pairs that pass with both "
            + "(p = \(measure.p.text(decimals: 4)))"
    }

    private static func rest(_ comparison: PairedComparison, _ style: TextStyle) -> [String] {
        [
            ("without pair", comparison.onlyInA.count + comparison.onlyInB.count),
            ("not judged", comparison.unjudged.count), ("repeated", comparison.repeated),
        ].filter { $0.1 > 0 }.map { row($0.0, "\($0.1) runs", style) }
    }

    private static func conclusion(_ comparison: PairedComparison) -> String {
        switch comparison.conclusion {
        case .better: "B is better: it passes where A fails, beyond chance"
        case .worse: "B is worse: it fails where A passes, beyond chance"
        case .undecided where comparison.lost.isEmpty && comparison.gained.isEmpty:
            "no plan tells them apart"
        case .undecided:
            "chance may explain the sum; each plan above is a difference for certain"
        }
    }
}

/// A comparison for machines.
package enum ComparisonJSON {
    package static func json(_ result: ComparisonResult) -> JSONValue {
        let comparison = result.comparison
        let table = comparison.table
        return [
            "schema": .int(JSONReport.schemaVersion),
            "a": side(result.nameA, result.a), "b": side(result.nameB, result.b),
            "pairs": [
                "both": .int(Int64(table.both)), "only_a": .int(Int64(table.onlyA)),
                "only_b": .int(Int64(table.onlyB)), "neither": .int(Int64(table.neither)),
            ],
            "difference": table.difference.map { .string($0.text(decimals: 6)) } ?? .null,
            "interval_95": table.interval.map {
                .array([.string($0.lower.text(decimals: 6)), .string($0.upper.text(decimals: 6))])
            } ?? .null,
            "p": .string(table.p.text(decimals: 6)),
            "conclusion": .string(comparison.conclusion.rawValue),
            "lost": .array(comparison.lost.map { pair($0, result.runOfB($0)) }),
            "gained": .array(comparison.gained.map { pair($0, result.runOfA($0)) }),
            "measures": .array(comparison.measures.map(measure)),
            "only_in_a": .int(Int64(comparison.onlyInA.count)),
            "only_in_b": .int(Int64(comparison.onlyInB.count)),
            "unjudged": .int(Int64(comparison.unjudged.count)),
        ]
    }

    private static func side(_ name: String, _ storm: StormResult) -> JSONValue {
        var side: JSONValue = [
            "name": .string(name), "digest": .string(storm.digest.hex),
            "cassette": .string(storm.cassette.hex), "scenario": .string(storm.scenario),
            "score": ScoreText.json(storm.scoreCard),
        ]
        if let judges = storm.judges { side["judges"] = .string(judges.hex) }
        return side
    }

    private static func pair(_ pair: ComparedPair, _ failing: RunSummary?) -> JSONValue {
        [
            "seed": pair.run.seed.map { .number($0.description) } ?? .null,
            "category": .string(pair.a.strain.category),
            "weight": .int(Int64(pair.weight)),
            "verdict": failing.map { .string($0.verdict.rawValue) } ?? .null,
            "reason": failing.map { .string($0.ruling.reason) } ?? .null,
            "plan": failing.map { .string($0.plan) } ?? .null,
            "reproduce": failing.map { .string($0.reproduce) } ?? .null,
        ]
    }

    private static func measure(_ measure: PairedMeasure) -> JSONValue {
        [
            "kind": .string(measure.kind.rawValue),
            "median": .string(measure.median.text(decimals: 1)),
            "higher": .int(Int64(measure.higher)), "lower": .int(Int64(measure.lower)),
            "equal": .int(Int64(measure.equal)), "p": .string(measure.p.text(decimals: 6)),
        ]
    }
}
