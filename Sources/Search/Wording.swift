public import Faults
internal import Cassette

/// Numbers and tables in words.
enum Wording {
    /// A number with a comma between groups of three digits.
    static func number(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number with a noun.
    static func count(_ value: Int, _ noun: String) -> String {
        "\(number(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// Rows with columns of one width; numbers stand to the right.
    static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }
    }
}

extension PlannedFault {
    /// The fault and where it strikes, in words.
    public var placeText: String {
        let place = "\(fault) at call \(anchor.call) of \(anchor.upstream)"
        switch anchor.attempt {
        case nil: return place + ", every attempt"
        case 1: return place
        case let attempt?: return place + ", attempt \(attempt)"
        }
    }
}
