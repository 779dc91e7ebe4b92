internal import Determinism
internal import Simulation

/// Says why a part has its value, and which moments show it.
struct TemporalAccount {
    /// A clause, and the moments that it speaks of.
    struct Reason {
        var text: String
        var moments: [Int] = []
    }

    static let listedMax = 20

    let evaluation: TemporalEvaluation
    let clauses: MomentClauses

    private var formula: TemporalFormula { evaluation.formula }
    private var count: Int { evaluation.count }

    init(_ evaluation: TemporalEvaluation, _ conduct: Conduct) {
        self.evaluation = evaluation
        clauses = MomentClauses(conduct)
    }

    /// Why the part has its value at a moment, or just after one.
    func reason(_ node: Int, at moment: Int, isAfter: Bool = false) -> Reason {
        let track = evaluation.tracks[node]
        if isAfter, track.after == nil { return reason(node, at: moment + 1) }
        let outcome = isAfter ? track.justAfter(moment) : track.at[moment]
        let again = { (inner: Int) in reason(inner, at: moment, isAfter: isAfter) }
        switch formula.nodes[node].form {
        case .constant(let value): return Reason(text: "\(value)")
        case .atom:
            guard outcome.value else { return Reason(text: "no \(formula.text(of: node))") }
            return Reason(text: clauses.clause(moment), moments: [moment])
        case .not(let inner): return again(inner)
        case .both(let left, let right):
            return outcome.value
                ? joined(again(left), again(right))
                : again(sooner(left, right, false, moment, isAfter))
        case .either(let left, let right):
            return outcome.value
                ? again(sooner(left, right, true, moment, isAfter))
                : joined(again(left), again(right))
        case .implies(let left, let right):
            guard outcome.value else { return joined(again(left), again(right)) }
            return again(value(left, moment, isAfter).value ? right : left)
        case .always(let inner, let window):
            return happens(inner, !outcome.value, false, window, outcome, moment, isAfter)
        case .never(let inner, let window):
            return happens(inner, !outcome.value, true, window, outcome, moment, isAfter)
        case .eventually(let inner, let window):
            return happens(inner, outcome.value, true, window, outcome, moment, isAfter)
        case .until(let left, let right, let isStrong):
            return until(left, right, isStrong, outcome, moment)
        case .link(let link): return self.link(link, node, outcome, moment)
        case .count(let wanted): return counted(wanted, outcome, isAfter ? moment + 1 : moment)
        case .after(let event, let times, let body): return scope(event, times, body, moment)
        }
    }

    private func value(_ node: Int, _ moment: Int, _ isAfter: Bool) -> Outcome {
        let track = evaluation.tracks[node]
        return isAfter ? track.justAfter(moment) : track.at[moment]
    }

    /// Of two parts the one with this value that was known first.
    private func sooner(
        _ left: Int, _ right: Int, _ wanted: Bool, _ moment: Int, _ isAfter: Bool
    ) -> Int {
        let first = value(left, moment, isAfter)
        let second = value(right, moment, isAfter)
        guard first.value == wanted else { return right }
        return second.value == wanted && second.known < first.known ? right : left
    }

    private func joined(_ left: Reason, _ right: Reason) -> Reason {
        let text = [left.text, right.text].filter { !$0.isEmpty }.joined(separator: ", and ")
        return Reason(text: text, moments: left.moments + right.moments)
    }

    // MARK: Operators

    /// The moment that decides, or that there is none.
    private func happens(
        _ inner: Int, _ isFound: Bool, _ wanted: Bool, _ window: TemporalFormula.Window?,
        _ outcome: Outcome, _ moment: Int, _ isAfter: Bool
    ) -> Reason {
        let start = isAfter ? moment + 1 : moment
        let span = window.map { " within \($0.text)" } ?? ""
        guard isFound else {
            let text = formula.text(of: inner)
            return Reason(text: wanted ? "there was no \(text)\(span)" : "\(text) held\(span)")
        }
        let at = evaluation.tracks[inner].at
        let place = (start..<max(start, count)).first {
            at[$0].value == wanted && at[$0].known == outcome.known
        }
        return place.map { reason(inner, at: $0) } ?? Reason(text: formula.text(of: inner))
    }

