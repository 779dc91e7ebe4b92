public import Determinism

extension Invariant {
    /// Reads one rule: an object with one member, as the items of `invariants:` in a scenario.
    public static func parse(_ value: JSONValue) throws(InvariantError) -> Invariant {
        guard let members = value.objectValue, members.count == 1, let member = members.first
        else {
            throw InvariantError(
                .notOneMember, at: "$",
                "an invariant is one name with its arguments, such as `exit_code: 0`; "
                    + "write each one as a list item of its own")
        }
        let arguments = Arguments(value: member.value, path: "$.\(member.key)")
        guard let rule = try rule(named: member.key, arguments) else {
            throw InvariantError(
                .unknownName, at: "$.\(member.key)",
                unknownMessage("invariant", member.key, allowed: names))
        }
        return Invariant(source: value, rule: rule)
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

    private static func rule(
        named name: String, _ arguments: Arguments
    ) throws(InvariantError) -> Rule? {
        switch name {
        case "exit_code":
            return .exitCode(try arguments.whole(in: 0...255))
        case "max_calls":
            try arguments.allow(["upstream", "count"])
            return .maxCalls(
                upstream: try arguments.required("upstream").text(),
                count: try arguments.required("count").whole(in: 0...Arguments.countMax))
        case "max_attempts":
            try arguments.allow(["count", "upstream"])
            return .maxAttempts(
                upstream: try arguments.optional("upstream")?.text(),
                count: try arguments.required("count").whole(in: 1...Arguments.countMax))
        case "max_virtual_time_ms":
            let limit = try arguments.whole(in: 0...Int(Int64.max / 1_000_000))
            return .maxVirtualTime(milliseconds: Int64(limit))
        case "output_matches", "output_not_matches":
            let pattern = try Pattern(arguments.text(), at: arguments.path)
            return .outputMatches(pattern, wanted: name == "output_matches")
        case "output_json":
            try arguments.isTrue()
            return .outputJSON
        case "output_json_schema":
            return .outputJSONSchema(try JSONSchema(arguments.value, at: arguments.path))
        case "no_repeated_side_effect":
            return .noRepeatedSideEffect(tool: try arguments.tool())
        default:
            return nil
        }
    }
}

/// The arguments of one invariant, with the path for errors.
private struct Arguments {
    static let countMax = 1_000_000_000

    let value: JSONValue
    let path: String

    func allow(_ allowed: [String]) throws(InvariantError) {
        guard let members = value.objectValue else {
            let list = allowed.map { "`\($0)`" }.joined(separator: ", ")
            throw InvariantError(.wrongValue, at: path, "expected an object with \(list)")
        }
        for member in members where !allowed.contains(member.key) {
            throw InvariantError(
                .unknownArgument, at: "\(path).\(member.key)",
                unknownMessage("argument", member.key, allowed: allowed))
        }
    }

    func optional(_ name: String) -> Arguments? {
        value[name].map { Arguments(value: $0, path: "\(path).\(name)") }
    }

    func required(_ name: String) throws(InvariantError) -> Arguments {
        guard let argument = optional(name) else {
            throw InvariantError(
                .missingArgument, at: path, "the argument `\(name)` is missing; add it")
        }
        return argument
    }

    func whole(in range: ClosedRange<Int>) throws(InvariantError) -> Int {
        guard let number = value.intValue, range.contains(Int(number)) else {
            throw InvariantError(
                .wrongValue, at: path,
                "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func text() throws(InvariantError) -> String {
        guard let text = value.stringValue, !text.isEmpty else {
            throw InvariantError(.wrongValue, at: path, "expected a text that is not empty")
        }
        return text
    }

    func isTrue() throws(InvariantError) {
        guard value.boolValue == true else {
            throw InvariantError(
                .wrongValue, at: path, "expected `true`; leave the invariant out to switch it off")
        }
    }

    func tool() throws(InvariantError) -> String? {
        guard value.objectValue != nil else {
            try isTrue()
            return nil
        }
        try allow(["tool"])
        return try required("tool").text()
    }
}
