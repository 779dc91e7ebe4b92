import Determinism

/// One thing that a line of Ollama says.
enum OllamaFacet {
    /// Visible text.
    case text(String)
    /// A whole tool call.
    case call(JSONValue)
    /// Thinking, or any other member.
    case kept(key: String, JSONValue)
}

/// A recorded stream of Ollama, or an answer as its only line, taken apart.
struct OllamaRecording {
    /// The smallest piece of content.
    struct Atom {
        let line: Int
        let facet: OllamaFacet
    }

    /// A recorded part.
    struct Part {
        var said: AnswerPart
        var atoms: [Int] = []
    }

    let route: OllamaRoute
    /// The lines up to the last one, which says `done`; nil for what is none.
    private(set) var lines: [OllamaLine?] = []
    private(set) var atoms: [Atom] = []
    private(set) var parts: [Part] = []
    private var texts = Texts()
    private var model: String?

    /// The places of the parts of which there is one each.
    private struct Texts {
        var text: Int?
        var kept: [String: Int] = [:]
    }

    /// Reads a stream; nil when it is not whole, not understood, or about loading a model.
    init?(_ events: [StreamEvent], _ route: OllamaRoute) {
        self.route = route
        for event in events {
            let line = OllamaLine(event.json, route)
            lines.append(line)
            guard let line else { continue }
            guard !line.isError, take(line) else { return nil }
            if line.isDone {
                guard !line.isOfLoading else { return nil }
                joinText()
                return
            }
        }
        return nil
    }

    /// Reads a whole answer.
    init?(_ answer: JSONValue, _ route: OllamaRoute) {
        self.route = route
        guard let line = OllamaLine(answer, route), !line.isError, line.isDone, !line.isOfLoading
        else { return nil }
        lines = [line]
        guard take(line) else { return nil }
        joinText()
    }

    /// The place of the last line.
    var end: Int { lines.count - 1 }

    /// What it says.
    var content: AnswerContent {
        AnswerContent(
            parts: parts.map(\.said),
            finish: Self.finish(lines.last??.json["done_reason"]?.stringValue), model: model)
    }

    private static func finish(_ word: String?) -> AnswerFinish {
        switch word {
        case nil, "": .unsaid
        case "stop": .stop
        case "length": .length
        case .some(let word): .other(word)
        }
    }

    private mutating func take(_ line: OllamaLine) -> Bool {
        guard let facets = OllamaForm(route).facets(of: line.json) else { return false }
        if model == nil { model = line.json["model"]?.stringValue }
        for facet in facets {
            parts[part(of: facet)].atoms.append(atoms.count)
            atoms.append(Atom(line: lines.count - 1, facet: facet))
        }
        return true
    }

    private mutating func part(of facet: OllamaFacet) -> Int {
        let next = parts.count
        switch facet {
        case .text:
            if let known = texts.text { return known }
            texts.text = next
            parts.append(Part(said: .text("")))
        case .kept(let key, _):
            if let known = texts.kept[key] { return known }
            parts.append(Part(said: .kept(texts.kept.count)))
            texts.kept[key] = next
        case .call(let json): parts.append(Part(said: .call(OllamaLine.call(json))))
        }
        return next
    }

    private mutating func joinText() {
        guard let place = texts.text else { return }
        parts[place].said = .text(fragments(of: place).joined())
    }

    /// The pieces of the text of a part.
    func fragments(of part: Int) -> [String] {
        parts[part].atoms.map { atom in
            if case .text(let text) = atoms[atom].facet { text } else { "" }
        }
    }
}
