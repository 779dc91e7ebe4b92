internal import Determinism

/// The values of all parts of a formula over one run.
///
/// Each part is worked out once for all moments, from the last to the first where it looks ahead:
/// the cost is the number of moments times the number of parts.
struct TemporalEvaluation {
    let formula: TemporalFormula
    let moments: [Moment]
    private(set) var tracks: [Track] = []
    /// For an atom, and a part that is an event: the values of its variables where it is true.
    private(set) var keys: [[ValueKey?]] = []
    /// For a link: the moment of the other event that decides; nil where there is none.
    private(set) var partners: [[Int?]] = []
    /// How often a moment was looked at; what it costs.
    private(set) var looks = 0

    var count: Int { moments.count }

    init(_ formula: TemporalFormula, on conduct: Conduct) {
        self.formula = formula
        moments = conduct.moments
        var matcher = AtomMatcher(conduct)
        for node in formula.nodes {
            var known: [ValueKey?] = []
            if case .atom(let atom) = node.form {
                known = matcher.keys(of: atom)
                looks += count
            }
            keys.append(known)
            partners.append([])
            tracks.append(Track(at: []))
            let track = self.track(node, tracks.count - 1)
            tracks[tracks.count - 1] = track
            if node.isEvent, known.isEmpty {
                keys[keys.count - 1] = track.at.dropLast().map { $0.value ? .empty : nil }
            }
        }
    }

    /// The value of the whole, at the beginning of the run.
    var whole: Outcome { tracks.last?.at.first ?? Outcome(value: true, known: 0) }

    mutating func look() { looks += 1 }

    mutating func keep(_ found: [Int?], for link: Int) { partners[link] = found }

    // MARK: Parts

    private mutating func track(_ node: TemporalFormula.Node, _ index: Int) -> Track {
        switch node.form {
        case .constant(let value):
            return Track(
                at: (0...count).map { Outcome(value: value, known: min($0, count)) })
        case .atom:
            looks += count
            let found = keys[index].enumerated().map { Outcome(value: $1 != nil, known: $0) }
            return Track(at: found + [Outcome(value: false, known: count)])
        case .not(let inner): return map(inner) { !$0 }
        case .both(let left, let right): return map(left, right) { $0.and($1) }
        case .either(let left, let right): return map(left, right) { $0.or($1) }
        case .implies(let left, let right): return map(left, right) { (!$0).or($1) }
        case .always(let inner, let window):
            return happens(map(inner) { !$0 }, inner, window).mapped { !$0 }
        case .never(let inner, let window):
            return happens(tracks[inner], inner, window).mapped { !$0 }
        case .eventually(let inner, let window): return happens(tracks[inner], inner, window)
        case .until(let left, let right, let isStrong): return until(left, right, isStrong)
        case .link(let link): return self.link(link, index)
        case .count(let count): return self.counted(count)
        case .after(let event, let times, let body): return scope(event, times, body)
        }
    }

    private mutating func map(_ inner: Int, _ change: (Outcome) -> Outcome) -> Track {
        looks += count
        return tracks[inner].mapped(change)
    }

    private mutating func map(
        _ left: Int, _ right: Int, _ join: (Outcome, Outcome) -> Outcome
    ) -> Track {
        looks += count
        let (first, second) = (tracks[left], tracks[right])
        let at = zip(first.at, second.at).map(join)
        guard first.after != nil || second.after != nil else { return Track(at: at) }
        return Track(
            at: at,
            after: (0..<count).map { join(first.justAfter($0), second.justAfter($0)) })
    }

    /// Eventually, in the window when there is one.
    private mutating func happens(
        _ inner: Track, _ node: Int, _ window: TemporalFormula.Window?
    ) -> Track {
        guard let window else {
            var at = [Outcome(value: false, known: count)]
            for moment in (0..<count).reversed() {
                looks += 1
                at.append(inner.at[moment].or(at[at.count - 1]))
            }
            return Track(at: at.reversed())
        }
        let ends = self.ends(of: window)
        let next = nextTrue(inner)
        // Of a part that looks ahead itself, absence may be known at the end only.
        let isEvent = formula.nodes[node].isEvent
        let count = self.count
        let value = { (start: Int, end: Int) in
            next[start] < end
                ? inner.at[next[start]] : Outcome(value: false, known: isEvent ? end : count)
        }
        looks += count
        return Track(
            at: (0...count).map { value($0, $0 < count ? ends[$0] : count) },
            after: (0..<count).map { value($0 + 1, ends[$0]) })
    }

    private mutating func until(_ left: Int, _ right: Int, _ isStrong: Bool) -> Track {
        var at = [Outcome(value: !isStrong, known: count)]
        for moment in (0..<count).reversed() {
            looks += 1
            let goesOn = tracks[left].at[moment].and(at[at.count - 1])
            at.append(tracks[right].at[moment].or(goesOn))
        }
        return Track(at: at.reversed())
    }

    /// The body just after the event has happened so often; true when it does not.
    private mutating func scope(_ event: Int, _ times: Int, _ body: Int) -> Track {
        let places = (0..<count).filter { tracks[event].at[$0].value }
        var passed = places.count
        var at = [Outcome(value: true, known: count)]
        for moment in (0..<count).reversed() {
            looks += 1
            while passed > 0, places[passed - 1] >= moment { passed -= 1 }
            let place = passed + times - 1
            at.append(
                place < places.count
                    ? tracks[body].justAfter(places[place])
                    : Outcome(value: true, known: count))
        }
        return Track(at: at.reversed())
    }

    private mutating func counted(_ wanted: TemporalFormula.Count) -> Track {
        let ends = wanted.window.map { self.ends(of: $0) }
        var track = Track(
            at: (0...count).map { Outcome(value: true, known: min($0, count)) },
            after: (0..<count).map { Outcome(value: true, known: $0) })
        if let most = wanted.most {
            let tooMany = completions(of: wanted.event, times: most + 1)
            track = track.joined(reached(tooMany, ends).mapped { !$0 })
        }
        if let least = wanted.least, least > 0 {
            track = track.joined(reached(completions(of: wanted.event, times: least), ends))
        }
        return track
    }

    /// Whether a moment of the list comes before the window closes.
    private mutating func reached(_ places: [Int], _ ends: [Int]?) -> Track {
        looks += count
        let value = { (start: Int, end: Int) in
            places[start] < end
                ? Outcome(value: true, known: places[start]) : Outcome(value: false, known: end)
        }
        return Track(
            at: (0...count).map { value($0, $0 < count ? ends?[$0] ?? count : count) },
            after: (0..<count).map { value($0 + 1, ends?[$0] ?? count) })
    }
}

extension Track {
    func mapped(_ change: (Outcome) -> Outcome) -> Track {
        Track(at: at.map(change), after: after.map { $0.map(change) })
    }

    /// Both hold.
    fileprivate func joined(_ other: Track) -> Track {
        Track(
            at: zip(at, other.at).map { $0.and($1) },
            after: (0..<max(0, at.count - 1)).map {
                justAfter($0).and(other.justAfter($0))
            })
    }
}
