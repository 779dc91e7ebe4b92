/// The operators before a part, and those that tie two events together.
extension TemporalParser {
    mutating func relation() throws(TemporalError) -> Int {
        let start = next.range.lowerBound
        let left = try unary()
        if take("until") {
            return add(.until(left, try unary(), isStrong: true), from: start)
        }
        if take("unless") {
            return add(.until(left, try unary(), isStrong: false), from: start)
        }
        if take("before") {
            let other = try unary()
            try checkLink(left, other, "before")
            if case .word("within") = next.kind {
                throw error(
                    .misleading, "`before` takes no window: before means at any earlier moment",
                    next.range)
            }
            return happens(
                .init(relation: .before, event: left, other: other, window: nil), from: start)
        }
        if take("after") {
            let other = try unary()
            try checkLink(left, other, "after")
            let window = try window()
            return happens(
                .init(relation: .after, event: left, other: other, window: window), from: start)
        }
        return take("requires") ? try requirement(of: left, from: start) : left
    }

    private mutating func requirement(
        of event: Int, from start: Int
    ) throws(TemporalError) -> Int {
        let other = try unary()
        try checkLink(event, other, "requires")
        let relation: TemporalFormula.Relation
        if take("before") {
            relation = .lacksEarlier
        } else if take("after") {
            relation = .lacksLater
        } else {
            throw unexpected("`before` or `after`, which says when it is required")
        }
        let window = try window()
        let link = add(
            .link(.init(relation: relation, event: event, other: other, window: window)),
            from: start)
        return add(.never(link, nil), from: start)
    }

    private mutating func happens(_ link: TemporalFormula.Link, from start: Int) -> Int {
        add(.eventually(add(.link(link), from: start), nil), from: start)
    }

    mutating func unary() throws(TemporalError) -> Int {
        let first = next
        let start = first.range.lowerBound
        guard case .word(let word) = first.kind else { return try primary() }
        switch word {
        case "not":
            place += 1
            let inner = try nested()
            return add(.not(inner), from: start, isEvent: isEvent(inner))
        case "always", "never", "eventually":
            place += 1
            return try quantified(word, first)
        case "within":
            let window = try window()
            let inner = try nested()
            return add(.eventually(inner, window), from: start)
        case "after": return try scope(from: start)
        case "at", "exactly": return try count(from: start)
        default: return try primary()
        }
    }

    /// An operand one level deeper.
    private mutating func nested() throws(TemporalError) -> Int {
        try deeper { (parser) throws(TemporalError) in try parser.unary() }
    }

    private mutating func quantified(
        _ word: String, _ first: TemporalToken
    ) throws(TemporalError) -> Int {
        let start = first.range.lowerBound
        let early = try window()
        let inner = try deeper { (parser) throws(TemporalError) in try parser.relation() }
        let late = early == nil ? try window() : nil
        let window = early ?? late
        switch word {
        case "never": return add(.never(inner, window), from: start)
        case "eventually": return add(.eventually(inner, window), from: start)
        default:
            if case .atom = nodes[inner].form {
                throw error(
                    .misleading,
                    "`always` with one atom asks that every moment is this one; write "
                        + "`always (… -> …)`, or `never` with what must not happen",
                    nodes[inner].range)
            }
            return add(.always(inner, window), from: start)
        }
    }

    /// `after 3 error(search) never …`.
    private mutating func scope(from start: Int) throws(TemporalError) -> Int {
        place += 1
        let written = next.range
        let count = try number() ?? 1
        guard count > 0 else { throw error(.wrongValue, "expected a number from 1", written) }
        let event = try nested()
        try checkEvent(event, "after")
        try refuseVariables(event)
        let body = try nested()
        return add(.after(event: event, count: count, body: body), from: start)
    }

    /// `at most 1 call(charge)`, `at least 2 …`, `exactly 1 …`.
    private mutating func count(from start: Int) throws(TemporalError) -> Int {
        var isLeast = true
        var isMost = true
        if !take("exactly") {
            place += 1
            isLeast = take("least")
            isMost = !isLeast && take("most")
            guard isLeast || isMost else { throw unexpected("`most` or `least`") }
        }
        guard let number = try number() else { throw unexpected("a whole number") }
        let event = try nested()
        try checkEvent(event, "at")
        if isLeast { try refuseVariables(event, "; `at most` can count for each value") }
        try checkSingle(event)
        let window = try window()
        return add(
            .count(
                .init(
                    event: event, least: isLeast ? number : nil, most: isMost ? number : nil,
                    window: window)), from: start)
    }

    private mutating func primary() throws(TemporalError) -> Int {
        let first = next
        if take("(") {
            let inner = try formula()
            try expect(")", "`)` or an operator")
            return inner
        }
        guard case .word(let word) = first.kind else { throw unexpected(expectation) }
        if take("true") {
            return add(.constant(true), from: first.range.lowerBound, isEvent: true)
        }
        if take("false") {
            return add(.constant(false), from: first.range.lowerBound, isEvent: true)
        }
        let kinds = TemporalAtom.Kind.allCases.map(\.rawValue)
        guard let kind = TemporalAtom.Kind(rawValue: word) else {
            guard !TemporalParser.keywords.contains(word) else { throw unexpected(expectation) }
            let hint = nearestName(to: word, among: kinds + TemporalParser.keywords)
            throw error(
                .unknownWord,
                "unknown word `\(PlainText.clipped(word))`"
                    + (hint.map { "; did you mean `\($0)`?" } ?? ";")
                    + " Atoms: " + kinds.map { "`\($0)`" }.joined(separator: ", "), first.range)
        }
        place += 1
        return add(.atom(try atom(kind)), from: first.range.lowerBound, isEvent: true)
    }

    private var expectation: String {
        "an atom such as `call(…)`, `(`, or `always`, `never`, `eventually`, `within`, `after`, "
            + "`at most`, `not`"
    }
}
