internal import Cassette
internal import Determinism
internal import Faults

/// Reads a configuration out of YAML nodes and collects everything that is wrong.
struct ConfigurationReader {
    typealias Members = ScenarioReader.Members

    let vocabulary: ConfigurationVocabulary
    var base: ScenarioReader
    private var lines: [String: Int] = [:]

    init(_ vocabulary: ConfigurationVocabulary) {
        self.vocabulary = vocabulary
        base = ScenarioReader(catalogue: vocabulary.faults)
    }

    mutating func configuration(_ root: YAMLNode, file: String) -> ProjectConfiguration? {
        let what = "the configuration"
        let keys = ConfigurationKeys.root(vocabulary).names
        guard let members = base.members(root, of: what, keys: keys) else { return nil }
        note(members, below: "")
        base.require("version", in: members, of: what)
        _ = base.whole(members.pair("version"), in: 1...1)
        var found = ProjectConfiguration(file: file)
        if let pair = members.pair("agent") { found.agent = agent(pair.value) }
        found.upstreams = upstreams(members.pair("upstreams"))
        found.usesProxy = base.boolean(members.pair("proxy"))
        found.cassettes = texts(members.pair("cassettes"))
        found.defaultCassette = base.text(members.pair("default_cassette"))
        found.prompts = base.list(members.pair("prompts")).compactMap { prompt($0) }
        found.mutations = mutations(members.pair("mutations"))
        found.scenarios = base.list(members.pair("scenarios")).compactMap { scenario($0) }
        (found.seedText, found.seeds) = seeds(members.pair("seeds"))
        found.invariants = base.invariants(members.pair("invariants"))
        found.judges = base.text(members.pair("judges"))
        if let pair = members.pair("gates") { found.gates = gates(pair.value) }
        found.reports = base.list(members.pair("report")).compactMap { report($0) }
        found.history = base.text(members.pair("history"))
        found.failures = base.text(members.pair("failures"))
        found.workers = base.whole(members.pair("workers"), in: 1...256).map { Int($0) }
        complainAboutTwins(found, members)
        found.lines = lines
        return found
    }

    /// Keeps the lines of the keys, for those who ask where a value comes from.
    mutating func note(_ members: Members, below prefix: String) {
        for pair in members.pairs { lines[prefix + pair.key] = pair.keyPlace.line }
    }

    private mutating func complainAboutTwins(
        _ found: ProjectConfiguration, _ members: Members
    ) {
        var seen: Set<String> = []
        if case .sequence(let nodes)? = members["scenarios"]?.content {
            for node in nodes {
                guard case .mapping(let pairs) = node.content,
                    let name = pairs.first(where: { $0.key == "name" })?.value.text,
                    !seen.insert(name).inserted
                else { continue }
                base.fail("two scenarios have the name '\(name)'", at: node.place)
            }
        }
        for (pair, listed) in [
            (members.pair("cassettes"), found.cassettes),
            (members.pair("mutations"), found.mutations),
        ] {
            guard let pair else { continue }
            let twin = listed.indices.first { listed[..<$0].contains(listed[$0]) }
            if let twin { base.fail("'\(listed[twin])' is given twice", at: pair.keyPlace) }
        }
    }

    // MARK: Small values

    /// A list of texts that are not empty.
    mutating func texts(_ pair: YAMLNode.Pair?) -> [String] {
        guard let pair else { return [] }
        return base.list(pair).compactMap { node in
            base.text(YAMLNode.Pair(key: pair.key, keyPlace: pair.keyPlace, value: node))
        }
    }

    mutating func share(_ pair: YAMLNode.Pair?) -> Ratio? {
        guard let pair else { return nil }
        guard let share = pair.value.text.flatMap({ Ratio(text: $0) }) else {
            base.fail(
                "'\(pair.key)' must lie between 0 and 1", at: pair.value.place,
                allowed: "a percentage as 95%, a fraction as 19/20, a decimal as 0.95")
            return nil
        }
        return share
    }

    mutating func seeds(_ pair: YAMLNode.Pair?) -> (String?, [Seed]) {
        guard let pair, let text = base.text(pair) else { return (nil, []) }
        do {
            return (text, try SeedList.parse(text))
        } catch {
            base.fail(
                "'seeds' names no seeds: \(error.message)", at: pair.value.place,
                allowed: "as 7, 1..60 or 1..10,20,30..40")
            return (nil, [])
        }
    }

    mutating func seed(_ pair: YAMLNode.Pair?) -> Seed? {
        guard let pair, let text = base.text(pair) else { return nil }
        guard let seed = Seed(text: text) else {
            base.fail(
                "'\(pair.key)' must be a seed", at: pair.value.place,
                allowed: "a number from 0 to 2^64-1, or 0x hex")
            return nil
        }
        return seed
    }

    /// A number of seconds with decimals, above 0.
    mutating func seconds(_ pair: YAMLNode.Pair?, upTo most: Double) -> Double? {
        guard let pair else { return nil }
        guard let number = pair.value.json.numberText.flatMap(Double.init), number > 0,
            number <= most
        else {
            base.fail(
                "'\(pair.key)' must be a number above 0 and at most \(Int(most))",
                at: pair.value.place)
            return nil
        }
        return number
    }

    /// One of some words.
    mutating func word(_ pair: YAMLNode.Pair?, of words: [String]) -> String? {
        guard let pair else { return nil }
        guard let word = pair.value.text, words.contains(word) else {
            base.fail(
                "'\(pair.key)' must be one of these words", at: pair.value.place,
                hint: pair.value.text.flatMap { Suggestion.question(for: $0, in: words) },
                allowed: words.joined(separator: ", "))
            return nil
        }
        return word
    }

    private mutating func mutations(_ pair: YAMLNode.Pair?) -> [String] {
        guard let pair else { return [] }
        return base.list(pair).compactMap { node in
            guard let name = node.text, vocabulary.mutations.contains(name) else {
                base.fail(
                    "there is no mutation '\(node.text ?? node.kind)'", at: node.place,
                    hint: node.text.flatMap {
                        Suggestion.question(for: $0, in: vocabulary.mutations)
                    }, allowed: "what 'stormtape mutate --list' lists")
                return nil
            }
            return name
        }
    }
}
