public import Determinism

extension Invariant {
    /// What every invariant takes beside its name.
    static let commonMembers = ["when", "negate", "severity", "label"]

    /// Reads one rule: an object with the name and its arguments, as the items of `invariants:` in
    /// a scenario.
    public static func parse(_ value: JSONValue) throws(InvariantError) -> Invariant {
        let members = value.objectValue ?? []
        let names = members.filter { !commonMembers.contains($0.key) }
        guard names.count == 1, let member = names.first else {
            throw InvariantError(
                .notOneMember, at: "$",
                "an invariant is one name with its arguments, such as `exit_code: 0`; "
                    + "write each one as a list item of its own. Beside the name stand "
                    + commonMembers.map { "`\($0)`" }.joined(separator: ", "))
        }
        guard let kind = InvariantCatalogue.named(member.key) else {
            throw InvariantError(
                .unknownName, at: "$.\(member.key)",
                unknownMessage("invariant", member.key, allowed: Invariant.names))
        }
        let common = InvariantArguments(value: value, path: "$")
        let severity = try common.optional("severity").map { (word) throws(InvariantError) in
            try word.word(of: Severity.allCases.map(\.rawValue))
        }
        return Invariant(
            source: value, name: kind.name,
            rule: try kind.parse(InvariantArguments(value: member.value, path: "$.\(member.key)")),
            severity: severity.flatMap(Severity.init(rawValue:)) ?? .medium,
            label: try common.optional("label")?.text(),
            isNegated: try common.optional("negate")?.flag() ?? false,
            gate: try common.optional("when").map { (word) throws(InvariantError) in
                try InvariantGate(parsing: word)
            } ?? .always)
    }

    /// Reads the rules of a plan; without any, the implied one holds.
    public static func parse(all values: [JSONValue]) throws(InvariantError) -> [Invariant] {
        guard !values.isEmpty else { return [implied] }
        var invariants: [Invariant] = []
        for (index, value) in values.enumerated() {
            do {
                invariants.append(try parse(value))
            } catch {
                throw InvariantError(
                    error.code, at: "$[\(index)]\(error.path.dropFirst())", error.message)
            }
        }
        return invariants
    }
}
