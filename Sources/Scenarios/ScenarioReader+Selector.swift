internal import Cassette
internal import Determinism
internal import Faults

extension ScenarioReader {
    mutating func selector(_ node: YAMLNode, for fault: FaultKind) -> Selector {
        var selector = Selector()
        guard let members = members(node, of: "'on'", keys: ScenarioKeys.selector.names) else {
            return selector
        }
        selector.upstream = text(members.pair("upstream"))
        selector.kind = word(members.pair("kind"), as: UpstreamKind.self)
        selector.tool = route(members.pair("tool"))
        selector.route = route(members.pair("route"))
        selector.wireProtocol = spoken(members.pair("protocol"))
        selector.model = text(members.pair("model"))
        selector.stream = boolean(members.pair("stream"))
        selector.call = whole(members.pair("call"), from: 1)
        selector.attempt =
            whole(members.pair("attempt"), in: 1...Int64(Selector.attemptMax)).map { Int($0) } ?? 1
        selector.every = whole(members.pair("every"), from: 1)
        selector.first = whole(members.pair("first"), from: 1)
        selector.after = whole(members.pair("after"), from: 0)
        selector.windowMilliseconds = window(members.pair("window"))
        selector.probability = probability(members.pair("probability")) ?? .always
        selector.arguments = arguments(members.pair("args"))
        checkTarget(selector, members, of: fault)
        return selector
    }

    private mutating func checkTarget(
        _ selector: Selector, _ members: Members, of fault: FaultKind
    ) {
        if let kind = members["kind"], let wanted = selector.kind, !fault.target.accepts(wanted) {
            fail(
                "\(fault.id) hits upstreams of kind \(fault.target.rawValue) only",
                at: kind.place)
        }
        if let tool = members["tool"], !fault.target.accepts(.tool) {
            fail("\(fault.id) hits models only, which have no tool route", at: tool.place)
        }
    }

    /// A protocol by its identifier.
    private mutating func spoken(_ pair: YAMLNode.Pair?) -> String? {
        guard let pair, let id = text(pair) else { return nil }
        let known = ["http", "mcp"] + FaultContext.protocols
        if known.contains(id) { return id }
        fail(
            "there is no protocol '\(id)'", at: pair.value.place,
            hint: Suggestion.question(for: id, in: known),
            allowed: known.joined(separator: ", "))
        return nil
    }

    private mutating func probability(_ pair: YAMLNode.Pair?) -> Ratio? {
        guard let pair else { return nil }
        guard let ratio = pair.value.text.flatMap({ Ratio(text: $0) }) else {
            fail(
                "'probability' must lie between 0 and 1", at: pair.value.place,
                allowed: "a fraction as 1/3, a decimal as 0.25, a percentage as 25%")
            return nil
        }
        return ratio
    }

    private mutating func window(_ pair: YAMLNode.Pair?) -> ClosedRange<Int64>? {
        guard let pair,
            let members = members(pair.value, of: "'window'", keys: ScenarioKeys.window.names)
        else { return nil }
        let from = whole(members.pair("from_ms"), in: 0 ... .max)
        let to = whole(members.pair("to_ms"), in: 0 ... .max)
        guard from != nil || to != nil else {
            if members.pairs.isEmpty {
                fail("'window' needs 'from_ms', 'to_ms' or both", at: pair.value.place)
            }
            return nil
        }
        guard from ?? 0 <= to ?? .max else {
            fail("the window is empty: 'from_ms' is greater than 'to_ms'", at: pair.value.place)
            return nil
        }
        return (from ?? 0)...(to ?? .max)
    }

    private mutating func arguments(_ pair: YAMLNode.Pair?) -> [JSONMember] {
        guard let pair else { return [] }
        guard case .mapping(let pairs) = pair.value.content else {
            fail(
                "'args' must be a map of JSON Pointers and values", at: pair.value.place,
                allowed: "as { /order/id: 17 }")
            return []
        }
        return pairs.compactMap { member in
            guard member.key.hasPrefix("/") else {
                fail(
                    "'\(member.key)' is not a JSON Pointer", at: member.keyPlace,
                    hint: "did you mean '/\(member.key)'?")
                return nil
            }
            return JSONMember(member.key, member.value.json)
        }
    }
}
