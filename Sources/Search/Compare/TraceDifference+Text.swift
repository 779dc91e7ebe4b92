internal import Determinism

extension TraceDifference {
    /// Where the two runs part, in sentences.
    public var words: [String] {
        guard let divergence else { return ["The two runs are the same."] }
        guard let parting else {
            return [
                "No row differs, but event \(divergence + 1) of the two runs is not the same, as "
                    + "where requests have other numbers."
            ]
        }
        let row = rows[parting]
        let before = parting == 1 ? "event" : "\(parting) events"
        let timed = rows[..<parting].contains { $0.relation == .timing }
        var lines: [String] = []
        if row.relation == .timing {
            lines.append("The runs differ in nothing but time, first in event \(parting + 1).")
        } else if parting > 0 {
            let same = parting == 1 ? "is" : "are"
            lines.append(
                timed
                    ? "The first \(before) of both \(same) the same, but for time."
                    : "The first \(before) \(same) the same.")
        }
        let (first, second) = (row.first ?? "nothing here", row.second ?? "nothing here")
        lines.append("\(parting > 0 ? "Then the" : "The") first run: \(first)")
        lines.append("\(parting > 0 ? "     the" : "The") second run: \(second)")
        for member in row.members where TraceDifference.isTold(member, row) {
            lines.append(
                "  \(EventWords.visible(member.name)): \(TraceDifference.value(member.first)) "
                    + "or \(TraceDifference.value(member.second))")
        }
        return lines
    }

    /// Where the two runs part, in part of a sentence; nil where they are the same.
    public var brief: String? {
        guard let divergence else { return nil }
        guard let parting else { return "event \(divergence + 1) is not the same" }
        let row = rows[parting]
        func told(_ event: String?) -> String { event.map { "\"\($0)\"" } ?? "no such event" }
        let place = "event \(parting + 1)"
        if row.first == row.second, let member = row.members.first {
            return "\(place), \(told(row.first)), differs in \(EventWords.visible(member.name))"
        }
        return "\(place) is \(told(row.first)) or \(told(row.second))"
    }

    /// Instants are told where nothing else differs.
    private static func isTold(_ member: Member, _ row: Row) -> Bool {
        guard row.relation == .changed else { return true }
        return !EventReading.instants.contains { member.name.hasSuffix($0) }
            && !member.name.hasSuffix("delivery")
    }

    private static func value(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let text = EventWords.visible(value.canonicalText())
        return text.count > 160 ? text.prefix(160) + "…" : text
    }

    /// The two runs in two columns of one line an event; stretches without a difference are folded.
    ///
    /// A row is marked `!` where the two differ, `~` where only their instants do, `<` and `>` where
    /// one run alone has the event.
    public func columns(
        width: Int = 100, context: Int = 3, rowsMax: Int = 80,
        first: String = "first run", second: String = "second run"
    ) -> [String] {
        let column = max(20, (width - 5) / 2)
        func line(_ left: String, _ mark: String, _ right: String) -> String {
            let text =
                "\(TraceDifference.fitted(left, column)) \(mark) "
                + TraceDifference.shortened(right, column)
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        var lines = [line(first, " ", second), String(repeating: "-", count: 2 * column + 3)]
        var (shown, told) = (0, 0)
        for part in parts(context: max(0, context)) {
            guard shown < rowsMax else { break }
            switch part {
            case .folded(let count):
                lines.append(count == 1 ? "    … 1 equal event" : "    … \(count) equal events")
            case .row(let row):
                shown += 1
                if row.relation != .same { told += 1 }
                lines.append(line(row.first ?? "", row.relation.mark, row.second ?? ""))
            }
        }
        let all = rows.count { $0.relation != .same }
        if told < all { lines.append("    … and \(all - told) more rows that differ") }
        return lines
    }

    private enum Part {
        case folded(Int)
        case row(Row)
    }

    private func parts(context: Int) -> [Part] {
        var near = [Bool](repeating: false, count: rows.count)
        for (place, row) in rows.enumerated() where row.relation != .same {
            for other in max(0, place - context)...min(rows.count - 1, place + context) {
                near[other] = true
            }
        }
        var parts: [Part] = []
        var folded = 0
        for (place, row) in rows.enumerated() {
            if near[place] {
                if folded > 0 { parts.append(.folded(folded)) }
                folded = 0
                parts.append(.row(row))
            } else {
                folded += 1
            }
        }
        if folded > 0 { parts.append(.folded(folded)) }
        return parts
    }

    private static func shortened(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(width - 1) + "…" : text
    }

    private static func fitted(_ text: String, _ width: Int) -> String {
        let text = shortened(text, width)
        return text + String(repeating: " ", count: width - text.count)
    }
}

extension TraceDifference.Relation {
    /// The sign between two columns.
    fileprivate var mark: String {
        switch self {
        case .same: " "
        case .timing: "~"
        case .changed: "!"
        case .first: "<"
        case .second: ">"
        }
    }
}
