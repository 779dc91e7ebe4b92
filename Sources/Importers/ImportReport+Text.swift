extension ImportReport {
    /// The counts for people: a line a provider and protocol, and the sum.
    package var countLines: [String] {
        let title = ["provider", "protocol", "interactions", "streamed", "events"]
        var rows = providers.map { row in
            [
                row.provider, row.wire, "\(row.interactions)", "\(row.streamed)", "\(row.events)",
            ]
        }
        let sum = providers.reduce(into: (streamed: 0, events: 0)) { sum, row in
            sum.streamed += row.streamed
            sum.events += row.events
        }
        rows.append(["total", "", "\(exchanges)", "\(sum.streamed)", "\(sum.events)"])
        return TextTable.lines([title] + rows, rightAlignedFrom: 2)
    }

    /// How much the sources kept, for people.
    package var fidelityLines: [String] {
        guard !fidelity.isEmpty else { return [] }
        let title =
            ["from", "source", "files", "exchanges"] + FidelityColumn.allCases.map(\.rawValue)
        let rows = fidelity.map { row in
            [row.group, row.source.rawValue, "\(row.files)", "\(row.exchanges)"]
                + FidelityColumn.allCases.map(row.cell)
        }
        return TextTable.lines([title] + rows)
    }

    /// What is not imported and what to know of the rest, a line each.
    package var complaintLines: [String] {
        warnings.map { "warning: \($0)" } + refusals.map { "refused: \($0)" }
    }
}

extension ImportReport.FidelityRow {
    /// The mark that all exchanges have, or the best one with how many have it.
    func cell(_ column: FidelityColumn) -> String {
        guard let best = FidelityMark.allCases.first(where: { count(column, $0) > 0 }) else {
            return "–"
        }
        let number = count(column, best)
        return number == exchanges ? best.rawValue : "\(best.rawValue) \(number)/\(exchanges)"
    }
}

/// Columns of text.
enum TextTable {
    private static let widthMax = 44

    /// The rows with columns as wide as what they hold.
    static func lines(_ rows: [[String]], rightAlignedFrom first: Int = .max) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? min(widthMax, $0[column].count) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let shown = text.count > widthMax ? "…" + text.suffix(widthMax - 1) : text
                let gap = String(repeating: " ", count: widths[column] - shown.count)
                return column >= first ? gap + shown : shown + gap
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
