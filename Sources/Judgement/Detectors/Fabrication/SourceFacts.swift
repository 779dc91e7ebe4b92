/// The facts of the sources, ready to be looked up.
struct SourceFacts: Sendable {
    private var forms: Set<ClaimForm> = []
    private var days: Set<CalendarDay> = []
    private var numbers: Set<PlainDecimal> = []
    /// The numbers of the sources rounded and cut to each number of places up to six.
    private var rounded: Set<PlainDecimal> = []
    private static let placesMax = 6

    init(_ sources: [String]) {
        for source in sources {
            add(source)
            // The text inside a JSON string has escapes; both forms are read.
            if let plain = LeakStep.escapes.applied(to: Array(source.utf8)) {
                add(String(decoding: plain, as: UTF8.self))
            }
        }
    }

    private mutating func add(_ source: String) {
        let grouped = ClaimReader.claims(in: source)
        for claim in grouped + ClaimReader.claims(in: source, spacesGroup: false) {
            for form in claim.forms { add(form) }
            switch claim.kind {
            case .identifier, .url, .email: addParts(claim.text)
            case .number, .time, .date: break
            }
        }
    }

    private mutating func add(_ form: ClaimForm) {
        forms.insert(form)
        switch form {
        case .number(let value): add(value)
        case .day(let day):
            days.insert(day)
            // A text may give less than a source: the month, the day, or the year alone.
            for less in [
                CalendarDay(year: nil, month: day.month, day: day.day),
                CalendarDay(year: day.year, month: day.month, day: nil),
            ] {
                if let less { days.insert(less) }
            }
            if let year = day.year {
                add(PlainDecimal(whole: String(year).utf8, fraction: []))
            }
        case .time(let minutes, let seconds):
            if seconds != nil { forms.insert(.time(minutes: minutes, seconds: nil)) }
        case .identifier, .address: break
        }
    }

    private mutating func add(_ value: PlainDecimal) {
        guard numbers.insert(value).inserted else { return }
        for places in 0...Self.placesMax { rounded.formUnion(value.shortened(to: places)) }
    }

    /// The parts of an identifier or address support numbers and identifiers of their own.
    private mutating func addParts(_ text: String) {
        let bytes = Array(text.utf8)
        for part in bytes.split(whereSeparator: { !$0.isASCIIAlphanumeric }) {
            if part.contains(where: \.isASCIIDigit) {
                forms.insert(.identifier(part.lowered))
            }
            for digits in part.split(whereSeparator: { !$0.isASCIIDigit }) {
                add(PlainDecimal(whole: digits, fraction: []))
            }
        }
        // `/orders/ORD-7` supports `ORD-7`.
        for part in bytes.split(whereSeparator: { "/?&=#@:".utf8.contains($0) })
        where part.contains(where: \.isASCIIDigit) {
            forms.insert(ClaimForm(identifier: part))
        }
    }

    func support(_ claim: Claim, acceptsRounding: Bool) -> Bool {
        claim.forms.contains { form in
            switch form {
            case .number(let value):
                numbers.contains(value) || (acceptsRounding && rounded.contains(value))
            case .day(let day): days.contains(day)
            case .time, .identifier, .address: forms.contains(form)
            }
        }
    }
}
