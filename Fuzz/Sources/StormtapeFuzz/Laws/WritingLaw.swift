import Determinism
import WireProtocols

extension Law {
    /// A stream that is told to say something else says it.
    static let writing = Law(name: "writing") { input throws(LawBroken) in
        let wire = input.pick(0, of: WireProtocols.all)
        let form = input.number(1) % (StreamFraming.allCases.count + 1)
        if form < StreamFraming.allCases.count {
            let framing = StreamFraming.allCases[form]
            let events = framing.events(of: input.body)
            guard canCarry(framing, wire), let content = wire.content(of: events) else { return }
            let wanted = edited(content, input)
            guard let written = wire.rewritten(events, saying: wanted) else { return }
            let again = framing.events(of: StreamEvent.bytes(of: written))
            try demand(again == written, "\(wire.id): what is written breaks frames")
            try demand(
                wire.content(of: again) == countedAnew(wanted),
                "\(wire.id): a stream does not say what it was told to")
        } else if let answer = try? JSONValue.parse(input.body) {
            guard let content = wire.content(of: answer) else { return }
            let wanted = edited(content, input)
            guard let written = wire.rewritten(answer, saying: wanted) else { return }
            try demand(
                wire.content(of: written) == countedAnew(wanted),
                "\(wire.id): a document does not say what it was told to")
        }
    } seeds: { seed in
        readings(of: seed).map { FuzzInput.bytes($0.body, [$0.wire, $0.form, $0.wire]) }
    }

    private static let finishes: [AnswerFinish] = [
        .stop, .length, .toolCalls, .contentFilter, .refusal, .recitation, .malformedCall, .pause,
        .contextFull, .other("odd"), .unsaid,
    ]

    /// One change of what an answer says, chosen by the numbers.
    private static func edited(_ content: AnswerContent, _ input: FuzzInput) -> AnswerContent {
        var edited = content
        let place = content.parts.isEmpty ? 0 : input.number(3) % content.parts.count
        switch input.number(2) % 6 {
        case 0: edited.finish = input.pick(3, of: finishes)
        case 1 where !content.parts.isEmpty: edited.parts.remove(at: place)
        case 2: edited.parts.reverse()
        case 3:
            edited.parts.append(
                .call(AnswerCall(id: "call_new", name: "find", arguments: #"{"a":[1,"é"]}"#)))
        case 4: edited.parts.append(.text("More, é 🌤️ \"quoted\"\r\n"))
        default:
            guard !content.parts.isEmpty else { break }
            edited.parts[place] = changed(content.parts[place], input)
        }
        return edited
    }

    private static func changed(_ part: AnswerPart, _ input: FuzzInput) -> AnswerPart {
        switch part {
        case .text(let text): .text(text + String(repeating: "é. ", count: input.number(4)))
        case .refusal(let text): .refusal(text + "!")
        case .call(let call):
            .call(
                AnswerCall(
                    id: call.id, name: call.name,
                    arguments: input.pick(4, of: [nil, "", "{}", #"{"a":"#, #"{"b":{"c":1}}"#])))
        case .kept: part
        }
    }

    /// The content whose kept parts are counted from 0, as a reader does.
    private static func countedAnew(_ content: AnswerContent) -> AnswerContent {
        var counted = content
        var count = 0
        for (place, part) in content.parts.enumerated() {
            guard case .kept = part else { continue }
            counted.parts[place] = .kept(count)
            count += 1
        }
        return counted
    }
}
