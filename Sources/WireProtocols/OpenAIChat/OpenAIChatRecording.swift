import Determinism

/// A recorded stream of chat completions, taken apart.
struct OpenAIChatRecording {
    /// The smallest piece of content.
    struct Atom {
        let event: Int
        let facet: OpenAIChatFacet
        /// The part that it belongs to.
        var part: Int
    }

    /// A recorded part.
    struct Part {
        var said: AnswerPart
        var atoms: [Int] = []
        /// The index of a call.
        var index = 0
    }

    /// The events before the terminator, and what they hold.
    private(set) var chunks: [OpenAIChatChunk?] = []
    private(set) var atoms: [Atom] = []
    private(set) var parts: [Part] = []
    private var finishWord: String?
    private var model: String?
    private var places: [String: Int] = [:]
    /// The part in which each slot of the calls was opened.
    private var slots: [Int] = []
    private var calls = OpenAIToolCalls()

    /// Reads a stream; nil when it is not whole, not understood or has several choices.
    init?(_ events: [StreamEvent]) {
        for event in events {
            let chunk = OpenAIChatChunk(event)
            if chunk?.isDone == true {
                // Without any choice it is a stream of another protocol.
                guard chunks.contains(where: { $0?.choice != nil }) else { return nil }
                orderCalls()
                joinTexts()
                return
            }
            chunks.append(chunk)
            guard chunk.map({ take($0) }) ?? true else { return nil }
        }
        return nil
    }

    /// What it says.
    var content: AnswerContent {
        AnswerContent(
            parts: parts.map(\.said), finish: OpenAIChatFinish.meaning(of: finishWord),
            model: model)
    }

    /// Whether an event says why the answer ended.
    func isFinish(_ event: Int) -> Bool {
        chunks[event]?.finishReason?.isEmpty == false
    }

    private mutating func take(_ chunk: OpenAIChatChunk) -> Bool {
        guard !chunk.isError, !chunk.hasOtherChoices,
            let facets = OpenAIChatFacet.all(of: chunk.choice?["delta"])
        else { return false }
        if let word = chunk.finishReason, !word.isEmpty { finishWord = word }
        if model == nil, let name = chunk.json["model"]?.stringValue, !name.isEmpty { model = name }
        for facet in facets {
            let part = part(of: facet)
            parts[part].atoms.append(atoms.count)
            atoms.append(Atom(event: chunks.count - 1, facet: facet, part: part))
        }
        return true
    }

    private mutating func part(of facet: OpenAIChatFacet) -> Int {
        switch facet {
        case .text: return part("text", .text(""))
        case .refusal: return part("refusal", .refusal(""))
        case .kept(let key, _): return part("kept " + key, .kept(0))
        case .call(let delta): return part(ofCall: OpenAIChatChunk.ToolDelta(delta))
        }
    }

    private mutating func part(_ key: String, _ said: AnswerPart) -> Int {
        if let known = places[key] { return known }
        places[key] = parts.count
        parts.append(Part(said: said))
        return parts.count - 1
    }

    private mutating func part(ofCall delta: OpenAIChatChunk.ToolDelta) -> Int {
        let slot = calls.add(delta)
        if slot == slots.count {
            slots.append(parts.count)
            parts.append(Part(said: .call(AnswerCall(id: nil, name: "", arguments: nil))))
        }
        return slots[slot]
    }

    /// Lets the calls stand in the order of their index, in the places in which calls came.
    private mutating func orderCalls() {
        let gathered = slots.map { parts[$0].atoms }
        for (part, slot) in zip(slots, calls.order) {
            parts[part].atoms = gathered[slot]
            parts[part].index = calls.index(ofSlot: slot)
            for atom in gathered[slot] { atoms[atom].part = part }
            parts[part].said = .call(call(gathered[slot]))
        }
    }

    private func call(_ numbers: [Int]) -> AnswerCall {
        var call = AnswerCall(id: nil, name: "", arguments: nil)
        for number in numbers {
            guard case .call(let json) = atoms[number].facet else { continue }
            let delta = OpenAIChatChunk.ToolDelta(json)
            if call.id?.isEmpty != false { call.id = delta.id ?? call.id }
            if call.name.isEmpty { call.name = delta.name ?? "" }
            if let fragment = delta.arguments { call.arguments = (call.arguments ?? "") + fragment }
        }
        return call
    }

    private mutating func joinTexts() {
        var keptCount = 0
        for place in parts.indices {
            switch parts[place].said {
            case .text: parts[place].said = .text(fragments(of: place).joined())
            case .refusal: parts[place].said = .refusal(fragments(of: place).joined())
            case .kept:
                parts[place].said = .kept(keptCount)
                keptCount += 1
            case .call: continue
            }
        }
    }

    /// The pieces of the text, the refusal or the arguments of a part.
    func fragments(of part: Int) -> [String] {
        parts[part].atoms.map { atom in
            switch atoms[atom].facet {
            case .text(let text), .refusal(let text): text
            case .call(let json): json["function"]?["arguments"]?.stringValue ?? ""
            case .kept: ""
            }
        }
    }
}
