internal import Determinism

/// A trend for people: a row for each commit, the line of pass shares, and what changed.
package enum TrendText {
    /// So many flakes, regressions and mends are named.
    static let namedMax = 8
    private static let bars = Array("▁▂▃▄▅▆▇█")

    package static func render(_ trend: Trend, color: Bool = false) -> String {
        guard !trend.points.isEmpty else { return "no storms yet\n" }
        var lines = [paint(row(heads), "2", color)]
        lines += trend.points.map { row(cells($0)) }
        lines += [""] + line(trend)
        if trend.openCount + trend.mendedCount > 0 {
            lines.append(
                "  saved failures  \(trend.openCount) open · \(trend.mendedCount) mended")
        }
        lines += flakes(trend, color) + regressions(trend, color) + mends(trend, color)
        return lines.joined(separator: "\n") + "\n"
    }

    /// The commit in short; `+` when files were changed, `?` when that is not known.
    static func name(_ revision: Revision?) -> String {
        guard let revision else { return "unknown" }
        let mark =
            switch revision.isDirty {
            case .none: "?"
            case .some(true): "+"
            case .some(false): ""
            }
        return visible(String(revision.commit.prefix(10))) + mark
    }

    /// Millionths as percent, one digit behind the point, cut and never rounded up to 100.
    static func percent(_ millionths: Int64?) -> String {
        guard let millionths else { return "–" }
        return "\(millionths / 10_000).\(millionths % 10_000 / 1_000)%"
    }

    // MARK: The table

    private static let heads = [
        "COMMIT", "STARTED", "STORMS", "RUNS", "PASS", "SCORE", "NEW", "REGRESSED", "MENDED",
        "FLAKY",
    ]
    private static let widths = [11, 20, 6, 6, 6, 6, 4, 9, 6, 5]

    private static func cells(_ point: Trend.Point) -> [String] {
        [
            name(point.revision), visible(point.startedAt), "\(point.storms)", "\(point.runs)",
            percent(point.passMillionths), percent(point.scoreMillionths),
            "\(point.newFailures.count)", "\(point.regressions.count)", "\(point.mends.count)",
            "\(point.flakes.count)",
        ]
    }

    private static func row(_ cells: [String]) -> String {
        let fitted = zip(cells, widths).enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index < 2 ? cell.0 + space : space + cell.0
        }
        return "  " + fitted.joined(separator: "  ")
    }

    // MARK: The line

    private static func line(_ trend: Trend) -> [String] {
        let shares = trend.points.map(\.passMillionths)
        let known = shares.compactMap { $0 }
        guard let lowest = known.min(), let highest = known.max() else { return [] }
        let drawn = shares.map { share -> Character in
            guard let share else { return " " }
            guard highest > lowest else { return bars[bars.count - 1] }
            let step = (share - lowest) * Int64(bars.count - 1) / (highest - lowest)
            return bars[Int(step)]
        }
        let range =
            lowest == highest
            ? percent(lowest) : "from \(percent(lowest)) to \(percent(highest))"
        return ["  pass  \(String(drawn))  \(range)"]
    }

    // MARK: What changed

    private static func flakes(_ trend: Trend, _ color: Bool) -> [String] {
        let all = trend.points.flatMap { point in
            point.flakes.map { "\(name(point.revision))  \(text($0))" }
        }
        return section(
            "FLAKY: the same plan on the same commit gave two different runs", all, "33", color)
    }

    private static func regressions(_ trend: Trend, _ color: Bool) -> [String] {
        let all = trend.points.flatMap { point in
            point.regressions.map { change in
                "\(name(point.revision))  \(text(change.plan))  \(visible(change.signature))"
                    + "  (passed on \(name(change.since)))"
            }
        }
        return section("REGRESSED: passed on an earlier commit", all, "31", color)
    }

    private static func mends(_ trend: Trend, _ color: Bool) -> [String] {
        let all = trend.points.flatMap { point in
            point.mends.map { change in
                "\(name(point.revision))  \(text(change.plan))  \(visible(change.signature))"
                    + "  (failed on \(name(change.since)))"
            }
        }
        return section("MENDED: failed on an earlier commit", all, "32", color)
    }

    /// The latest ones, in the order of time.
    private static func section(
        _ title: String, _ lines: [String], _ code: String, _ color: Bool
    ) -> [String] {
        guard !lines.isEmpty else { return [] }
        let left = lines.count - namedMax
        let more = left > 0 ? ["    and \(left) before them"] : []
        return ["", "  " + paint(title, code, color)] + more
            + lines.suffix(namedMax).map { "    " + $0 }
    }

    private static func text(_ plan: Trend.Plan) -> String {
        let seed = plan.seed.map { "seed \($0)" } ?? "saved failure \(plan.plan.hex.prefix(8))"
        return "\(visible(plan.scenario)) \(seed)"
    }

    private static func paint(_ text: String, _ code: String, _ color: Bool) -> String {
        color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Names from files move no cursor.
    private static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
