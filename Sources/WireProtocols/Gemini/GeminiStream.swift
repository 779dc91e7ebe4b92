import Determinism

/// A recorded stream as the parts of its answer, each in the pieces in which it came.
struct GeminiStream {
    /// A part inside a chunk.
    struct Piece {
        /// The place of the event.
        let place: Int
        /// The part as it was sent.
        let json: JSONValue
    }

    /// A part of the answer.
    struct Part {
        /// What it says, once all pieces are there.
        var said: AnswerPart
        /// Its pieces.
        var pieces: [Piece]

        /// The texts of its pieces.
        var texts: [String] { pieces.map { GeminiPart.text($0.json) } }
    }

    /// The parts of the answer.
    private(set) var parts: [Part] = []
    /// The chunks, nil for what is none, such as what closes an array.
    private(set) var chunks: [GeminiChunk?]
    /// The place of the chunk that says why the answer ended.
    let end: Int
    /// The reason.
    let finish: AnswerFinish
    /// The model that the first chunk with one names.
    private(set) var model: String?

    /// Reads a stream; nil when it is not whole, is not understood or has several candidates.
    init?(_ events: [StreamEvent]) {
        guard events.allSatisfy({ $0.isTerminated }),
            let end = GeminiReader.editableEnd(of: events),
            events.last?.framing != .jsonArray || events.last?.closesArray == true
        else { return nil }
        self.end = end.place
        finish = Gemini.finishes.finish(of: end.reason)
        chunks = events.map { GeminiChunk($0) }
        var calls = GeminiCalls()
        var slots: [Int] = []
        for (place, event) in events.enumerated() {
            guard let chunk = chunks[place] else {
                guard event.data == nil else { return nil }
                continue
            }
            model = model ?? chunk.json["modelVersion"]?.stringValue
            for json in chunk.parts {
                // What says something behind the end is not of this answer.
                guard place <= end.place, !GeminiPart.isMixed(json) else { return nil }
                take(Piece(place: place, json: json), &calls, &slots)
            }
        }
        let joined = calls.calls
        for (slot, part) in slots.enumerated() where joined.indices.contains(slot) {
            parts[part].said = .call(
                AnswerCall(joined[slot], opening: parts[part].pieces.first?.json))
        }
        finishParts()
    }

    /// What the stream says.
    var content: AnswerContent {
        AnswerContent(parts: parts.map(\.said), finish: finish, model: model)
    }

    /// Takes a piece; `slots` tells the part of each call.
    private mutating func take(_ piece: Piece, _ calls: inout GeminiCalls, _ slots: inout [Int]) {
        let json = piece.json
        if let slot = calls.add(json) {
            if slot < slots.count {
                parts[slots[slot]].pieces.append(piece)
            } else {
                slots.append(parts.count)
                let call = AnswerCall(id: nil, name: "", arguments: nil)
                parts.append(Part(said: .call(call), pieces: [piece]))
            }
            return
        }
        // What only closes a call that is closed already.
        if json["functionCall"] != nil, json.objectValue?.count == 1 { return }
        if GeminiPart.isPlainText(json) {
            let text = GeminiPart.text(json)
            if text.isEmpty { return }
            if case .text? = parts.last?.said {
                parts[parts.count - 1].pieces.append(piece)
            } else {
                parts.append(Part(said: .text(""), pieces: [piece]))
            }
            return
        }
        let isThought = GeminiPart.isThought(json)
        if isThought, case .kept? = parts.last?.said,
            parts.last?.pieces.last.map({ GeminiPart.isThought($0.json) }) == true
        {
            parts[parts.count - 1].pieces.append(piece)
        } else {
            parts.append(Part(said: .kept(0), pieces: [piece]))
        }
    }

    /// Joins texts and counts what is kept.
    private mutating func finishParts() {
        for place in parts.indices {
            guard case .text = parts[place].said else { continue }
            parts[place].said = .text(parts[place].texts.joined())
        }
        for (place, part) in content.renumbered.parts.enumerated() { parts[place].said = part }
    }
}
