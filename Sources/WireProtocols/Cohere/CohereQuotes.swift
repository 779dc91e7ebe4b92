import Determinism

/// Tells which citations of a document still quote what it says.
struct CohereQuotes {
    /// For each recorded block: its new place and how many scalars of its start are as they were.
    private var blocks: [(place: Int, count: Int)?]
    private let firstText: Int?
    private let hasPlan: Bool

    init(
        _ new: AnswerContent, _ old: AnswerContent, _ sources: PartSources, contentStart: Int,
        hasPlan: Bool
    ) {
        let contents = old.parts.dropFirst(contentStart).prefix {
            if case .call = $0 { false } else { true }
        }
        blocks = Array(repeating: nil, count: contents.count)
        firstText = contents.indices.first { if case .text = old.parts[$0] { true } else { false } }
            .map { $0 - contentStart }
        self.hasPlan = hasPlan
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

/// Counts the citations of a stream anew, and points them to the blocks that stayed.
struct CohereStreamQuotes {
    private let movedIndices: [Int: Int]
    private var count = 0
    /// The new index for each recorded one, of the citation that was opened last under it.
    private var numbers: [Int: Int] = [:]

    /// Takes the new index for each recorded index of a block that stayed.
    init(movedIndices: [Int: Int]) {
        self.movedIndices = movedIndices
    }

    /// The event, edited where it is one of a citation; nil when what it quotes is lost.
    mutating func kept(_ event: StreamEvent) -> StreamEvent? {
        guard let decoded = CohereEvent(event), decoded.block?.kind == .citation else {
            return event
        }
        var json = decoded.json
        if let citation = json["delta"]?["message"]?["citations"] {
            guard let moved = moved(citation) else {
                numbers[decoded.index] = nil
                return nil
            }
            json["delta"]?["message"]?["citations"] = moved
        }
        if decoded.isStart {
            numbers[decoded.index] = count
            count += 1
        }
        guard let number = numbers[decoded.index] else { return nil }
        if json["index"] != nil { json["index"] = .int(Int64(number)) }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// A citation that points to the block that it quotes, wherever that stands now; one without
    /// an index, or of the plan, stays with the block behind which it stands.
    private func moved(_ citation: JSONValue) -> JSONValue? {
        guard citation["type"]?.stringValue != "PLAN",
            let index = citation["content_index"]?.placeValue
        else { return citation }
        guard let new = movedIndices[index] else { return nil }
        guard new != index else { return citation }
        var citation = citation
        citation["content_index"] = .int(Int64(new))
        return citation
    }
}
