/// The definitions of docs/TEMPORAL.md, written as they stand there.
///
/// A formula speaks of the moments from `start` on; a window is counted from the moment `origin`.
struct ReferenceMeaning {
    let moments: [ModelMoment]

    func holds(_ formula: Reference) -> Bool { holds(formula, 0, 0) }

    private func holds(_ formula: Reference, _ start: Int, _ origin: Int) -> Bool {
        switch formula {
        case .event(let event): return start < moments.count && event.holds(moments[start])
        case .not(let inner): return !holds(inner, start, origin)
        case .and(let left, let right):
            return holds(left, start, origin) && holds(right, start, origin)
        case .or(let left, let right):
            return holds(left, start, origin) || holds(right, start, origin)
        case .implies(let left, let right):
            return !holds(left, start, origin) || holds(right, start, origin)
        case .always(let inner, let window):
            return rest(start, origin, window).allSatisfy { holds(inner, $0, $0) }
        case .never(let inner, let window):
            return !rest(start, origin, window).contains { holds(inner, $0, $0) }
        case .eventually(let inner, let window):
            return rest(start, origin, window).contains { holds(inner, $0, $0) }
        case .until(let left, let right, let isStrong):
            let comes = rest(start, origin, nil).contains { place in
                holds(right, place, place) && (start..<place).allSatisfy { holds(left, $0, $0) }
            }
            let stays = rest(start, origin, nil).allSatisfy { holds(left, $0, $0) }
            return comes || (!isStrong && stays)
        default: return holdsOfEvents(formula, start, origin)
        }
    }

    private func holdsOfEvents(_ formula: Reference, _ start: Int, _ origin: Int) -> Bool {
        switch formula {
        case .before(let event, let other):
            return rest(start, origin, nil).contains { place in
                event.holds(moments[place])
                    && !(0...place).contains { isPair(event, place, other, $0) }
            }
        case .after(let event, let other, let window):
            return rest(start, origin, nil).contains { place in
                (0..<place).contains {
                    isPair(event, place, other, $0) && isWithin(window, $0, place)
                }
            }
        case .requires(let event, let other, let isBefore, let window):
            return rest(start, origin, nil).allSatisfy { place in
                guard event.holds(moments[place]) else { return true }
                return isBefore
                    ? (0..<place).contains {
                        isPair(event, place, other, $0) && isWithin(window, $0, place)
                    }
                    : (place..<moments.count).dropFirst().contains {
                        isPair(event, place, other, $0) && isWithin(window, place, $0)
                    }
            }
        case .atMost(let count, let event, let window):
            let places = rest(start, origin, window).filter { event.holds(moments[$0]) }
            guard event.isBound else { return places.count <= count }
            return [0, 1].allSatisfy { key in
                places.filter { moments[$0].call?.key == key }.count <= count
            }
        case .atLeast(let count, let event, let window):
            return rest(start, origin, window).filter { event.holds(moments[$0]) }.count >= count
        case .scope(let count, let event, let body):
            let places = rest(start, origin, nil).filter { event.holds(moments[$0]) }
            guard places.count >= count else { return true }
            return holds(body, places[count - 1] + 1, places[count - 1])
        default: return false
        }
    }

    /// The moments from `start` on, as far as the window reaches.
    private func rest(_ start: Int, _ origin: Int, _ window: Reference.Window?) -> [Int] {
        (min(start, moments.count)..<moments.count).filter { isWithin(window, origin, $0) }
    }

    private func isWithin(_ window: Reference.Window?, _ origin: Int, _ place: Int) -> Bool {
        guard origin < moments.count else { return false }
        switch window {
        case nil: return true
        case .time(let span): return moments[place].at - moments[origin].at <= span
        case .steps(let count): return moments[place].steps - moments[origin].steps <= count
        }
    }

    private func isPair(
        _ event: Reference.Event, _ place: Int, _ other: Reference.Event, _ otherPlace: Int
    ) -> Bool {
        guard event.holds(moments[place]), other.holds(moments[otherPlace]) else { return false }
        return !event.isBound || moments[place].call?.key == moments[otherPlace].call?.key
    }
}
