import Determinism

/// Writes the events of a stream of chat completions that says something else.
struct OpenAIChatWriter {
    private let events: [StreamEvent]
    private let recording: OpenAIChatRecording
    /// Whether the arguments of a call come in pieces behind its name.
    let streamsArguments: Bool
    private let stop: Int
    private let firstRole: Int?
    private let lastUsage: Int?
    /// The event that stands for all that have none of their own kind.
    private let anyTemplate: Int

    /// Prepares for a recorded stream; nil where it has no event that could be a template.
    init?(_ events: [StreamEvent], _ recording: OpenAIChatRecording, streamsArguments: Bool) {
        self.events = Array(events.prefix(recording.chunks.count))
        self.recording = recording
        let places = recording.chunks.indices
        let choices = places.filter { recording.chunks[$0]?.choice != nil && events[$0].isMovable }
        let plain = choices.last { !recording.isFinish($0) }
        guard let template = plain ?? choices.last,
            recording.atoms.allSatisfy({ events[$0.event].isMovable })
        else { return nil }
        anyTemplate = template
        stop = places.first { recording.isFinish($0) } ?? (choices.last ?? template) + 1
        firstRole = places.first { recording.chunks[$0]?.hasRole == true }
        lastUsage = places.last { recording.chunks[$0]?.hasUsage == true }
        self.streamsArguments = Self.streamsArguments(recording) ?? streamsArguments
    }

    private static func streamsArguments(_ recording: OpenAIChatRecording) -> Bool? {
        var isKnown = false
        for (place, part) in recording.parts.enumerated() {
            guard case .call = part.said else { continue }
            let fragments = recording.fragments(of: place)
            if fragments.dropFirst().contains(where: { !$0.isEmpty }) { return true }
            if fragments.first?.isEmpty == false { isKnown = true }
        }
        return isKnown ? false : nil
    }

    /// The events before the terminator that say these parts; nil where there is no form for them.
    func body(saying parts: [AnswerPart]) -> [StreamEvent]? {
        let pairs = PartPairing.pairs(parts, with: recording.parts.map(\.said))
        let callTemplate = recording.parts.first { if case .call = $0.said { true } else { false } }
        var threads: [StreamWeaver.Strand] = []
        var calls = OpenAIChatCallStrands(
            writer: self, recording: recording, example: callTemplate?.atoms.first)
        for (part, pair) in zip(parts, pairs) {
            switch part {
            case .text(let text): threads += pieces(of: text, pair) { .text($0) }
            case .refusal(let text): threads += pieces(of: text, pair) { .refusal($0) }
            case .kept:
                guard let pair else { return nil }
                threads += recording.parts[pair].atoms.map { .recorded($0, part: pair) }
            case .call(let call):
                guard let added = calls.threads(of: call, like: pair) else { return nil }
                threads += added
            }
        }
        return weaver.woven(threads)
    }

    private var weaver: StreamWeaver {
        StreamWeaver(
            events: events, atomEvents: recording.atoms.map(\.event), stop: stop,
            rest: { rest(of: $0) },
            single: { event(recording.atoms[$0].facet, like: recording.atoms[$0].event) })
    }

    /// What stays of an event without its content: the first role, the end, the last usage.
    private func rest(of place: Int) -> StreamEvent? {
        guard let chunk = recording.chunks[place],
            place == firstRole || place == lastUsage || recording.isFinish(place)
        else { return nil }
        return chunk.editing(events[place], OpenAIChatChunk.blank)
    }

    private func pieces(
        of text: String, _ pair: Int?, _ facet: (String) -> OpenAIChatFacet
    ) -> [StreamWeaver.Strand] {
        let place = pair.flatMap { template(ofPart: $0) } ?? anyTemplate
        let recorded = pair.map { part in
            StreamWeaver.RecordedText(
                part: part, atoms: recording.parts[part].atoms,
                fragments: recording.fragments(of: part))
        }
        return StreamWeaver.pieces(of: text, like: recorded) { piece in
            event(facet(piece), like: place)
        }
    }

    /// The event that a part's new pieces are made of: its last one that says nothing else.
    private func template(ofPart part: Int) -> Int? {
        let places = recording.parts[part].atoms.map { recording.atoms[$0].event }
        let plain = places.last { place in
            recording.chunks[place]?.hasRole == false && !recording.isFinish(place)
        }
        return plain ?? places.last { !recording.isFinish($0) }
    }

    /// An event that says one thing, with what else the template holds.
    func event(_ facet: OpenAIChatFacet, like place: Int?) -> StreamEvent {
        let place = place ?? anyTemplate
        guard let chunk = recording.chunks[place], let choicePlace = chunk.choicePlace,
            var choice = chunk.choice
        else { return events[place] }
        var delta = choice["delta"]
        if place == firstRole { delta?["role"] = nil }
        guard
            let said = OpenAIChatFacet.container(saying: [facet], like: delta, emptyContent: nil)
        else { return events[place] }
        choice["delta"] = said
        if choice["logprobs"]?.nonNull != nil { choice["logprobs"] = .some(.null) }
        var json = chunk.json
        if recording.isFinish(place) {
            OpenAIChatFinish.write(.null, into: &choice)
            json["usage"] = nil
        }
        json["choices"]?[choicePlace] = choice
        return events[place].replacingJSON(json)
    }
}
