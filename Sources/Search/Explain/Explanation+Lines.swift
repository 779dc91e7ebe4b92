internal import Determinism
internal import Faults
internal import Judgement

extension Explanation {
    /// The explanation in sentences, one a line; a terminal wraps them.
    public var lines: [String] {
        guard let signature else {
            let verdict = observation.verdict.rawValue
            return ["The plan does not fail like this: the verdict is \(verdict)."]
        }
        var lines = ["It fails as \(signature.text)."]
        lines.append(needText)
        for (place, fault) in plan.faults.enumerated() {
            lines.append("Fault \(place + 1): \(fault.placeText).")
            lines += parameters.filter { $0.fault == place }.map { "  " + text($0) }
            lines += attempts.filter { $0.fault == place }.map { "  " + text($0) }
        }
        if let nearest {
            let assumed =
                nearest.observation.verdict == .passed
                ? "" : "; it rests on answers that were assumed"
            lines.append("The nearest run that passes is the one \(nearest.change)\(assumed).")
        }
        if let text = historyText { lines.append(text) }
        for other in others {
            lines.append("Another failure was seen on the way: \(other.signature.text).")
        }
        if !isComplete { lines.append("The budget was spent before all of it was explained.") }
        return lines
    }

    private var needText: String {
        let count = plan.faults.count
        guard count > 0 else { return "It needs no fault: the agent fails by itself." }
        guard needless.isEmpty else {
            let names = needless.map { String($0 + 1) }.joined(separator: ", ")
            return "It has \(count) faults, and fails without any one of these: \(names)."
        }
        switch count {
        case 1: return "It needs this one fault."
        case 2: return "It needs both faults: without either it does not fail so."
        default: return "It needs all \(count) faults: without any one it does not fail so."
        }
    }

    private func text(_ meaning: ParameterMeaning) -> String {
        let name = meaning.name
        guard let spec = plan.spec(meaning.fault, name) else { return name }
        func number(_ value: Int64) -> String { ShrinkWords.quantity(value, spec) }
        let own = ShrinkWords.value(meaning.value, spec)
        let effect: String
        switch meaning.effect {
        case .any:
            return meaning.tried == 0
                ? "\(name): no other value than \(own) applies."
                : "\(name): any value; \(triedText(meaning))."
        case .oneOf(let words):
            return "\(name): one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))."
        case .atLeast(let low, let also):
            let least = also.map { "\(number($0)), or " } ?? ""
            effect = "\(least)from \(number(low)) up\(deadlineText(meaning))"
        case .atMost(let high): effect = "up to \(number(high))\(deadlineText(meaning))"
        case .within(let range):
            effect =
                "from \(number(range.lowerBound)) to \(number(range.upperBound))"
                + deadlineText(meaning)
        case .only: effect = "\(own)\(deadlineText(meaning)); \(triedText(meaning))"
        }
        guard meaning.elsewhere > 0 else { return "\(name): only \(effect)." }
        return "\(name): \(effect); but \(meaning.elsewhere) of \(meaning.tried) other values "
            + "fail too."
    }

    private func triedText(_ meaning: ParameterMeaning) -> String {
        meaning.tried == 1 ? "1 other was tried" : "\(meaning.tried) others were tried"
    }

    private func deadlineText(_ meaning: ParameterMeaning) -> String {
        guard let deadline = meaning.deadline else { return "" }
        let length = ShrinkWords.time(deadline.length)
        return ": when the wait exceeds \(length), the agent's own time-out"
    }

    private func text(_ meaning: AttemptMeaning) -> String {
        let own = plan.faults[meaning.fault].anchor.attempt ?? 1
        let failing = meaning.failing.map(String.init).joined(separator: ", ")
        switch (meaning.failing.count, meaning.passing.isEmpty) {
        case (1, true):
            return own == 1
                ? "Attempt: the first; a later one is not reached."
                : "Attempt: \(own); no other is reached."
        case (1, false):
            return own == 1 ? "Attempt: the first only." : "Attempt: \(own) only."
        case (_, true): return "Attempt: any; it was tried at \(failing)."
        default: return "Attempt: one of \(failing)."
        }
    }

    private var historyText: String? {
        guard let history, order.count > 1, let from = inevitableFrom,
            let point = inevitability.first(where: { $0.kept == from })
        else { return nil }
        let count = order.count
        guard from > 0 else {
            return
                "It was inevitable from the beginning: all \(point.endings) other courses of its "
                + "\(count) faults that were tried fail too."
        }
        let last = history.faults[order[from - 1]].placeText
        let which = Judgement.Wording.ordinal(from)
        var text = "It became inevitable with the \(which) of \(count) faults, \(last)"
        if from < count {
            text += ": all \(point.endings) courses that were tried from there on fail too"
        }
        if let before = inevitability.last(where: { $0.kept < from }) {
            text +=
                "; with the rest drawn anew after \(before.kept), "
                + "\(before.failing) of \(before.endings) courses fail"
        }
        return text + "."
    }
}
