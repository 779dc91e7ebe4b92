import Determinism

/// Writes the lines of a stream of Ollama that says something else.
struct OllamaWriter {
    private let recording: OllamaRecording
    private let events: [StreamEvent]
    private let form: OllamaForm
    /// The line that stands for all that have none of their own kind.
    private let anyTemplate: Int

    /// Prepares for a recorded stream up to its last line.
    init?(_ recording: OllamaRecording, _ events: [StreamEvent]) {
        let places = recording.lines.indices.filter { recording.lines[$0] != nil }
        guard let template = places.last(where: { $0 < recording.end }) ?? places.last else {
            return nil
        }
        self.recording = recording
        self.events = events
        form = OllamaForm(recording.route)
        anyTemplate = template
    }

    /// The lines that say these parts; nil where there is no form for them.
    func body(saying parts: [AnswerPart]) -> [StreamEvent]? {
        let pairs = PartPairing.pairs(parts, with: recording.parts.map(\.said))
        var threads: [StreamWeaver.Strand] = []
        var calls = OllamaCalls(recording)
        for (part, pair) in zip(parts, pairs) {
            switch part {
            case .refusal: return nil
            case .text(let text): threads += pieces(of: text, pair)
            case .kept:
                guard let pair else { return nil }
                threads += recording.parts[pair].atoms.map { .recorded($0, part: pair) }
            case .call(let call):
                guard let json = calls.next(call, like: pair) else { return nil }
                let atom = pair.flatMap { recording.parts[$0].atoms.first }
                if let atom, let pair, case .call(json) = recording.atoms[atom].facet {
                    threads.append(.recorded(atom, part: pair))
                } else {
                    let template = atom.map { recording.atoms[$0].line } ?? anyTemplate
                    threads.append(.fresh(event(.call(json), like: template)))
                }
            }
        }
        return weaver.woven(threads)
    }

    private var weaver: StreamWeaver {
        StreamWeaver(
            events: events.enumerated().map { place, event in
                guard place == recording.end, let line = recording.lines[place] else {
                    return event
                }
                let json = OllamaLine.withoutCopies(line.json)
                return json == line.json ? event : event.replacingJSON(json)
            },
            atomEvents: recording.atoms.map(\.line), stop: recording.end,
            rest: { rest(of: $0) },
            single: { event(recording.atoms[$0].facet, like: recording.atoms[$0].line) })
    }

    /// The last line without its content; of others nothing stays.
    private func rest(of place: Int) -> StreamEvent? {
        guard place == recording.end, let line = recording.lines[place] else { return nil }
        let json = form.line(saying: [], like: OllamaLine.withoutCopies(line.json))
        return events[place].replacingJSON(json)
    }

    private func pieces(of text: String, _ pair: Int?) -> [StreamWeaver.Strand] {
        let lines = pair.map { recording.parts[$0].atoms.map { recording.atoms[$0].line } } ?? []
        let template = lines.last { $0 < recording.end } ?? anyTemplate
        let recorded = pair.map { part in
            StreamWeaver.RecordedText(
                part: part, atoms: recording.parts[part].atoms,
                fragments: recording.fragments(of: part))
        }
        return StreamWeaver.pieces(of: text, like: recorded) { piece in
            event(.text(piece), like: template)
        }
    }

    /// A line, not the last one, that says one thing.
    private func event(_ facet: OllamaFacet, like place: Int) -> StreamEvent {
        guard let line = recording.lines[place] else { return events[place] }
        var json = form.line(saying: [facet], like: OllamaForm.opened(line.json))
        json["logprobs"] = nil
        let event = events[place].replacingJSON(json)
        // A last line that ends without a line feed must not stand before another one.
        guard case .line(let written) = event, !written.endsWithLineFeed else { return event }
        return .line(JSONLine(data: json.encoded()))
    }
}

/// Writes tool calls one after the other, as they were recorded where they say the same.
struct OllamaCalls {
    private let recording: OllamaRecording
    private let hasNoIDs: Bool
    private let hasIndices: Bool
    private var lastIndex = -1

    init(_ recording: OllamaRecording) {
        self.recording = recording
        let calls = recording.atoms.compactMap { atom in
            if case .call(let json) = atom.facet { json } else { nil }
        }
        hasNoIDs = !calls.isEmpty && calls.allSatisfy { $0["id"]?.stringValue == nil }
        hasIndices = calls.allSatisfy { $0["function"]?["index"]?.placeValue != nil }
    }

    /// The next call; nil where it has no form.
    mutating func next(_ call: AnswerCall, like pair: Int?) -> JSONValue? {
        if hasNoIDs, call.id != nil { return nil }
        var recorded: JSONValue?
        if let pair, let atom = recording.parts[pair].atoms.first,
            case .call(let json) = recording.atoms[atom].facet
        {
            recorded = json
        }
        let next = lastIndex.addingReportingOverflow(1)
        let old = recorded?["function"]?["index"]?.placeValue ?? -1
        guard old > lastIndex || !next.overflow else { return nil }
        lastIndex = old > lastIndex ? old : next.partialValue
        if let recorded, !hasIndices || lastIndex == old,
            OllamaLine.call(recorded).isExactly(call)
        {
            return recorded
        }
        return OllamaForm.call(call, like: recorded, index: hasIndices ? lastIndex : nil)
    }
}

extension OllamaRecording {
    /// The facets of these parts in a single line; nil where they have no form.
    func facets(saying parts: [AnswerPart]) -> [OllamaFacet]? {
        let pairs = PartPairing.pairs(parts, with: self.parts.map(\.said))
        var calls = OllamaCalls(self)
        var facets: [OllamaFacet] = []
        for (part, pair) in zip(parts, pairs) {
            switch part {
            case .refusal: return nil
            case .text(let text): facets.append(.text(text))
            case .kept:
                guard let atom = pair.flatMap({ self.parts[$0].atoms.first }) else { return nil }
                facets.append(atoms[atom].facet)
            case .call(let call):
                guard let json = calls.next(call, like: pair) else { return nil }
                facets.append(.call(json))
            }
        }
        return facets
    }
}
