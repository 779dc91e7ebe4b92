internal import Determinism
internal import Faults
internal import Judgement

/// A storm for people: one story for each distinct failure, then the tables.
package enum StormText {
    /// Further failures get one line each.
    static let storiesMax = 6
    private static let barWidth = 20

    package static func render(_ storm: StormResult, style: TextStyle) -> String {
        let groups = FailureGroup.all(storm.runs)
        var lines: [String] = []
        for group in groups.prefix(storiesMax) {
            lines += Story(group: group, style: style).lines + [""]
        }
        for group in groups.dropFirst(storiesMax) { lines += brief(group, style) }
        if groups.count > storiesMax { lines.append("") }
        lines += SavedFailureText.lines(storm.savedFailures, style)
        lines += faultTable(storm.runs, style) + totals(storm, groups, style)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func brief(_ group: FailureGroup, _ style: TextStyle) -> [String] {
        let run = group.example
        let seed = run.seed.map { "seed \($0)" } ?? "plan"
        let count = group.others.isEmpty ? "" : " and \(group.others.count) more"
        let line = SafeText.line("\(run.verdict.rawValue)  \(seed)\(count)  \(run.ruling.reason)")
        return [
            style.paint("✗ " + line.shortened(to: style.width - 2), .red),
            "  reproduce: " + SafeText.line(run.reproduce),
        ]
    }

    private static func faultTable(_ runs: [RunSummary], _ style: TextStyle) -> [String] {
        let tallies = FaultTally.all(runs)
        guard !tallies.isEmpty else { return [] }
        let width = max(5, tallies.map(\.fault.count).max() ?? 0)
        let title = "  " + "FAULT".fitted(to: width) + "  FIRED   RUNS  BROKE"
        let rows = tallies.map { tally in
            let numbers = [tally.fired, tally.runs, tally.broken]
                .map { String($0).rightAligned(to: 5) }.joined(separator: "  ")
            return "  " + SafeText.line(tally.fault).fitted(to: width) + "  " + numbers + "  "
                + bar(tally.broken, of: tally.runs, style)
        }
        return [style.paint(title, .dim)] + rows + [""]
    }

    /// The share of runs that broke; at least one cell when there was one.
    private static func bar(_ part: Int, of whole: Int, _ style: TextStyle) -> String {
        let filled = part == 0 ? 0 : max(1, part * barWidth / whole)
        return style.paint(String(repeating: "█", count: filled), .red)
            + style.paint(String(repeating: "░", count: barWidth - filled), .dim)
    }

    private static func totals(
        _ storm: StormResult, _ groups: [FailureGroup], _ style: TextStyle
    ) -> [String] {
        let count = storm.runs.count
        let noun = count == 1 ? "run" : "runs"
        let distinct = groups.count { $0.example.verdict.isFailure }
        let failures = distinct == 0 ? "" : " · \(distinct) distinct"
        let time = storm.runs.reduce(SimDuration.zero) { $0 + $1.virtualTime }
        func row(_ name: String, _ text: String) -> String {
            "  " + style.paint(name.fitted(to: 10), .dim) + text
        }
        var lines = [
            "  " + style.paint("\(count) \(noun)", .bold) + "   "
                + VerdictText.counts(storm.runs.map(\.verdict), style)
                + style.paint(failures, .dim),
            row("scenario", SafeText.line(storm.scenario)),
            row("cassette", storm.cassette.hex),
            row("time", TimeText.short(time) + " virtual"),
        ]
        if let judges = storm.judges { lines.append(row("judges", judges.hex)) }
        if count > 0, storm.runs.allSatisfy({ $0.fired.isEmpty }) {
            lines.append(
                row("note", style.paint("no fault fired: these runs show no storm", .yellow)))
        }
        if let note = OpenVerdicts.note(of: storm.runs) {
            lines.append(row("note", style.paint(note, .yellow)))
        }
        let card = storm.scoreCard
        if let score = ScoreText.score(card) { lines.append(row("score", score)) }
        if let rate = ScoreText.passRate(card) { lines.append(row("pass rate", rate)) }
        for (index, line) in ScoreText.categories(card, width: style.width - 12).enumerated() {
            lines.append(row(index == 0 ? "families" : "", line))
        }
        if let grade = Grade.worst(storm.runs.map(\.grade)) {
            lines.append(row("grade", GradeText.text(grade)))
        }
        if !storm.nondeterministicSeeds.isEmpty {
            let seeds = storm.nondeterministicSeeds.map(\.description).joined(separator: ", ")
            lines.append(row("unstable", "two different runs for seed \(seeds)"))
        }
        lines.append(row("digest", style.paint(storm.digest.hex, .cyan)))
        return lines
    }
}
