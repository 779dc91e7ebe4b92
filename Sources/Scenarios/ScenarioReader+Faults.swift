internal import Determinism
internal import Faults

extension ScenarioReader {
    mutating func faults(_ pair: YAMLNode.Pair?) -> [FaultEntry] {
        list(pair).compactMap { node in entry(node) }
    }

    private mutating func entry(_ node: YAMLNode) -> FaultEntry? {
        guard case .mapping(let pairs) = node.content else {
            fail(
                "an entry of 'faults' must be a map, was \(node.kind)", at: node.place,
                hint: "write '- fault: ID'")
            return nil
        }
        guard let named = pairs.first(where: { $0.key == "fault" }) else {
            fail("an entry of 'faults' needs the key 'fault'", at: node.place)
            return nil
        }
        guard let kind = kind(named) else { return nil }
        // The keys of an entry go before a parameter that has the name of one.
        let parameters = kind.parameters.filter { !ScenarioKeys.entry.names.contains($0.name) }
        let names = parameters.map(\.name)
        guard
            let members = members(
                node, of: "an entry of 'faults'", keys: ScenarioKeys.entry.names + names)
        else { return nil }
        var entry = FaultEntry(fault: kind.id)
        if let on = members["on"] { entry.selector = selector(on, for: kind) }
        if let times = members.pair("times") { entry.times = self.times(times, entry.selector) }
        for spec in parameters {
            guard let pair = members.pair(spec.name),
                let setting = setting(pair, of: spec, fault: kind.id)
            else { continue }
            entry.settings.append((spec.name, setting))
        }
        return entry
    }

    private mutating func kind(_ pair: YAMLNode.Pair) -> FaultKind? {
        guard let id = text(pair) else { return nil }
        if let kind = catalogue.first(where: { $0.id == id }) { return kind }
        fail(
            "there is no fault '\(id)'", at: pair.value.place,
            hint: Suggestion.question(for: id, in: catalogue.map(\.id)),
            allowed: "what 'stormtape faults' lists")
        return nil
    }

    /// How many attempts; nil for every one.
    private mutating func times(_ pair: YAMLNode.Pair, _ selector: Selector) -> Int? {
        if pair.value.text == "forever" {
            if selector.attempt != 1 {
                fail(
                    "'times: forever' hits every attempt, so 'attempt' must be 1",
                    at: pair.value.place, hint: "give a number")
            }
            return nil
        }
        guard let number = pair.value.json.intValue,
            number >= 1, number <= Int64(Selector.timesMax)
        else {
            let word = pair.value.text ?? ""
            fail(
                "'times' must be a number of attempts", at: pair.value.place,
                hint: Suggestion.question(for: word, in: ["forever"]),
                allowed: "a whole number from 1 to \(Selector.timesMax), or forever")
            return 1
        }
        return Int(number)
    }

    private mutating func setting(
        _ pair: YAMLNode.Pair, of spec: ParameterSpec, fault: String
    ) -> ParameterSetting? {
        let setting: ParameterSetting
        if case .mapping = pair.value.content {
            guard let range = range(pair) else { return nil }
            setting = .range(range)
        } else if case .integer = spec.domain {
            let word = pair.value.text.flatMap { OffsetWord(rawValue: $0) }
            setting = word.map { .word($0) } ?? .fixed(pair.value.json)
        } else {
            // A word that looks like a number is still that word, digit for digit.
            setting = .fixed(pair.value.text.map { .string($0) } ?? pair.value.json)
        }
        if let problem = spec.problem(with: setting, fault: fault) {
            var hint: String?
            if let text = pair.value.text {
                let words = spec.words.map(\.rawValue)
                if case .choice(let choices) = spec.domain {
                    hint = Suggestion.question(for: text, in: choices)
                } else if !words.isEmpty {
                    hint = Suggestion.question(for: text, in: words)
                }
            }
            fail(problem, at: pair.value.place, hint: hint)
            return nil
        }
        return setting
    }

    private mutating func range(_ pair: YAMLNode.Pair) -> ClosedRange<Int64>? {
        let what = "the range of '\(pair.key)'"
        guard let members = members(pair.value, of: what, keys: ScenarioKeys.range.names) else {
            return nil
        }
        require("from", in: members, of: what)
        require("to", in: members, of: what)
        guard let from = whole(members.pair("from"), in: .min ... .max),
            let to = whole(members.pair("to"), in: .min ... .max)
        else { return nil }
        guard from <= to else {
            fail("\(what) is empty: 'from' is greater than 'to'", at: pair.value.place)
            return nil
        }
        return from...to
    }
}
