internal import Determinism

/// What the rules of text share.
enum OutputText {
    /// Text of the agent in quotes, cut, and without what would break a line or hide.
    static func quoted(_ text: String) -> String { "\"\(PlainText.clipped(text))\"" }

    /// Without blanks and line ends around it.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// Whether a text is in another one: code point by code point, else by whole characters.
    static func isFound(_ wanted: String, in text: String, isCaseSensitive: Bool) -> Bool {
        let needle = isCaseSensitive ? wanted : wanted.lowercased()
        let subject = isCaseSensitive ? text : text.lowercased()
        if ByteSearch(Array(needle.utf8)).first(in: Array(subject.utf8)) != nil { return true }
        // An accent may be a part of its letter or stand behind it.
        return !needle.utf8.allSatisfy { $0 < 0x80 } && subject.contains(needle)
    }
}

extension TextRules {
    struct Contains: InvariantRule {
        let name: String
        let texts: [String]
        let isCaseSensitive: Bool

        var id: String {
            "\(name)(" + texts.map(OutputText.quoted).joined(separator: ", ") + ")"
        }

        func check(_ conduct: Conduct) -> Finding {
            for output in conduct.outputTexts {
                let found = texts.first {
                    OutputText.isFound($0, in: output, isCaseSensitive: isCaseSensitive)
                }
                if let found {
                    return .holds("the output contains \(OutputText.quoted(found))")
                }
            }
            let list = texts.map(OutputText.quoted).joined(separator: " or ")
            return .brokenAtEnd("the output does not contain \(list)")
        }
    }

    /// A rule about all of each answer.
    struct Whole: InvariantRule {
        let name: String
        let text: String
        let isCaseSensitive: Bool
        let holds: @Sendable ([UInt8], [UInt8]) -> Bool

        var id: String { "\(name)(\(OutputText.quoted(text)))" }

        func check(_ conduct: Conduct) -> Finding {
            let wanted = form(text)
            for output in conduct.outputTexts where !holds(form(output), wanted) {
                let trimmed = OutputText.trimmed(output)
                let seen = name == "ends_with" ? String(trimmed.suffix(40)) : trimmed
                return .brokenAtEnd("the output is \(OutputText.quoted(seen))")
            }
            return .holds("the output has the text \(OutputText.quoted(text))")
        }

        private func form(_ text: String) -> [UInt8] {
            let trimmed = OutputText.trimmed(text)
            return Array((isCaseSensitive ? trimmed : trimmed.lowercased()).utf8)
        }
    }

    struct Excludes: InvariantRule {
        let patterns: [Expression]
        let texts: [String]
        let isCaseSensitive: Bool

        var id: String {
            let list = patterns.map { "/\($0.text)/" } + texts.map(OutputText.quoted)
            return "excludes_pattern(" + list.joined(separator: ", ") + ")"
        }

        func check(_ conduct: Conduct) -> Finding {
            for output in conduct.outputTexts {
                if let found = patterns.first(where: { $0.pattern.isFound(in: output) }) {
                    return .brokenAtEnd("the output matches /\(found.text)/")
                }
                let text = texts.first {
                    OutputText.isFound($0, in: output, isCaseSensitive: isCaseSensitive)
                }
                if let text {
                    return .brokenAtEnd("the output contains \(OutputText.quoted(text))")
                }
            }
            return .holds("the output has none of them")
        }
    }

    struct Expression: InvariantRule {
        let text: String
        let pattern: Pattern

        var id: String { "regex /\(text)/" }

        func check(_ conduct: Conduct) -> Finding {
            conduct.outputTexts.contains { pattern.isFound(in: $0) }
                ? .holds("the output matches /\(text)/") : .brokenAtEnd("no match of /\(text)/")
        }
    }
}
