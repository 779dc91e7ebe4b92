import Determinism
import WireProtocols

extension Law {
    /// Any bytes can be read as any protocol, and no edit of what they say breaks their frames.
    static let protocols = Law(name: "protocols") { input throws(LawBroken) in
        let wire = input.pick(0, of: WireProtocols.all)
        let form = input.number(1) % (StreamFraming.allCases.count + 1)
        if form < StreamFraming.allCases.count {
            let framing = StreamFraming.allCases[form]
            try check(framing.events(of: input.body), framing, wire, input)
        } else if let answer = try? JSONValue.parse(input.body) {
            try check(answer, wire, input)
        }
    } seeds: { seed in
        readings(of: seed).map { FuzzInput.bytes($0.body, [$0.wire, $0.form, 1, 1]) }
    }

    private static func check(
        _ events: [StreamEvent], _ framing: StreamFraming, _ wire: any WireProtocol,
        _ input: FuzzInput
    ) throws(LawBroken) {
        let summary = wire.summary(of: events)
        for event in events { _ = (wire.role(of: event), wire.finishes(event)) }
        guard canCarry(framing, wire) else { return }
        if let content = wire.content(of: events) {
            try agree(content, summary, wire)
            if let same = wire.rewritten(events, saying: content) {
                try demand(same == events, "\(wire.id): what says the same is written anew")
            }
        }
        let edits = [
            wire.finishedForLength(events, contentEvents: input.number(2)), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: input.number(3)),
        ]
        for (place, edited) in edits.enumerated() {
            guard let edited else { continue }
            let again = framing.events(of: StreamEvent.bytes(of: edited))
            try demand(again == edited, "\(wire.id): edit \(place) breaks frames")
            _ = wire.summary(of: edited)
        }
    }

    private static func check(
        _ answer: JSONValue, _ wire: any WireProtocol, _ input: FuzzInput
    ) throws(LawBroken) {
        let summary = wire.summary(of: answer)
        if let content = wire.content(of: answer) {
            try agree(content, summary, wire)
            if let same = wire.rewritten(answer, saying: content) {
                try demand(same == answer, "\(wire.id): what says the same is written anew")
            }
        }
        let edits = [
            wire.finishedForLength(answer, characters: input.number(2)), wire.emptied(answer),
            wire.toolArgumentsTruncated(answer, members: input.number(3)),
        ]
        for edited in edits { if let edited { _ = wire.summary(of: edited) } }
    }

    /// Content and summary are two readings of one answer.
    private static func agree(
        _ content: AnswerContent, _ summary: AnswerSummary, _ wire: any WireProtocol
    ) throws(LawBroken) {
        try demand(
            content.text == summary.text, "\(wire.id): content and summary have other texts")
        try demand(
            content.calls.map(\.name) == summary.toolCalls.map(\.name),
            "\(wire.id): content and summary have other calls")
    }

    /// Whether answers of a protocol can be framed so: only Gemini's are arrays that trickle in.
    static func canCarry(_ framing: StreamFraming, _ wire: any WireProtocol) -> Bool {
        framing != .jsonArray || wire.id == Gemini().id
    }

    /// A body, and the places of the protocol and of the form in which it says something.
    struct Reading {
        let body: [UInt8]
        let wire: Int
        let form: Int
    }

    /// The protocols that read something in a seed.
    static func readings(of seed: RecordedAnswer) -> [Reading] {
        let forms: [StreamFraming?] = StreamFraming.allCases + [nil]
        return WireProtocols.all.indices.flatMap { wire in
            forms.indices.compactMap { form -> Reading? in
                let body = forms[form].map { seed.stream($0) } ?? seed.document
                let known = WireProtocols.all[wire]
                let summary = known.summary(of: body, framing: forms[form])
                guard !body.isEmpty, !summary.text.isEmpty || !summary.toolCalls.isEmpty else {
                    return nil
                }
                return Reading(body: body, wire: wire, form: form)
            }
        }
    }
}
