internal import Determinism

/// A formula of the temporal language, its parts in the order in which they are evaluated.
///
/// A part names others by their index, and only such as stand before it. So no step of the
/// evaluation needs recursion, and the last part is the whole.
package struct TemporalFormula: Hashable, Sendable {
    /// How far a window reaches, counted from where it opens.
    enum Window: Hashable, Sendable {
        case time(SimDuration)
        /// Requests of the agent over the wire.
        case steps(Int)
    }

    /// What ties an event to another.
    enum Relation: String, Hashable, Sendable {
        /// The event happens, and the other has not happened yet.
        case before
        /// The event happens, and the other has happened earlier.
        case after
        /// The event happens, though the other has not happened earlier.
        case lacksEarlier
        /// The event happens, and the other does not follow.
        case lacksLater
    }

    /// An event that stands in a relation to another.
    struct Link: Hashable, Sendable {
        var relation: Relation
        var event: Int
        var other: Int
        var window: Window?
    }

    /// How often an event happens.
    struct Count: Hashable, Sendable {
        var event: Int
        var least: Int?
        var most: Int?
        var window: Window?
    }

    /// The operator of a part.
    enum Form: Hashable, Sendable {
        case constant(Bool)
        case atom(TemporalAtom)
        case not(Int)
        case both(Int, Int)
        case either(Int, Int)
        case implies(Int, Int)
        case always(Int, Window?)
        case never(Int, Window?)
        case eventually(Int, Window?)
        /// Until; the weak one (`unless`) does not need its right side to come.
        case until(Int, Int, isStrong: Bool)
        case link(Link)
        case count(Count)
        /// The body holds just after the event has happened so often.
        case after(event: Int, count: Int, body: Int)
    }

    /// One part.
    struct Node: Hashable, Sendable {
        var form: Form
        /// Its place in the text, in Unicode scalars.
        var range: Range<Int>
        /// Whether it speaks of one moment only: atoms under `not`, `and`, `or`, `->`.
        var isEvent: Bool
    }

    /// The text without needless white space.
    package let text: String
    let scalars: [Unicode.Scalar]
    let nodes: [Node]

    init(scalars: [Unicode.Scalar], nodes: [Node]) {
        self.scalars = scalars
        self.nodes = nodes
        let written = String(String.UnicodeScalarView(scalars))
        text = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    var root: Int { nodes.count - 1 }

    /// The text of a part, in one line.
    func text(of node: Int) -> String {
        guard nodes.indices.contains(node) else { return "" }
        let written = String(String.UnicodeScalarView(scalars[nodes[node].range]))
        let line = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return PlainText.clipped(line)
    }

    /// Whether it compares instants.
    var usesTime: Bool {
        nodes.contains { node in
            switch node.form {
            case .always(_, .time), .never(_, .time), .eventually(_, .time): true
            case .link(let link): link.window.isTime
            case .count(let count): count.window.isTime
            default: false
            }
        }
    }
}

extension TemporalFormula.Window {
    /// For messages, such as `60 s`; minutes are told in seconds.
    var text: String {
        switch self {
        case .steps(let count): return count == 1 ? "1 step" : "\(count) steps"
        case .time(let span):
            let milliseconds = span.nanoseconds / 1_000_000
            return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
        }
    }
}

extension TemporalFormula.Window? {
    fileprivate var isTime: Bool {
        if case .some(.time) = self { true } else { false }
    }
}
