internal import Determinism

extension FlakestormConverter {
    mutating func scenarios() {
        var scenarios: [JSONValue] = [["name": "calm", "faults": .array([])]]
        if let chaos = root["chaos"] {
            note(
                "chaos: flakestorm changed its own request to the agent; here the faults strike "
                    + "the agent's own calls")
            scenarios.append(scenario("chaos", chaos))
        }
        let matrices = [root["contract"]?["chaos_matrix"], root["chaos_matrix"]]
            .compactMap { $0?.arrayValue }
        if !matrices.isEmpty, root["chaos"] != nil {
            note(
                "contract.chaos_matrix: flakestorm dropped the tool faults of its scenarios while "
                    + "'chaos' was set; here each scenario is itself")
        }
        for (index, entry) in matrices.flatMap(\.self).enumerated() {
            let name = entry["name"]?.stringValue ?? "scenario \(index + 1)"
            let taken = scenarios.compactMap { $0["name"]?.stringValue }
            var free = name
            var number = index + 1
            while taken.contains(free) {
                note("contract.chaos_matrix: the name '\(name)' is taken; its scenario is numbered")
                free = "\(name) \(number)"
                number += 1
            }
            scenarios.append(scenario(free, entry))
        }
        set("scenarios", .array(scenarios))
    }

    private mutating func scenario(_ name: String, _ chaos: JSONValue) -> JSONValue {
        var faults: [JSONValue] = []
        for fault in chaos["tool_faults"]?.arrayValue ?? [] {
            if let entry = toolFault(fault) { faults.append(entry) }
        }
        for fault in chaos["llm_faults"]?.arrayValue ?? [] {
            if let entry = modelFault(fault) { faults.append(entry) }
        }
        for attack in attacks(chaos["context_attacks"]) {
            if let entry = self.attack(attack) { faults.append(entry) }
        }
        return ["name": .string(name.isEmpty ? "unnamed" : name), "faults": .array(faults)]
    }

    // MARK: Faults

    private mutating func toolFault(_ fault: JSONValue) -> JSONValue? {
        let mode = fault["mode"]?.stringValue ?? ""
        var aim: [JSONMember] = [JSONMember("kind", "tool")]
        if let route = Self.route(fault["match_url"]?.stringValue) {
            aim = [JSONMember("tool", .string(route))]
        } else if let tool = fault["tool"]?.stringValue, tool != "*" {
            note(
                "tool_faults: '\(tool)' without match_url never struck in flakestorm; here it "
                    + "strikes every tool, so give 'tool' with a route")
        }
        switch mode {
        case "timeout": return entry("tool-timeout", aim, fault)
        case "slow": return entry("tool-latency", aim, fault, [("delay_ms", fault["delay_ms"])])
        case "error":
            let code = fault["error_code"] ?? .int(503)
            return entry("tool-error", aim, fault, [("code", code), ("message", fault["message"])])
        case "malformed":
            return entry("tool-corrupt", aim, fault, [("variant", "truncated-json")])
        case "malicious_response":
            return entry("tool-injection-indirect", aim, fault, [("text", fault["payload"])])
        default:
            note("tool_faults: there is no mode '\(mode)', which did nothing; left out")
            return nil
        }
    }

    private mutating func modelFault(_ fault: JSONValue) -> JSONValue? {
        let mode = fault["mode"]?.stringValue ?? ""
        let aim = [JSONMember("kind", "model")]
        if ["truncated_response", "empty", "garbage", "rate_limit"].contains(mode) {
            note(
                "llm_faults: flakestorm changed the agent's final answer after it had ended; here "
                    + "'\(mode)' strikes the model's answers")
        }
        switch mode {
        case "timeout":
            note("llm_faults: 'timeout' never delayed anything in flakestorm; here no answer comes")
            return entry("headers-timeout", aim, fault)
        case "truncated_response": return entry("finish-length", aim, fault)
        case "rate_limit": return entry("rate-limit-429", aim, fault)
        case "empty": return entry("empty-content", aim, fault)
        case "garbage": return entry("garbage-bytes", aim, fault)
        case "response_drift":
            if fault["severity"] != nil {
                note("response_drift: 'severity' was parsed by flakestorm and never used")
            }
            let drift = fault["drift_type"]?.stringValue.map { word in
                JSONValue.string(word.split(separator: "_").joined(separator: "-"))
            }
            return entry("response-drift", aim, fault, [("variant", drift)])
        default:
            note("llm_faults: there is no mode '\(mode)', which did nothing; left out")
            return nil
        }
    }

    /// A list of maps, or a map of names and maps.
    private func attacks(_ value: JSONValue?) -> [JSONValue] {
        if let list = value?.arrayValue { return list }
        return (value?.objectValue ?? []).map { member in
            .object([JSONMember("type", .string(member.key))] + (member.value.objectValue ?? []))
        }
    }

    private mutating func attack(_ attack: JSONValue) -> JSONValue? {
        let type = attack["type"]?.stringValue ?? ""
        let aim = [JSONMember("kind", "tool")]
        switch type {
        case "memory_poisoning":
            note(
                "memory_poisoning: flakestorm wrote into the prompt; here memory that is read back")
            return entry("memory-poison", aim, attack, [("text", attack["payload"])])
        case "indirect_injection", "injection_via_context":
            note("\(type): has no caller in flakestorm; here it is put into the results of tools")
            return entry(
                "tool-injection-indirect", aim, attack,
                [("text", attack["payloads"]?[0] ?? attack["payload"])])
        case "overflow":
            note("overflow: without code in flakestorm; here the provider says that it is too long")
            return entry("context-overflow", [JSONMember("kind", "model")], attack)
        case "conflicting_context":
            note("conflicting_context: without code in flakestorm")
            return entry("conflicting-context", aim, attack)
        case "system_prompt_leak_probe":
            note(
                "system_prompt_leak_probe: is no attack; use the invariant "
                    + "system_prompt_not_leaked")
            return nil
        default:
            note("context_attacks: there is no type '\(type)', which did nothing; left out")
            return nil
        }
    }

    private mutating func entry(
        _ id: String, _ aim: [JSONMember], _ fault: JSONValue,
        _ parameters: [(name: String, value: JSONValue?)] = []
    ) -> JSONValue {
        var on = aim
        let chance = fault["probability"] ?? fault["trigger_probability"]
        if let digits = chance?.numberText ?? chance?.stringValue, Ratio(text: digits) != nil {
            on.append(JSONMember("probability", .string(digits)))
        }
        if let calls = fault["after_calls"]?.intValue, calls > 1, calls <= 1_000_000 {
            // Documented as "after n calls", it struck from call n on.
            on.append(JSONMember("after", .int(calls - 1)))
        }
        var members: [JSONMember] = [
            JSONMember("fault", .string(id)), JSONMember("on", .object(on)),
        ]
        for parameter in parameters {
            if let value = parameter.value, !value.isNull {
                members.append(JSONMember(parameter.name, value))
            }
        }
        return .object(members)
    }

    /// The path of a pattern for addresses, as a route; nil where it has none.
    private static func route(_ pattern: String?) -> String? {
        guard let pattern else { return nil }
        var path = pattern[...]
        if let scheme = pattern.firstRange(of: "://") {
            let rest = pattern[scheme.upperBound...]
            guard let slash = rest.firstIndex(of: "/") else { return nil }
            path = rest[slash...]
        }
        guard let slash = path.firstIndex(of: "/") else { return nil }
        let route = path[slash...]
        return route == "/*" || route.contains(" ") ? nil : String(route)
    }
}