    private func until(
        _ left: Int, _ right: Int, _ isStrong: Bool, _ outcome: Outcome, _ moment: Int
    ) -> Reason {
        let (first, second) = (evaluation.tracks[left].at, evaluation.tracks[right].at)
        let rest = moment..<max(moment, count)
        let name = formula.text(of: right)
        if outcome.value {
            guard let place = rest.first(where: { second[$0].value }) else {
                return Reason(text: "\(formula.text(of: left)) held to the end")
            }
            return reason(right, at: place)
        }
        // The left side ended, and the right one had not come.
        guard let place = rest.first(where: { !first[$0].value && !second[$0].value }) else {
            return Reason(text: "there was no \(name)")
        }
        let why = reason(left, at: place)
        let moments = why.moments.isEmpty ? [place] : why.moments
        return Reason(
            text: "\(clauses.clause(place)), and \(name) had not come", moments: moments)
    }

    private func link(
        _ link: TemporalFormula.Link, _ node: Int, _ outcome: Outcome, _ moment: Int
    ) -> Reason {
        let other = formula.text(of: link.other)
        guard evaluation.keys[link.event].indices.contains(moment),
            evaluation.keys[link.event][moment] != nil
        else { return Reason(text: "no \(formula.text(of: link.event))") }
        let event = clauses.clause(moment)
        let span = link.window.map { " within \($0.text)" } ?? ""
        guard let partner = evaluation.partners[node][moment] else {
            let text =
                switch link.relation {
                case .before: "\(event) before any \(other)"
                case .after: "\(event), not after \(other)\(span)"
                case .lacksEarlier: "\(event) without an earlier \(other)\(span)"
                case .lacksLater: "\(event), and no \(other) followed\(span)"
                }
            return Reason(text: text, moments: [moment])
        }
        let word = partner <= moment ? "after" : "before"
        return Reason(
            text: "\(event) \(word) \(clauses.clause(partner))",
            moments: [min(partner, moment), max(partner, moment)])
    }

    private func counted(
        _ wanted: TemporalFormula.Count, _ outcome: Outcome, _ start: Int
    ) -> Reason {
        let keys = evaluation.keys[wanted.event]
        let isTooMany = !outcome.value && wanted.most != nil && isPlace(outcome.known, keys)
        let end = isTooMany ? outcome.known : max(start, count - 1)
        // Where variables are counted for each value, only the value that decides matters.
        let key = isTooMany ? keys[outcome.known] : nil
        let places = (start..<max(start, min(end + 1, count))).filter {
            keys[$0] != nil && (key == nil || keys[$0] == key)
        }
        let name = formula.text(of: wanted.event)
        var text = "\(name) happened \(places.isEmpty ? "never" : Wording.times(places.count))"
        if isTooMany, let most = wanted.most {
            text += ", at most \(most) allowed: the last time, \(clauses.clause(outcome.known))"
        } else if !outcome.value, let least = wanted.least {
            text += ", at least \(least) wanted"
        }
        if let window = wanted.window { text += ", within \(window.text)" }
        return Reason(text: text, moments: Array(places.suffix(TemporalAccount.listedMax)))
    }

    private func isPlace(_ moment: Int, _ keys: [ValueKey?]) -> Bool {
        keys.indices.contains(moment) && keys[moment] != nil
    }

    private func scope(_ event: Int, _ times: Int, _ body: Int, _ moment: Int) -> Reason {
        let places = (moment..<max(moment, count)).lazy.filter {
            evaluation.tracks[event].at[$0].value
        }
        guard let place = places.prefix(times).dropFirst(times - 1).first else {
            return Reason(text: "\(formula.text(of: event)) did not come to pass")
        }
        let why = reason(body, at: place, isAfter: true)
        return Reason(
            text: "after \(clauses.clause(place)): \(why.text)", moments: [place] + why.moments)
    }
}
