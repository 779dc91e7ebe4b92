import Determinism

/// Writes the chunks of a stream anew, as an edited content wants them.
///
/// A chunk whose parts stay together stays byte for byte. New pieces come in chunks of their own.
/// The chunk with the reason stays last: where its parts are said earlier, they get a chunk too.
struct GeminiWriter {
    /// A part to be sent, with the place of the chunk from which it is; nil for a fresh one.
    private struct Piece {
        let place: Int?
        let json: JSONValue
    }

    private let events: [StreamEvent]
    private let stream: GeminiStream
    private let old: AnswerContent
    private let new: AnswerContent
    private let reason: String
    private let losesText: Bool
    private var pieces: [Piece] = []
    private var result: [StreamEvent] = []
    /// The places of chunks without a piece, of which those before `nextEmpty` were written.
    private let empties: [Int]
    private var nextEmpty = 0
    /// The parts of each chunk that are pieces of the answer.
    private var recorded: [Int: [JSONValue]] = [:]
    /// A chunk without a part.
    private let blank: (event: StreamEvent, chunk: GeminiChunk)

    /// Lays out the pieces; nil where a part has no form.
    init?(_ events: [StreamEvent], _ stream: GeminiStream, _ new: AnswerContent, reason: String) {
        let first = events.indices.first { stream.chunks[$0]?.candidate?.objectValue != nil }
        guard let first, let blank = stream.chunks[first].flatMap(Self.blank) else { return nil }
        self.blank = (events[first].replacingJSON(blank.json), blank)
        self.events = events
        self.stream = stream
        self.new = new
        self.reason = reason
        old = stream.content
        losesText = !old.isTextKept(by: new)
        for piece in stream.parts.flatMap(\.pieces) {
            recorded[piece.place, default: []].append(piece.json)
        }
        let recorded = recorded
        empties = events.indices.prefix { $0 < stream.end }.filter { recorded[$0] == nil }
        guard layOut() else { return nil }
    }

    private mutating func layOut() -> Bool {
        guard let sources = PartSources(new.parts, from: old.parts) else { return false }
        for (part, source) in zip(new.parts, sources.places) {
            guard let pieces = Self.pieces(part, source.map { stream.parts[$0] }) else {
                return false
            }
            self.pieces += pieces
        }
        return true
    }

    /// The pieces of a part: the recorded ones as far as they say it.
    private static func pieces(_ part: AnswerPart, _ source: GeminiStream.Part?) -> [Piece]? {
        let recorded = (source?.pieces ?? []).map { Piece(place: $0.place, json: $0.json) }
        if source?.said.isExactly(part) == true { return recorded }
        switch part {
        case .text(let text):
            let texts = source?.texts ?? []
            let pieces = TextPieces.cut(text, like: texts)
            let same = zip(pieces, texts).prefix { ExactText.areSame($0, $1) }.count
            let fresh = pieces.dropFirst(same).map {
                Piece(place: nil, json: ["text": .string($0)])
            }
            return recorded.prefix(same) + fresh
        case .call(let call):
            if case .call(let before)? = source?.said, let first = recorded.first,
                recorded.count > 1,
                ExactText.areSame(before.arguments, call.arguments), !call.name.isEmpty
            {
                let named = GeminiPart.named(call, first.json)
                return [Piece(place: first.place, json: named)] + recorded.dropFirst()
            }
            let whole = GeminiPart.edited(part, recorded.first?.json)
            return whole.map { [Piece(place: recorded.first?.place, json: $0)] }
        case .refusal, .kept: return nil
        }
    }

    /// The whole stream.
    mutating func written() -> [StreamEvent] {
        var rest = pieces[...]
        var last: [JSONValue] = []
        while let first = rest.first {
            var run = rest.prefix { first.place != nil && $0.place == first.place }
            if run.isEmpty { run = rest.prefix(1) }
            rest = rest.dropFirst(run.count)
            let parts = run.map(\.json)
            if let place = first.place {
                writeEmpties(before: place)
                if place == stream.end, rest.isEmpty {
                    last = parts
                } else {
                    write(parts, like: place)
                }
            } else {
                write(parts)
            }
        }
        writeEmpties(before: stream.end)
        writeEnd(last)
        for place in events.indices.dropFirst(stream.end + 1) {
            result.append(edited(place) { _ in })
        }
        return result
    }

    private mutating func writeEmpties(before place: Int) {
        while nextEmpty < empties.count, empties[nextEmpty] < place {
            let empty = empties[nextEmpty]
            result.append(edited(empty) { _ in })
            nextEmpty += 1
        }
    }

    /// Writes parts of a recorded chunk, which is not the end of the new stream.
    private mutating func write(_ parts: [JSONValue], like place: Int) {
        if place == stream.end, let chunk = stream.chunks[place].flatMap(Self.blank) {
            write(parts, events[place], chunk)
        } else {
            let isWhole = recorded[place] == parts
            result.append(
                edited(place) { if !isWhole { GeminiEdits.setParts(&$0, parts) } })
        }
    }

    /// Writes fresh parts.
    private mutating func write(_ parts: [JSONValue]) {
        write(parts, blank.event, blank.chunk)
    }

    private mutating func write(_ parts: [JSONValue], _ event: StreamEvent, _ chunk: GeminiChunk) {
        guard var candidate = chunk.candidate else { return }
        GeminiEdits.setParts(&candidate, parts)
        result.append(event.replacingJSON(modelled(chunk.replacingCandidate(candidate))))
    }

    /// Writes the chunk with the reason, with those parts of its own that nothing follows, and
    /// with what shows nothing in it.
    private mutating func writeEnd(_ parts: [JSONValue]) {
        let place = stream.end
        let own = recorded[place] ?? []
        let all = stream.chunks[place]?.parts ?? []
        // Of an end that loses parts the empty texts stay, since they are no parts of the answer.
        let hidden = all.filter { GeminiPart.isPlainText($0) && GeminiPart.text($0).isEmpty }
        result.append(
            edited(place) { candidate in
                if parts != own { GeminiEdits.setParts(&candidate, parts + hidden) }
                if new.finish != old.finish { GeminiEdits.finish(&candidate, reason) }
            })
    }

    /// A recorded event with an edited candidate; what described a text that is lost goes.
    private func edited(_ place: Int, _ edit: (inout JSONValue) -> Void) -> StreamEvent {
        guard let chunk = stream.chunks[place] else { return events[place] }
        var json = chunk.json
        if var candidate = chunk.candidate {
            edit(&candidate)
            if losesText { GeminiEdits.dropDescriptions(&candidate) }
            json = chunk.replacingCandidate(candidate)
        }
        json = modelled(json)
        return json == chunk.json ? events[place] : events[place].replacingJSON(json)
    }

    private func modelled(_ json: JSONValue) -> JSONValue {
        guard json["modelVersion"] != nil, let model = new.model,
            !ExactText.areSame(model, old.model)
        else { return json }
        var json = json
        json["modelVersion"] = .string(model)
        return json
    }

    /// A chunk without parts, reason and what describes the whole answer.
    private static func blank(_ chunk: GeminiChunk) -> GeminiChunk? {
        guard var candidate = chunk.candidate else { return nil }
        GeminiEdits.setFinish(&candidate, nil)
        GeminiEdits.dropDescriptions(&candidate)
        candidate["groundingMetadata"] = .none
        if candidate["content"]?["parts"] != nil { candidate["content"]?["parts"] = [] }
        return GeminiChunk(chunk.replacingCandidate(candidate))
    }
}
