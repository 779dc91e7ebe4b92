internal import Cassette
internal import Determinism
internal import Faults

extension ConfigurationReader {
    mutating func agent(_ node: YAMLNode) -> ProjectConfiguration.Agent {
        var agent = ProjectConfiguration.Agent()
        let keys = ConfigurationKeys.agent.names
        guard let members = base.members(node, of: "'agent'", keys: keys) else { return agent }
        note(members, below: "agent.")
        agent.command = command(members.pair("command"))
        agent.clock = word(members.pair("clock"), of: ["virtual", "real"])
        agent.pace = word(members.pair("pace"), of: ["immediate", "real"])
        agent.wallLimitSeconds = seconds(members.pair("wall_limit_s"), upTo: 86_400)
        agent.memoryLimitMebibytes = base.whole(
            members.pair("memory_limit_mib"), in: 1...1_000_000_000)
        agent.processLimit = base.whole(members.pair("process_limit"), in: 2...1_000_000)
        agent.isIsolated = base.boolean(members.pair("isolation"))
        agent.showsOutput = base.boolean(members.pair("show_output"))
        agent.seed = seed(members.pair("seed"))
        agent.entropy = word(members.pair("entropy"), of: ["capsule", "hook"])
        agent.standardInput = base.text(members.pair("stdin"))
        agent.ask = base.text(members.pair("ask"))
        agent.values = values(members.pair("values"), hasFile: members["ask"] != nil)
        return agent
    }

    private mutating func command(_ pair: YAMLNode.Pair?) -> [String] {
        guard let pair else { return [] }
        let words: [String]?
        if case .sequence(let nodes) = pair.value.content {
            words = nodes.compactMap { node in
                guard case .scalar(let text, _) = node.content else {
                    base.fail("a word of 'command' must be a text", at: node.place)
                    return nil
                }
                return text
            }
            // Each word that is none has been reported.
            if let words, words.count < nodes.count { return [] }
        } else {
            guard let text = base.text(pair) else { return [] }
            words = ShellWords.split(text)
            if ShellWords.needsShell(text) {
                base.fail(
                    "no shell reads 'command', so that it cannot hold pipes and the like",
                    at: pair.value.place, hint: "write [sh, -c, '…']")
            }
        }
        guard let words, words.first?.isEmpty == false else {
            base.fail(
                "'command' must be the words of a command, its quotes closed",
                at: pair.value.place, allowed: "a text as 'python agent.py', or a list of words")
            return []
        }
        return words
    }

    private mutating func values(_ pair: YAMLNode.Pair?, hasFile: Bool) -> [String] {
        guard let pair else { return [] }
        guard case .mapping(let members) = pair.value.content else {
            base.fail("'values' must be a map, was \(pair.value.kind)", at: pair.value.place)
            return []
        }
        if !hasFile {
            base.fail("'values' fill in the file of 'ask', which is missing", at: pair.keyPlace)
        }
        return members.compactMap { member in
            guard TemplateValues.isName(member.key) else {
                base.fail(
                    "'\(member.key)' is no name of a value", at: member.keyPlace,
                    allowed: TemplateValues.nameRule)
                return nil
            }
            guard case .scalar(let text, _) = member.value.content else {
                base.fail("the value '\(member.key)' must be a text", at: member.value.place)
                return nil
            }
            return "\(member.key)=\(text)"
        }
    }

    // MARK: Upstreams

    mutating func upstreams(_ pair: YAMLNode.Pair?) -> [ProjectConfiguration.UpstreamEntry] {
        guard let pair else { return [] }
        guard case .mapping(let members) = pair.value.content else {
            base.fail(
                "'upstreams' must be a map of names, was \(pair.value.kind)",
                at: pair.value.place, allowed: "as { shop: https://shop.example }")
            return []
        }
        return members.compactMap { upstream($0) }
    }

    private mutating func upstream(
        _ pair: YAMLNode.Pair
    ) -> ProjectConfiguration.UpstreamEntry? {
        guard Self.isUpstreamName(pair.key) else {
            base.fail(
                "'\(pair.key)' is no name of an upstream", at: pair.keyPlace,
                allowed: "letters, digits, - and _")
            return nil
        }
        var entry = ProjectConfiguration.UpstreamEntry(name: pair.key)
        switch pair.value.content {
        case .scalar where pair.value.json.isNull: break
        case .scalar: entry.address = address(pair)
        default:
            let what = "the upstream '\(pair.key)'"
            let keys = ConfigurationKeys.upstream.names
            guard let members = base.members(pair.value, of: what, keys: keys) else { return nil }
            entry.address = address(members.pair("address"))
            entry.kind = base.word(members.pair("kind"), as: UpstreamKind.self)
            entry.wireProtocol = word(
                members.pair("protocol"), of: ["mcp"] + FaultContext.protocols)
            entry.variables = texts(members.pair("env"))
            entry.reads = routes(members.pair("reads"))
        }
        if entry.address == nil, !vocabulary.upstreams.contains(pair.key) {
            base.fail(
                "the upstream '\(pair.key)' needs an address", at: pair.keyPlace,
                hint: Suggestion.question(for: pair.key, in: vocabulary.upstreams),
                allowed: "no address only for " + vocabulary.upstreams.joined(separator: ", "))
        }
        return entry
    }

    private mutating func address(_ pair: YAMLNode.Pair?) -> String? {
        guard let pair, let text = base.text(pair) else { return nil }
        let authority = text.split(separator: "/", maxSplits: 2).dropFirst().first ?? ""
        let isWeb = text.hasPrefix("http://") || text.hasPrefix("https://")
        if text != "stdio:", !isWeb || authority.isEmpty || authority.contains("@") {
            base.fail(
                "an address begins with http:// or https://, names a host, and holds no "
                    + "credentials", at: pair.value.place,
                allowed: "as https://shop.example, or stdio: for a server behind a pipe")
        }
        return text
    }

    private mutating func routes(_ pair: YAMLNode.Pair?) -> [String] {
        guard let pair else { return [] }
        return base.list(pair).compactMap { node in
            base.route(YAMLNode.Pair(key: pair.key, keyPlace: pair.keyPlace, value: node))
        }
    }

    private static func isUpstreamName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }
}
