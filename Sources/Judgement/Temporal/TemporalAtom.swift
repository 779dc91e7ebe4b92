internal import Cassette
internal import Determinism

/// What happens at one moment, as a formula names it.
struct TemporalAtom: Hashable, Sendable {
    /// The words that begin an atom.
    enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A tool or an upstream is called.
        case call
        /// A model is asked.
        case ask
        /// An answer or the result of a tool is there, good or bad.
        case result
        /// It is there, whole and no error.
        case ok
        /// It is an error, or never became whole.
        case error
        /// It has this status.
        case status
        /// A fault changed an answer.
        case fault
        /// The agent wrote a line.
        case output
        /// A model's answer has this text.
        case says
        /// A model's answer asks for a tool.
        case wants
        /// The run ended.
        case exit
    }

    /// A text that is looked for.
    enum Text: Hashable, Sendable {
        case part(String)
        case pattern(Pattern)
    }

    /// A way in which a run ends.
    enum Exit: Hashable, Sendable {
        case code(Int)
        case signal
        case stopped
    }

    /// How a member is compared.
    enum Comparison: String, Hashable, Sendable, CaseIterable {
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case unequal = "!="
        case equal = "="
        case less = "<"
        case greater = ">"
    }

    /// What a member is compared to.
    enum Operand: Hashable, Sendable {
        case value(JSONValue)
        case pattern(Pattern)
        case variable(String)
    }

    /// What must hold of a member of the arguments or of the result.
    struct Condition: Hashable, Sendable {
        /// A JSON Pointer.
        var pointer: String
        var comparison: Comparison
        var operand: Operand
    }

    var kind: Kind
    /// The upstream, tool, route or fault; nil for any.
    var target: NamePattern?
    /// Where a fault struck; nil for anywhere.
    var place: NamePattern?
    var status: ClosedRange<Int>?
    var text: Text?
    var exit: Exit?
    var conditions: [Condition] = []

    /// The variables, each once, sorted.
    var variables: [String] {
        var found: [String] = []
        for condition in conditions {
            if case .variable(let name) = condition.operand, !found.contains(name) {
                found.append(name)
            }
        }
        return found.sorted()
    }
}

/// A name in which `*` stands for any text, or a route, `POST /orders/*`.
struct NamePattern: Hashable, Sendable {
    let text: String
    private let route: RoutePattern?
    private let glob: [UInt8]

    init(_ text: String) {
        self.text = text
        route = text.contains("/") ? RoutePattern(text) : nil
        glob = Array(text.utf8)
    }

    /// Whether it is written as a route.
    var isRoute: Bool { route != nil }

    /// Whether it may stand for several names.
    var isOpen: Bool { text.contains("*") }

    /// Whether it is this route.
    func matches(method: String, path: String) -> Bool {
        route?.matches(method: method, path: path) ?? false
    }

    /// Whether it is this name.
    ///
    /// Only the last star is ever tried again, so the cost is at most the product of the lengths.
    func matches(name: String) -> Bool {
        let name = Array(name.utf8)
        var place = 0
        var at = 0
        var star: (glob: Int, name: Int)?
        while at < name.count {
            if place < glob.count, glob[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < glob.count, glob[place] == name[at] {
                place += 1
                at += 1
            } else if let last = star {
                place = last.glob + 1
                at = last.name + 1
                star = (last.glob, at)
            } else {
                return false
            }
        }
        return glob[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
