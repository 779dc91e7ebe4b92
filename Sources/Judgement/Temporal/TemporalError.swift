/// Why a text is no formula, with its place.
package struct TemporalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Something else was expected here.
        case unexpected
        /// A word that means nothing here.
        case unknownWord
        /// A value that is out of bounds or does not compile.
        case wrongValue
        /// It can be read in two ways, or says something that nobody means.
        case misleading
        /// A variable where it cannot be bound.
        case variable
        /// The text is too long or nested too deeply.
        case tooLarge
    }

    private static let lineMax = 100

    /// The kind of failure.
    package let code: Code
    /// What is wrong, and how to mend it.
    package let message: String
    /// The line, from 1.
    package let line: Int
    /// The column, from 1, in Unicode scalars.
    package let column: Int
    private let excerpt: String
    private let caret: String

    init(_ code: Code, _ message: String, at range: Range<Int>, of scalars: [Unicode.Scalar]) {
        self.code = code
        self.message = message
        let place = min(range.lowerBound, scalars.count)
        let before = scalars[..<place]
        let start = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let end = scalars[place...].firstIndex(of: "\n") ?? scalars.count
        line = before.count { $0 == "\n" } + 1
        column = place - start + 1
        // Of a long line only what surrounds the place is shown.
        let from = max(start, place - TemporalError.lineMax / 2)
        let to = min(end, from + TemporalError.lineMax)
        excerpt = String(String.UnicodeScalarView(scalars[from..<to].map(TemporalError.shown)))
        let length = max(1, min(range.upperBound, to) - place)
        caret =
            String(repeating: " ", count: place - from) + String(repeating: "^", count: length)
    }

    /// The message, the line and a caret under the place.
    package var description: String {
        "line \(line), column \(column): \(message)\n  \(excerpt)\n  \(caret)"
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: " "
        default: scalar
        }
    }
}
