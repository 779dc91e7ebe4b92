import Determinism

/// Tells which citations of a document still quote what it says.
struct CohereQuotes {
    /// For each recorded block: its new place and how many scalars of its start are as they were.
    private var blocks: [(place: Int, count: Int)?]
    private let firstText: Int?
    private let hasPlan: Bool

    init(
        _ new: AnswerContent, _ old: AnswerContent, _ sources: PartSources, contentStart: Int
    ) {
        let contents = old.parts.dropFirst(contentStart).prefix {
            if case .call = $0 { false } else { true }
        }
        blocks = Array(repeating: nil, count: contents.count)
        firstText = contents.indices.first { if case .text = old.parts[$0] { true } else { false } }
            .map { $0 - contentStart }
        hasPlan = contentStart > 0 && sources.places.first == .some(0)
        let start = hasPlan ? 1 : 0
        for (place, source) in sources.places.enumerated() {
            guard let source, contents.indices.contains(source) else { continue }
            let count: Int
            if case .text(let one) = old.parts[source], case .text(let two) = new.parts[place] {
                count = zip(one.unicodeScalars, two.unicodeScalars).prefix { $0 == $1 }.count
            } else {
                count = .max
            }
            blocks[source - contentStart] = (place - start, count)
        }
    }

    /// The citation with the place of its block; nil when what it quotes is lost.
    func kept(_ citation: JSONValue) -> JSONValue? {
        if citation["type"]?.stringValue == "PLAN" { return hasPlan ? citation : nil }
        let place = citation["content_index"]?.placeValue ?? firstText
        guard let place, blocks.indices.contains(place), let block = blocks[place],
            citation["end"]?.placeValue ?? 0 <= block.count
        else { return nil }
        var citation = citation
        if citation["content_index"] != nil { citation["content_index"] = .int(Int64(block.place)) }
        return citation
    }
}
