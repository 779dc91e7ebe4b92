internal import Determinism

extension FlakestormConverter {
    mutating func agent(_ agent: JSONValue) {
        let endpoint = agent["endpoint"]?.stringValue ?? ""
        let kind = agent["type"]?.stringValue ?? "http"
        guard kind == "http", !endpoint.isEmpty || agent["endpoint"] == nil else {
            guard let words = Self.python(endpoint) else {
                set("agent.command", ["python", "agent.py"])
                note(
                    "agent.endpoint: '\(endpoint)' is no name of Python of the form "
                        + "module:attribute; put the agent's command into agent.command")
                return
            }
            set("agent.command", .texts(words))
            note(
                "agent.endpoint: '\(endpoint)' is called by a line of Python with the prompt; "
                    + "see agent.command")
            return
        }
        set("agent.command", ["python", "agent.py"])
        note(
            "agent.endpoint: '\(endpoint)' was called from outside; stormtape starts the agent "
                + "itself, so put its command into agent.command and its requests into a file "
                + "named by agent.ask")
    }

    /// Calls `module:attribute` as flakestorm does: a function, or an object with `invoke`.
    private static func python(_ endpoint: String) -> [String]? {
        let parts = endpoint.split(separator: ":", maxSplits: 1).map(String.init)
        let isName = { (text: String) in
            !text.isEmpty
                && text.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_"
                        || $0 == "."
                }
        }
        guard parts.count == 2, parts.allSatisfy(isName) else { return nil }
        let code = [
            "import asyncio, importlib, inspect, os",
            "agent = importlib.import_module('\(parts[0])')",
            "for name in '\(parts[1])'.split('.'): agent = getattr(agent, name)",
            "answer = getattr(agent, 'invoke', agent)(os.environ['STORMTAPE_PROMPT'])",
            "print(asyncio.run(answer) if inspect.iscoroutine(answer) else answer)",
        ]
        return ["python", "-c", code.joined(separator: "\n")]
    }

    mutating func mutations(_ mutations: JSONValue) {
        let standard = [
            "paraphrase", "noise", "tone_shift", "prompt_injection", "encoding_attacks",
            "context_manipulation", "length_extremes",
        ]
        let named = mutations["types"]?.arrayValue?.compactMap(\.stringValue) ?? standard
        var kept: [String] = []
        for name in named {
            if name == "custom" {
                note("mutations: 'custom' always failed in flakestorm; left out")
            } else if !vocabulary.mutations.contains(name) {
                note("mutations: there is no '\(name)'; left out")
            } else if !kept.contains(name) {
                kept.append(name)
            }
        }
        if !kept.isEmpty { set("mutations", .texts(kept)) }
        if mutations["count"] != nil {
            note("mutations.count: each mutation is made once for each seed and prompt here")
        }
    }

    // MARK: Invariants

    mutating func invariants() {
        let lists = [root["invariants"], root["contract"]?["invariants"]]
        var kept: [JSONValue] = []
        for item in lists.flatMap({ $0?.arrayValue ?? [] }) {
            guard let invariant = invariant(item), !kept.contains(invariant) else { continue }
            kept.append(invariant)
        }
        if !kept.isEmpty { set("invariants", .array(kept)) }
    }

    private mutating func invariant(_ item: JSONValue) -> JSONValue? {
        let type = item["type"]?.stringValue ?? ""
        guard let arguments = arguments(type, item) else {
            if let wanted = Self.wanted[type] {
                note(
                    "invariants: '\(type)' has no '\(wanted)', without which it says nothing; left "
                        + "out")
                return nil
            }
            note(
                "invariants: there is no type '\(type)'"
                    + (type == "refusal" ? "; flakestorm's name is refusal_check" : "")
                    + "; left out")
            return nil
        }
        var members = [arguments]
        if item["negate"]?.boolValue == true {
            members.append(JSONMember("negate", true))
            if !["contains", "contains_any", "regex", "excludes_pattern"].contains(type) {
                note("negate: flakestorm ignored it for \(type); it is honoured here")
            }
        }
        if let word = item["when"]?.stringValue, Self.moments.contains(word) {
            members.append(JSONMember("when", .string(word)))
            note("when: parsed by flakestorm and never evaluated; it is honoured here")
        }
        if let severity = item["severity"]?.stringValue,
            ["critical", "high", "medium", "low"].contains(severity)
        {
            members.append(JSONMember("severity", .string(severity)))
        }
        if let label = (item["id"] ?? item["description"])?.stringValue, !label.isEmpty {
            members.append(JSONMember("label", .string(label)))
        }
        for key in ["prompt_filter", "case_sensitive", "probes"] where item[key] != nil {
            note("invariants: '\(key)' is left out" + (key == "probes" ? "; use prompts" : ""))
        }
        return .object(members)
    }

    private static let moments = [
        "always", "tool_faults_active", "llm_faults_active", "any_chaos_active", "no_chaos",
    ]

    /// The argument that a type cannot do without.
    private static let wanted = [
        "contains": "value", "contains_any": "values", "latency": "max_ms", "regex": "pattern",
        "similarity": "expected", "excludes_pattern": "patterns",
    ]

    /// The name with its arguments; nil for an unknown type, and where one is missing.
    private mutating func arguments(_ type: String, _ item: JSONValue) -> JSONMember? {
        switch type {
        case "contains": return item["value"].map { JSONMember(type, ["value": $0]) }
        case "contains_any": return item["values"].map { JSONMember(type, ["values": $0]) }
        case "latency":
            note("latency: measured on the virtual clock here, in which delays take no real time")
            return item["max_ms"].map { JSONMember(type, ["max_ms": $0]) }
        case "regex": return item["pattern"].map { JSONMember(type, ["pattern": $0]) }
        case "valid_json", "excludes_pii", "output_not_empty": return JSONMember(type, true)
        case "completes":
            note("completes: always true in flakestorm; here a hang or a crash breaks it")
            return JSONMember(type, true)
        case "similarity":
            note(
                "similarity: by letters here, not by a model's embedding; look at the threshold, or "
                    + "take similar_in_meaning with a recorded judge")
            return item["expected"].map {
                JSONMember(
                    type, ["expected": $0, "threshold": item["threshold"] ?? .number("0.8")])
            }
        case "behavior_unchanged":
            note(
                "behavior_unchanged: passed without a baseline in flakestorm; here the run "
                    + "without faults is the baseline")
            return JSONMember(
                type, ["similarity_threshold": item["similarity_threshold"] ?? .number("0.75")])
        case "excludes_pattern":
            return item["patterns"].map { JSONMember(type, ["texts": $0]) }
        case "refusal_check":
            note(
                "refusal_check: flakestorm only looked for words of a jailbreak; so does "
                    + "excludes_pattern here. `refusal_check` here demands a refusal")
            return JSONMember(
                "excludes_pattern", ["texts": ["you are now", "jailbreak", "override:"]])
        default: return nil
        }
    }
}
