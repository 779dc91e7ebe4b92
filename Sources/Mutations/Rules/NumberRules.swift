/// Numbers and dates in other notations: the same ones, or ones that cannot be.
enum NumberRules {
    static let mutations = [
        Mutation(
            "A number is written otherwise, or in another unit.",
            [
                notation("numeric-format", "no number of four digits") { number in
                    guard number.whole.count > 3 else { return nil }
                    return number.written(groupedBy: number.isGrouped ? "" : ",", point: ".")
                },
                notation("numeric-european", "no number of four digits and none with a point") {
                    number in
                    guard number.whole.count > 3 || !number.fraction.isEmpty else { return nil }
                    return number.written(groupedBy: ".", point: ",")
                },
                notation("numeric-exponent", "no integer above 9") { $0.scientific },
                notation("numeric-words", "no integer below a million") { $0.words },
                MutationVariant(
                    "numeric-units", .metamorphic, keepsProtected: false, edit: units),
                notation("numeric-currency", "no amount with a currency sign") { number in
                    let plain = number.written(groupedBy: number.isGrouped ? "," : "", point: ".")
                    if let sign = number.currency, let code = currencies[sign] {
                        return String(plain.dropFirst()) + " " + code
                    }
                    guard let sign = number.suffix.first, currencies[sign] != nil else {
                        return nil
                    }
                    return String(sign) + plain.dropLast()
                },
            ]),
        Mutation(
            "A date is written otherwise, or becomes one that cannot be met.",
            [
                date("date-format") { "\($0.month)/\($0.day)/\($0.year)" },
                date("date-european") { "\($0.day).\($0.month).\($0.year)" },
                date("date-long") { "\($0.monthName) \(Int($0.day) ?? 1), \($0.year)" },
                MutationVariant("date-iso", .metamorphic, keepsProtected: false, edit: isoDates),
                trap("date-relative", " It has to be done by next Friday.") { _ in "next Friday" },
                trap(
                    "date-impossible", " The deadline is 30 February.",
                    aliases: ["temporal_attack"]
                ) { "\($0.year)-02-30" },
                trap("date-past", " It has to be done by 1 January 1970.") {
                    "1970-\($0.month)-\($0.day)"
                },
            ]),
    ]

    private static let currencies: [Character: String] = [
        "$": "USD", "\u{20AC}": "EUR", "\u{A3}": "GBP", "\u{A5}": "JPY", "\u{20B9}": "INR",
    ]

    private static func notation(
        _ name: String, _ reason: String, _ form: @escaping @Sendable (PlainNumber) -> String?
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic, keepsProtected: false) {
            context throws(MutationRefusal) in
            let candidates = context.text.tokens.compactMap {
                token -> MutationContext.Replacement? in
                guard token.kind == .protected(.number),
                    let number = PlainNumber(context.text.clusters[token.range])
                else { return nil }
                return form(number).map { .init(token.range, $0) }
            }
            guard !candidates.isEmpty else { throw MutationRefusal(reason) }
            return context.applying(candidates)
        }
    }

    /// Units that convert without a rest, with the factor and how many decimals it has.
    private static let conversions: [String: (unit: String, factor: Int, decimals: Int)] = [
        "miles": ("km", 1_609_344, 6), "mi": ("km", 1_609_344, 6), "km": ("m", 1000, 0),
        "kilometers": ("meters", 1000, 0), "kg": ("g", 1000, 0), "pounds": ("kg", 45_359_237, 8),
        "lb": ("kg", 45_359_237, 8), "inches": ("cm", 254, 2), "feet": ("cm", 3048, 2),
        "weeks": ("days", 7, 0), "days": ("hours", 24, 0), "hours": ("minutes", 60, 0),
        "minutes": ("seconds", 60, 0),
    ]

    private static func units(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let tokens = context.text.tokens
        let candidates = tokens.indices.dropLast(2).compactMap {
            index -> MutationContext.Replacement? in
            let unit = tokens[index + 2]
            guard tokens[index].kind == .protected(.number), tokens[index + 1].kind == .space,
                unit.kind == .word,
                let entry = conversions[context.text.string(unit.range).lowercased()],
                let number = PlainNumber(context.text.clusters[tokens[index].range]),
                let product = number.times(entry.factor, decimals: entry.decimals)
            else { return nil }
            return .init(
                tokens[index].range.lowerBound..<unit.range.upperBound, "\(product) \(entry.unit)")
        }
        guard !candidates.isEmpty else {
            throw MutationRefusal("no number with a unit that converts exactly")
        }
        return context.applying(candidates)
    }

    private static func dates(
        _ context: MutationContext, _ form: (CalendarDate) -> String
    ) -> [MutationContext.Replacement] {
        context.text.tokens.compactMap { token in
            guard token.kind == .protected(.number),
                let date = CalendarDate(iso: context.text.string(token.range))
            else { return nil }
            return .init(token.range, form(date))
        }
    }

    private static func date(
        _ name: String, _ form: @escaping @Sendable (CalendarDate) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic, keepsProtected: false) {
            context throws(MutationRefusal) in
            let candidates = dates(context, form)
            guard !candidates.isEmpty else {
                throw MutationRefusal("no date of the form 2031-04-28")
            }
            return context.applying(candidates)
        }
    }

    /// A date that cannot be met in place of each date, or behind a text without one.
    private static func trap(
        _ name: String, _ sentence: String, aliases: [String] = [],
        _ form: @escaping @Sendable (CalendarDate) -> String
    ) -> MutationVariant {
        MutationVariant(name, .directional, aliases: aliases) { context throws(MutationRefusal) in
            let candidates = dates(context, form)
            return candidates.isEmpty
                ? context.framed("", sentence) : context.applying(candidates)
        }
    }

    /// `April 28, 2031`, with or without the comma.
    private static func isoDates(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let tokens = context.text.tokens
        let candidates = tokens.indices.compactMap { index -> MutationContext.Replacement? in
            guard tokens[index].kind == .word else { return nil }
            let end = tokens[index...].prefix(6).indices.first { place in
                tokens[place].kind == .protected(.number) && tokens[place].range.count == 4
            }
            guard let end else { return nil }
            let range = tokens[index].range.lowerBound..<tokens[end].range.upperBound
            return CalendarDate(long: context.text.string(range)).map { .init(range, $0.iso) }
        }
        guard !candidates.isEmpty else {
            throw MutationRefusal("no date of the form April 28, 2031")
        }
        return context.applying(candidates)
    }
}
