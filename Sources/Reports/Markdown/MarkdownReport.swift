package import Determinism
internal import Faults
internal import Judgement

/// A storm or a run for a comment on a merge request or the summary of a step: what came of it,
/// which faults did it, and one section for each way to fail.
package enum MarkdownReport {
    /// GitHub drops a step's summary of more than 1 MiB as a whole.
    package static let bytesMax = 900 << 10
    /// A line that does a run again is not shortened, but left out when it is longer.
    static let reproduceBytesMax = 32 << 10

    /// A storm.
    package static func storm(
        _ storm: StormResult, bytesMax: Int = MarkdownReport.bytesMax
    ) -> [UInt8] {
        bytes(ReportInput(storm), bytesMax, saved: storm.savedFailures)
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, cassette: Digest? = nil,
        bytesMax: Int = MarkdownReport.bytesMax
    ) -> [UInt8] {
        bytes(ReportInput(run, scenario: scenario, cassette: cassette), bytesMax)
    }

    private static func bytes(
        _ input: ReportInput, _ bytesMax: Int, saved: [SavedFailure] = []
    ) -> [UInt8] {
        let tables = MarkdownFaults.tables(input.runs) + outcomes(saved)
        let head = (title(input) + verdicts(input) + tables).joined(separator: "\n")
        var text = head + "\n"
        let groups = FailureGroup.all(input.runs)
        // What is said of those that are left out needs room too.
        var room = bytesMax - text.utf8.count - 200
        var shown = 0
        for group in groups {
            let section = (shown == 0 ? ["", "### Failures"] : []) + section(group)
            let block = section.joined(separator: "\n") + "\n"
            room -= block.utf8.count
            guard room >= 0 else { break }
            text += block
            shown += 1
        }
        if shown < groups.count {
            text +=
                "\n…and \(groups.count - shown) more ways to fail; the JSON report has them all.\n"
        }
        return Array(text.utf8)
    }

    private static func title(_ input: ReportInput) -> [String] {
        var facts = ["Scenario \(MarkdownText.code(input.scenario, scalarsMax: 120))"]
        if let cassette = input.cassette {
            facts.append("cassette \(MarkdownText.code(String(cassette.hex.prefix(12))))")
        }
        if let grade = Grade.worst(input.runs.map(\.grade)) {
            facts.append("grade **\(grade.letter.rawValue)**")
        }
        facts.append(TimeText.short(input.virtualTime) + " virtual")
        facts.append("digest \(MarkdownText.code(String(input.digest.hex.prefix(12))))")
        return [
            "## \(input.mark) Stormtape: \(input.headline)", "", facts.joined(separator: " · "), "",
        ]
    }

    private static func verdicts(_ input: ReportInput) -> [String] {
        let rows = Verdict.allCases.compactMap { verdict -> String? in
            let count = input.runs.count { $0.verdict == verdict }
            return count == 0
                ? nil : "| \(VerdictText.mark(verdict)) \(verdict.rawValue) | \(count) |"
        }
        return ["| verdict | runs |", "|---|---:|"] + rows
    }

    /// How often saved failures fail again; they are no runs of the storm.
    private static func outcomes(_ saved: [SavedFailure]) -> [String] {
        guard !saved.isEmpty else { return [] }
        let rows = SavedFailure.outcomes(saved).map { "| \($0.outcome) | \($0.count) |" }
        return ["", "| saved failures | runs |", "|---|---:|"] + rows
    }

    private static func section(_ group: FailureGroup) -> [String] {
        let run = group.example
        let story = Story(group: group, style: TextStyle(width: 110))
        let told = (story.exchangeLines + story.endLines).map { BoundedText.head($0, 400) }
        return [
            "", "#### \(VerdictText.mark(run.verdict)) \(group.headline): \(group.runsText)", "",
        ] + run.reasonLines.prefix(20).map { "- \(MarkdownText.code($0))" }
            + ["", "<details><summary>What happened (\(run.label))</summary>", ""]
            + MarkdownText.fenced(told, "text") + ["", "</details>", ""] + reproduce(run)
    }

    private static func reproduce(_ run: RunSummary) -> [String] {
        guard run.reproduce.utf8.count <= reproduceBytesMax else {
            return ["The line that does it again is too long to be shown; the JSON report has it."]
        }
        return MarkdownText.fenced([SafeText.line(run.reproduce)], "sh")
    }
}

/// The faults of a storm as tables, one for each family.
enum MarkdownFaults {
    static func tables(_ runs: [RunSummary]) -> [String] {
        let tallies = FaultTally.all(runs)
        guard !tallies.isEmpty else { return [] }
        var lines = ["", "### Faults"]
        for family in FaultCatalogue.families {
            let names = Set(family.kinds.map(\.id))
            lines += table(family.title, tallies.filter { names.contains($0.fault) })
        }
        return lines + table("Others", tallies.filter { FaultCatalogue.named($0.fault) == nil })
    }

    private static func table(_ title: String, _ tallies: [FaultTally]) -> [String] {
        guard !tallies.isEmpty else { return [] }
        let rows = tallies.prefix(200).map { tally in
            "| \(MarkdownText.cell(tally.fault)) | \(tally.fired) | \(tally.runs) "
                + "| \(tally.broken) |"
        }
        return [
            "", "**\(title)**", "", "| fault | fired | runs | failed |", "|---|---:|---:|---:|",
        ]
            + rows
    }
}
