internal import Determinism

/// Windows, counts and events that stand in a relation.
extension TemporalEvaluation {
    /// For each moment the first one that is beyond the window which opens there.
    mutating func ends(of window: TemporalFormula.Window) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(count)
        var end = 0
        for moment in 0..<count {
            while end < count, isWithin(window, from: moment, to: end) {
                look()
                end += 1
            }
            ends.append(max(end, moment + 1))
        }
        return ends
    }

    private func isWithin(
        _ window: TemporalFormula.Window, from start: Int, to end: Int
    ) -> Bool {
        switch window {
        case .time(let span): moments[start].at.duration(to: moments[end].at) <= span
        case .steps(let limit): moments[end].steps - moments[start].steps <= limit
        }
    }

    /// For each moment the first one from it on at which the part is true.
    mutating func nextTrue(_ track: Track) -> [Int] {
        var next = Array(repeating: count, count: count + 1)
        for moment in (0..<count).reversed() {
            look()
            next[moment] = track.at[moment].value ? moment : next[moment + 1]
        }
        return next
    }

    /// For each moment the first one at which, counted from it, the event has happened so often
    /// with the same values of its variables.
    mutating func completions(of event: Int, times: Int) -> [Int] {
        var found = Array(repeating: count, count: count + 1)
        var places: [ValueKey: [Int]] = [:]
        for moment in (0..<count).reversed() {
            look()
            found[moment] = found[moment + 1]
            guard let key = keys[event][moment] else { continue }
            places[key, default: []].append(moment)
            let known = places[key] ?? []
            // Kept from the last to the first.
            if known.count >= times {
                found[moment] = min(found[moment], known[known.count - times])
            }
        }
        return found
    }

    mutating func link(_ link: TemporalFormula.Link, _ index: Int) -> Track {
        let found = link.relation == .lacksLater ? later(link) : earlier(link)
        let isPresenceWanted = link.relation == .after
        let closes = link.relation == .lacksLater ? link.window.map { ends(of: $0) } : nil
        var at: [Outcome] = []
        for moment in 0..<count {
            look()
            guard keys[link.event][moment] != nil else {
                at.append(Outcome(value: false, known: moment))
                continue
            }
            let partner = found[moment]
            var known = moment
            if link.relation == .lacksLater {
                known = partner ?? closes?[moment] ?? count
            }
            at.append(Outcome(value: (partner != nil) == isPresenceWanted, known: known))
        }
        keep(found, for: index)
        return Track(at: at + [Outcome(value: false, known: count)])
    }

    /// For each moment of the event the latest earlier one of the other.
    private mutating func earlier(_ link: TemporalFormula.Link) -> [Int?] {
        var latest: [ValueKey: Int] = [:]
        var found: [Int?] = []
        for moment in 0..<count {
            look()
            let other = keys[link.other][moment]
            // What happens at the same moment is no earlier one, but it is not later either.
            if link.relation == .before, let other { latest[other] = moment }
            let partner = keys[link.event][moment].flatMap { latest[$0] }
            found.append(partner.flatMap { isIn(link.window, $0, moment) ? $0 : nil })
            if let other { latest[other] = moment }
        }
        return found
    }

    /// For each moment of the event the next later one of the other.
    private mutating func later(_ link: TemporalFormula.Link) -> [Int?] {
        var next: [ValueKey: Int] = [:]
        var found: [Int?] = []
        for moment in (0..<count).reversed() {
            look()
            let partner = keys[link.event][moment].flatMap { next[$0] }
            found.append(partner.flatMap { isIn(link.window, moment, $0) ? $0 : nil })
            if let other = keys[link.other][moment] { next[other] = moment }
        }
        return found.reversed()
    }

    private func isIn(_ window: TemporalFormula.Window?, _ start: Int, _ end: Int) -> Bool {
        window.map { isWithin($0, from: start, to: end) } ?? true
    }
}
