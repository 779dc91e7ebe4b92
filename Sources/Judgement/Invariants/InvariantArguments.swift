internal import Determinism

/// The arguments of one invariant, with the path for errors.
struct InvariantArguments {
    static let countMax = 1_000_000_000

    let value: JSONValue
    let path: String

    /// Refuses members that the invariant does not take.
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

    /// Whether the arguments are an object, and not one value in short form.
    var isObject: Bool { value.objectValue != nil }

    func optional(_ name: String) -> InvariantArguments? {
        value[name].map { InvariantArguments(value: $0, path: "\(path).\(name)") }
    }

    func required(_ name: String) throws(InvariantError) -> InvariantArguments {
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

    /// A share from 0 to 1, such as `0.8`.
    func share() throws(InvariantError) -> Ratio {
        let text: String? =
            switch value {
            case .number(let number): number
            case .string(let text): text
            default: nil
            }
        guard let share = text.flatMap({ Ratio(text: $0) }) else {
            throw InvariantError(
                .wrongValue, at: path, "expected a share from 0 to 1, as 0.8, 80% or 4/5")
        }
        return share
    }

    func text() throws(InvariantError) -> String {
        guard let text = value.stringValue, !text.isEmpty else {
            throw InvariantError(.wrongValue, at: path, "expected a text that is not empty")
        }
        return text
    }

    /// One text, or a list of texts that is not empty.
    func texts() throws(InvariantError) -> [String] {
        guard let items = value.arrayValue else { return [try text()] }
        guard !items.isEmpty else {
            throw InvariantError(.wrongValue, at: path, "expected a list that is not empty")
        }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            texts.append(try InvariantArguments(value: item, path: "\(path)[\(index)]").text())
        }
        return texts
    }

    /// One of the allowed words.
    func word(of allowed: [String]) throws(InvariantError) -> String {
        let word = try text()
        guard allowed.contains(word) else {
            throw InvariantError(
                .wrongValue, at: path, unknownMessage("word", word, allowed: allowed))
        }
        return word
    }

    func flag() throws(InvariantError) -> Bool {
        guard let flag = value.boolValue else {
            throw InvariantError(.wrongValue, at: path, "expected `true` or `false`")
        }
        return flag
    }

    func isTrue() throws(InvariantError) {
        guard value.boolValue == true else {
            throw InvariantError(
                .wrongValue, at: path, "expected `true`; leave the invariant out to switch it off")
        }
    }

    /// `true`, or an object with some of the allowed members, all of them optional.
    func options(_ allowed: [String]) throws(InvariantError) -> InvariantArguments {
        guard isObject else {
            try isTrue()
            return InvariantArguments(value: [:], path: path)
        }
        try allow(allowed)
        return self
    }

    /// `true`, or an object with the member `tool`.
    func tool() throws(InvariantError) -> String? {
        try options(["tool"]).optional("tool")?.text()
    }
}
