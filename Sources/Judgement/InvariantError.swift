/// Why a rule of a scenario is no invariant.
public struct InvariantError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The rule is not an object with one member.
        case notOneMember
        /// No invariant has this name.
        case unknownName
        /// An argument that the invariant does not take.
        case unknownArgument
        /// An argument that it needs is missing.
        case missingArgument
        /// A value of the wrong type or out of bounds.
        case wrongValue
        /// A regular expression that does not compile.
        case invalidPattern
        /// A JSON Schema keyword that is not checked here.
        case unknownKeyword
    }

    /// The kind of failure.
    public let code: Code
    /// What is allowed, and how to mend it.
    public let message: String
    /// The JSON path inside the rule, such as `$.max_calls.count`.
    public let path: String

    /// A failure at a path.
    public init(_ code: Code, at path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// The path and the message in one line.
    public var description: String { "\(path): \(message)" }
}

/// The allowed name that a wrong one was most likely meant to be.
func nearestName(to wrong: String, among allowed: [String]) -> String? {
    let scored = allowed.map { (name: $0, edits: editDistance(Array(wrong.utf8), Array($0.utf8))) }
    guard let best = scored.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(2, best.name.utf8.count / 3) ? best.name : nil
}

private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // A name longer than any that is allowed cannot be near one, and must not cost time.
    guard left.count <= 64 else { return .max }
    var row = Array(0...right.count)
    for (i, byte) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in right.enumerated() {
            let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (byte == other ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = cost
        }
    }
    return row[right.count]
}

func unknownMessage(_ what: String, _ wrong: String, allowed: [String]) -> String {
    let hint = nearestName(to: wrong, among: allowed).map { "; did you mean `\($0)`?" } ?? ""
    let list = allowed.map { "`\($0)`" }.joined(separator: ", ")
    return "unknown \(what) `\(wrong)`\(hint) Allowed: \(list)"
}
