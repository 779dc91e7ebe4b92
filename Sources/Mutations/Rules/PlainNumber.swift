/// A number of a prompt in its parts, without binary fractions.
struct PlainNumber {
    let currency: Character?
    /// The digits before the point, without commas.
    let whole: String
    /// The digits behind the point; empty for an integer.
    let fraction: String
    let isGrouped: Bool
    /// What stands behind the digits: nothing, a percent sign or a currency sign.
    let suffix: String

    /// Reads `1000`, `1,000.50`, `$5`, `20%`, `5€`; nil for dates, times and the like.
    init?(_ clusters: ArraySlice<Character>) {
        var rest = clusters
        if let first = rest.first, first.isCurrencySymbol {
            currency = first
            rest = rest.dropFirst()
        } else {
            currency = nil
        }
        if let last = rest.last, last == "%" || last.isCurrencySymbol {
            suffix = String(last)
            rest = rest.dropLast()
        } else {
            suffix = ""
        }
        let halves = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 1 || halves.count == 2 else { return nil }
        let groups = halves[0].split(separator: ",", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ PlainNumber.areDigits($0) }),
            groups.count == 1
                || ((1...3).contains(groups[0].count)
                    && groups.dropFirst().allSatisfy { $0.count == 3 })
        else { return nil }
        whole = String(groups.joined())
        isGrouped = groups.count > 1
        if halves.count == 2 {
            guard PlainNumber.areDigits(halves[1]) else { return nil }
            fraction = String(halves[1])
        } else {
            fraction = ""
        }
    }

    /// The number with these signs between thousands and before the fraction.
    func written(groupedBy comma: String, point: String) -> String {
        let digits = Array(whole)
        var grouped = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { grouped += comma }
            grouped.append(digit)
        }
        let sign = currency.map { String($0) } ?? ""
        return sign + grouped + (fraction.isEmpty ? "" : point + fraction) + suffix
    }

    /// A power of ten with the digits that count; nil unless the number is an integer above 9.
    var scientific: String? {
        guard fraction.isEmpty, suffix.isEmpty, currency == nil, whole.count > 1,
            let first = whole.first, first != "0"
        else { return nil }
        var tail = whole.dropFirst()
        while tail.last == "0" { tail.removeLast() }
        return String(first) + (tail.isEmpty ? "" : "." + tail) + "e\(whole.count - 1)"
    }

    /// The number in English words; nil unless it is an integer below a million.
    var words: String? {
        guard fraction.isEmpty, suffix.isEmpty, currency == nil, let value = Int(whole),
            (0..<1_000_000).contains(value), whole == String(value)
        else { return nil }
        let (thousands, rest) = (value / 1000, value % 1000)
        guard thousands > 0 else { return PlainNumber.hundreds(value) }
        let head = PlainNumber.hundreds(thousands) + " thousand"
        return rest == 0 ? head : head + " " + PlainNumber.hundreds(rest)
    }

    /// The product with a factor of so many decimals, exact; nil when it is too large.
    func times(_ factor: Int, decimals: Int) -> String? {
        guard suffix.isEmpty, currency == nil, let value = Int(whole + fraction) else { return nil }
        let (product, overflows) = value.multipliedReportingOverflow(by: factor)
        guard !overflows else { return nil }
        let places = decimals + fraction.count
        let digits = Radix.padded(String(product), to: places + 1)
        var tail = digits.suffix(places)
        while tail.last == "0" { tail.removeLast() }
        return String(digits.dropLast(places)) + (tail.isEmpty ? "" : "." + tail)
    }

    private static func areDigits(_ part: ArraySlice<Character>) -> Bool {
        !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isWholeNumber }
    }

    private static func hundreds(_ value: Int) -> String {
        if value >= 100 {
            let head = name(value / 100) + " hundred"
            return value % 100 == 0 ? head : head + " " + hundreds(value % 100)
        }
        if value <= 20 || value % 10 == 0 { return name(value) }
        return name(value / 10 * 10) + "-" + name(value % 10)
    }

    private static func name(_ value: Int) -> String {
        WordTable.numberWords.other(for: String(value)) ?? String(value)
    }
}
