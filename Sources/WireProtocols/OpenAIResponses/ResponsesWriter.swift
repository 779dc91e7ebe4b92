import Determinism

/// Writes a response, streamed or whole, that says something else.
struct ResponsesWriter {
    private let recording: ResponsesRecording
    private let plan: ResponsesPlan
    /// What follows the prefix in the identifier of the response.
    private let responseSuffix: Substring
    /// The number from which new items are counted.
    private let firstNumber: Int

    /// Prepares to say these parts; nil where there is no form for them.
    init?(_ recording: ResponsesRecording, saying parts: [AnswerPart], responseID: String?) {
        guard let plan = ResponsesPlan(parts, recording) else { return nil }
        self.recording = recording
        self.plan = plan
        let hasArguments = recording.content.calls.contains { $0.arguments?.isEmpty == false }
        callsComeAtOnce = hasArguments && !recording.hasArgumentPieces
        let suffix = responseID?.split(separator: "_", maxSplits: 1).last ?? ""
        responseSuffix = suffix
        firstNumber = recording.firstFreeNumber(behind: suffix)
    }

    /// Whether the recorded calls have arguments, and no pieces of them.
    private let callsComeAtOnce: Bool

    /// Whether a new call is one of a tool whose input is free text, as all recorded ones are.
    private var callsAreCustom: Bool {
        let kinds = recording.items.map(\.kind).filter { $0.argumentsKey != nil }
        return !kinds.isEmpty && kinds.allSatisfy { $0 == .customToolCall }
    }

    /// The output of a whole answer; `recorded` repeats the recorded items one by one.
    func output(_ recorded: [JSONValue]) -> [JSONValue] {
        plan.items.enumerated().map { index, item in
            if case .message(let old, let contents) = item {
                let edits = contents.map { content in
                    let isSame = recording.isSame(content, in: old)
                    return ResponsesContentEdit(said: content.said, isSame: isSame)
                }
                return ResponsesContentEdit.message(recorded[old], contents, edits)
            }
            return whole(item, index, recorded)
        }
    }

    /// An item as a response repeats it; messages are known elsewhere.
    private func whole(
        _ item: ResponsesPlan.Item, _ index: Int, _ recorded: [JSONValue]
    ) -> JSONValue {
        switch item {
        case .kept(let old), .message(let old, _): return recorded[old]
        case .call(let old, let call):
            guard let (key, before) = recording.call(in: old) else { return recorded[old] }
            return ResponsesCallEdit.item(recorded[old], key, from: before, to: call)
        case .newMessage, .newCall: return fresh(item, index)?.item ?? [:]
        }
    }

    /// The events of a stream, and the output that the last of them repeats; `recorded` is what it
    /// repeated, nothing where it does not.
    func stream(
        _ body: [StreamEvent], _ events: [ResponsesEvent?], _ recorded: [JSONValue]?
    ) -> (body: [StreamEvent], output: [JSONValue]?) {
        var atoms: [Int] = []
        var numbers: [Int: Int] = [:]
        for (place, event) in events.enumerated() where event?.isOfItem == true {
            numbers[place] = atoms.count
            atoms.append(place)
        }
        var threads: [StreamWeaver.Strand] = []
        var output: [JSONValue] = []
        for (index, item) in plan.items.enumerated() {
            var message: JSONValue?
            for written in write(item, index, events, recorded, message: &message) {
                let event = body[written.place]
                let isSame = !written.isNew && written.json == events[written.place]?.json
                if isSame, let atom = numbers[written.place] {
                    threads.append(.recorded(atom, part: index))
                } else {
                    let name = written.json["type"]?.stringValue ?? ""
                    threads.append(.fresh(event.replacingJSON(written.json, name: name)))
                }
            }
            if let recorded { output.append(message ?? whole(item, index, recorded)) }
        }
        let weaver = StreamWeaver(
            events: body, atomEvents: atoms, stop: body.count - 1, rest: { _ in nil },
            single: { body[atoms[$0]] })
        return (weaver.woven(threads), recorded == nil ? nil : output)
    }

    private func write(
        _ item: ResponsesPlan.Item, _ index: Int, _ events: [ResponsesEvent?],
        _ recorded: [JSONValue]?, message: inout JSONValue?
    ) -> [ResponsesItemWriter.Written] {
        switch item {
        case .kept(let old):
            var writer = itemWriter(events, old, index)
            writer.keep()
            return writer.written
        case .call(let old, let call):
            guard let (key, before) = recording.call(in: old) else { return [] }
            var writer = itemWriter(events, old, index)
            writer.call(call, from: before, key: key)
            return writer.written
        case .message(let old, let contents):
            var writer = itemWriter(events, old, index)
            let edits = writer.message(contents, from: recording.parts[recording.items[old].parts])
            message = recorded.map { ResponsesContentEdit.message($0[old], contents, edits) }
            return writer.written
        case .newMessage, .newCall:
            let isNumbered = events.last??.sequenceNumber != nil
            return (fresh(item, index)?.events ?? []).map { json in
                var json = json
                if isNumbered { json["sequence_number"] = 0 }
                return .init(place: events.count - 1, json: json, isNew: true)
            }
        }
    }

    private func itemWriter(
        _ events: [ResponsesEvent?], _ old: Int, _ index: Int
    ) -> ResponsesItemWriter {
        let item = recording.items[old]
        // Where nothing before an item has changed, it keeps the index that it had.
        let isInPlace = index == old
        return ResponsesItemWriter(events, item, index: isInPlace ? item.index : index)
    }

    private func fresh(_ item: ResponsesPlan.Item, _ index: Int) -> ResponsesFreshItem? {
        let suffix = "\(responseSuffix)_\(firstNumber + index)"
        switch item {
        case .newMessage(let part):
            return ResponsesFreshItem(message: part, suffix: suffix, index: index)
        case .newCall(let call):
            return ResponsesFreshItem(
                call: call, isCustom: callsAreCustom, isAtOnce: callsComeAtOnce, suffix: suffix,
                index: index)
        case .kept, .message, .call: return nil
        }
    }
}

extension ResponsesRecording {
    /// No number is longer than this many digits, so that counting on from it does not overflow.
    private static let digitsMax = 9

    /// The number behind all recorded items, and behind those in identifiers that an earlier
    /// rewrite gave, so that no identifier is there twice.
    func firstFreeNumber(behind suffix: Substring) -> Int {
        items.reduce(items.count) { free, item in
            guard let id = item.json["id"]?.stringValue,
                let mark = id.lastIndex(of: "_"), id[..<mark].hasSuffix("_" + suffix)
            else { return free }
            let digits = id[mark...].dropFirst()
            guard digits.utf8.count <= Self.digitsMax, let number = Int(digits) else { return free }
            return max(free, number + 1)
        }
    }

    /// Whether a content of a message says what it said before.
    func isSame(_ content: ResponsesPlan.Content, in item: Int) -> Bool {
        let old = parts[items[item].parts].first { $0.content == content.old }
        return old?.said.isExactly(content.said) == true
    }

    /// The call in an item, and the member with its arguments.
    func call(in item: Int) -> (key: String, call: AnswerCall)? {
        guard let key = items[item].kind.argumentsKey,
            case .call(let call) = parts[items[item].parts].first?.said
        else { return nil }
        return (key, call)
    }
}
