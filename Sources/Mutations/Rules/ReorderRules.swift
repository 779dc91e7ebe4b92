internal import Determinism

/// The parts of a text in another order.
enum ReorderRules {
    static func sentences(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let parts = Sentences.ranges(of: context.text).map { context.text.string($0) }
        guard parts.count > 1 else { throw MutationRefusal("fewer than two sentences") }
        return Edited(
            text: shuffled(parts, context).joined(separator: " "),
            note: "the \(parts.count) sentences changed places")
    }

    static func instruction(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        var parts = Sentences.ranges(of: context.text).map { context.text.string($0) }
        guard parts.count > 1 else { throw MutationRefusal("fewer than two sentences") }
        parts.append(parts.removeFirst())
        return Edited(
            text: parts.joined(separator: " "), note: "the first sentence went to the end")
    }

    static func list(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        // Numbers stay where they are; what they number moves.
        let items = contents(of: context.text)
        guard items.count > 1 else { throw MutationRefusal("fewer than two list items") }
        let moved = zip(items, shuffled(items, context)).map { item, other in
            MutationContext.Replacement(item, context.text.string(other))
        }
        return Edited(
            text: context.applying(moved).text, note: "the \(items.count) items changed places")
    }

    /// What stands behind the markers of list items; lines in fenced code are none.
    private static func contents(of text: PromptText) -> [Range<Int>] {
        var isInside = [Bool](repeating: false, count: text.clusters.count + 1)
        for token in text.tokens {
            guard case .protected = token.kind else { continue }
            for place in token.range.dropFirst() { isInside[place] = true }
        }
        return text.clusters.indices.split(
            omittingEmptySubsequences: false, whereSeparator: { text.clusters[$0].isNewline }
        ).compactMap { line in
            // A span may also begin in an item and end below it.
            guard let marker = marker(of: text.string(line)),
                !isInside[line.lowerBound], !isInside[line.upperBound]
            else { return nil }
            return (line.lowerBound + marker)..<line.upperBound
        }
    }

    /// The longest part of the text from a brace to a brace that is a JSON object.
    static func members(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let clusters = context.text.clusters
        guard let start = clusters.firstIndex(of: "{"), let end = clusters.lastIndex(of: "}"),
            start < end,
            case .object(let members)? = try? JSONValue.parse(
                Array(context.text.string(start..<(end + 1)).utf8)),
            members.count > 1
        else { throw MutationRefusal("no JSON object with two members") }
        let turned = JSONValue.object(shuffled(members, context))
        return context.applying([.init(start..<(end + 1), turned.encodedText())])
    }

    /// A drawn order; the next rotation when it is the one that was there.
    private static func shuffled<Part>(_ parts: [Part], _ context: MutationContext) -> [Part] {
        let order = parts.indices.map { (context.draws.word(.order, at: $0), $0) }
            .sorted { $0 < $1 }.map(\.1)
        let isSame = order == Array(parts.indices)
        return isSame ? Array(parts.dropFirst() + parts.prefix(1)) : order.map { parts[$0] }
    }

    /// How many clusters the marker of a list item takes; nil for any other line.
    private static func marker(of line: String) -> Int? {
        let indent = line.prefix { $0 == " " || $0 == "\t" }.count
        let rest = line.dropFirst(indent)
        if let first = rest.first, "-*+\u{2022}".contains(first), rest.dropFirst().first == " " {
            return indent + 2
        }
        let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }.count
        let behind = rest.dropFirst(digits)
        guard digits > 0, behind.first == "." || behind.first == ")",
            behind.dropFirst().first == " "
        else { return nil }
        return indent + digits + 2
    }
}
