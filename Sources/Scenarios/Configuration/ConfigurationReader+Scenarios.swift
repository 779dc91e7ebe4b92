internal import Determinism
internal import Faults

extension ConfigurationReader {
    mutating func prompt(_ node: YAMLNode) -> ProjectConfiguration.Prompt? {
        guard case .mapping = node.content else {
            guard let text = node.text, !text.isEmpty else {
                base.fail("a prompt must be a text, was \(node.kind)", at: node.place)
                return nil
            }
            return .text(text)
        }
        let what = "an entry of 'prompts'"
        let keys = ConfigurationKeys.prompt.names
        guard let members = base.members(node, of: what, keys: keys) else { return nil }
        let text = base.text(members.pair("text"))
        let file = base.text(members.pair("file"))
        guard members.pairs.count == 1 else {
            base.fail("\(what) needs either 'text' or 'file'", at: node.place)
            return nil
        }
        return text.map { .text($0) } ?? file.map { .file($0) }
    }

    mutating func scenario(_ node: YAMLNode) -> ProjectConfiguration.ScenarioEntry? {
        guard case .mapping = node.content else {
            guard let file = node.text, !file.isEmpty else {
                base.fail(
                    "an entry of 'scenarios' must be a file or a map, was \(node.kind)",
                    at: node.place)
                return nil
            }
            return ProjectConfiguration.ScenarioEntry(source: .file(file))
        }
        let what = "an entry of 'scenarios'"
        let keys = ConfigurationKeys.scenario.names
        guard let members = base.members(node, of: what, keys: keys) else { return nil }
        guard let source = source(members, what) else { return nil }
        var entry = ProjectConfiguration.ScenarioEntry(source: source)
        entry.name = base.text(members.pair("name"))
        (entry.seedText, entry.seeds) = seeds(members.pair("seeds"))
        // Those of a scenario in place are part of it.
        if case .inline = source { return entry }
        entry.invariants = base.invariants(members.pair("invariants"))
        return entry
    }

    private mutating func source(
        _ members: Members, _ what: String
    ) -> ProjectConfiguration.ScenarioEntry.Source? {
        guard members["file"] != nil || members["preset"] != nil else {
            return inline(members, what)
        }
        if members["file"] != nil, let preset = members.pair("preset") {
            base.fail("\(what) has 'file' or 'preset', not both", at: preset.keyPlace)
        }
        let foreign = ScenarioKeys.body.map(\.name).filter { $0 != "invariants" }
        for pair in members.pairs where foreign.contains(pair.key) {
            base.fail(
                "'\(pair.key)' belongs to a scenario in place, and this one is in a file",
                at: pair.keyPlace, hint: "move it to that file")
        }
        if let file = members.pair("file") { return base.text(file).map { .file($0) } }
        let names = ScenarioPreset.all.map(\.name)
        return word(members.pair("preset"), of: names).map { .preset($0) }
    }

    /// A scenario in place, as the text by which worker processes know it.
    private mutating func inline(
        _ members: Members, _ what: String
    ) -> ProjectConfiguration.ScenarioEntry.Source? {
        guard members["name"] != nil else {
            base.fail(
                "\(what) needs 'file', 'preset', or 'name' with 'faults'",
                at: members.node.place)
            return nil
        }
        let name = base.text(members.pair("name")) ?? ""
        // Read here for its errors, which have places of this file.
        _ = base.scenario(named: name, members)
        let body = ScenarioKeys.body.map(\.name)
        let kept = members.pairs.filter { body.contains($0.key) }
            .map { JSONMember($0.key, $0.value.json) }
        return .inline(
            FlowText.of(.object([JSONMember("scenario", .string(name))] + kept)))
    }

    mutating func gates(_ node: YAMLNode) -> ProjectConfiguration.Gates {
        var gates = ProjectConfiguration.Gates()
        let keys = ConfigurationKeys.gates.names
        guard let members = base.members(node, of: "'gates'", keys: keys) else { return gates }
        note(members, below: "gates.")
        gates.minPass = share(members.pair("min_pass"))
        gates.minScore = share(members.pair("min_score"))
        gates.maxOffTape = base.whole(members.pair("max_off_tape"), from: 0)
        gates.isCriticalDeciding = base.boolean(members.pair("critical"))
        gates.minRuns = base.whole(members.pair("min_runs"), from: 1)
        return gates
    }

    mutating func report(_ node: YAMLNode) -> ProjectConfiguration.ReportEntry? {
        let what = "an entry of 'report'"
        let keys = ConfigurationKeys.report(vocabulary).names
        guard let members = base.members(node, of: what, keys: keys) else { return nil }
        base.require("format", in: members, of: what)
        base.require("path", in: members, of: what)
        guard let format = word(members.pair("format"), of: vocabulary.formats),
            let path = base.text(members.pair("path"))
        else { return nil }
        return ProjectConfiguration.ReportEntry(format: format, path: path)
    }
}
