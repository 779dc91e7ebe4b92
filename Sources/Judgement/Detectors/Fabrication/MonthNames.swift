/// The names of months in English, German, French and Spanish, whole or cut to three letters.
enum MonthNames {
    static let lengthMax = 12

    private static let months: [[UInt8]: Int] = {
        let rows = [
            "january jan januar janvier enero", "february feb februar février fevrier febrero",
            "march mar märz maerz mars marzo", "april apr avril abril", "may mai mayo",
            "june jun juni juin junio", "july jul juli juillet julio",
            "august aug août aout agosto", "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre diciembre",
        ]
        var months: [[UInt8]: Int] = [:]
        for (place, row) in rows.enumerated() {
            for name in row.split(separator: " ") { months[Array(name.utf8)] = place + 1 }
        }
        return months
    }()

    /// The month of the word at a place, and the end of the word.
    static func read(_ bytes: [UInt8], at start: Int) -> (month: Int, end: Int)? {
        let end = bytes.runEnd(from: start, limit: lengthMax) { $0.isASCIILetter || $0 >= 0x80 }
        guard end - start >= 3, bytes.byte(end)?.isASCIIWord != true,
            let month = months[bytes[start..<end].lowered]
        else { return nil }
        return (month, end)
    }
}
