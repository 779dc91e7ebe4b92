import Determinism

/// A recorded response, taken apart into its items and what they say.
struct ResponsesRecording {
    /// An output item.
    struct Item {
        let kind: ResponsesItemKind
        /// The whole item.
        let json: JSONValue
        /// The index under which it was sent.
        var index = 0
        /// The places of its events.
        var events: [Int] = []
        /// The places of its parts.
        var parts: Range<Int> = 0..<0
    }

    /// A part, and the place in which it stands.
    struct Part {
        let said: AnswerPart
        let item: Int
        /// The index of its content in a message.
        var content = 0
    }

    private(set) var items: [Item] = []
    private(set) var parts: [Part] = []
    /// Whether the arguments of a call were sent in pieces.
    private(set) var hasArgumentPieces = false
    private var finish = AnswerFinish.unsaid
    private var model: String?
    private var keptCount = 0

    /// What it says.
    var content: AnswerContent {
        AnswerContent(parts: parts.map(\.said), finish: finish, model: model)
    }

    /// Reads the events up to the end of a stream; nil when an item is not whole, does not say the
    /// same in its pieces, or is not understood, or when an event does not tell of which item it is.
    init?(_ events: [ResponsesEvent?]) {
        var gathered: [Int: ResponsesGatheredItem] = [:]
        var order: [Int] = []
        for (place, event) in events.enumerated() {
            guard let event else { continue }
            guard !event.isAstray else { return nil }
            if model == nil { model = event.json["response"]?["model"]?.stringValue }
            if event.argumentsDelta?.isEmpty == false { hasArgumentPieces = true }
            if let reason = event.finishReason {
                finish = ResponsesFinish.meaning(of: reason)
            } else if event.isOfItem {
                let index = event.outputIndex
                if gathered[index] == nil { order.append(index) }
                gathered[index, default: ResponsesGatheredItem()].take(event, at: place)
            }
        }
        for (place, index) in order.enumerated() {
            guard place == 0 || index > order[place - 1],
                let item = gathered[index]?.whole(index), add(item)
            else { return nil }
        }
    }

    /// Reads a whole answer; nil when it is not one of a model that has ended.
    init?(_ answer: JSONValue) {
        guard let output = answer["output"]?.arrayValue, answer["error"]?.nonNull == nil else {
            return nil
        }
        let reason = ResponsesReader.summary(of: answer).finishReason
        let status = answer["status"]?.stringValue ?? "completed"
        guard status == "completed" || status == "incomplete" else { return nil }
        finish = ResponsesFinish.meaning(of: reason)
        model = answer["model"]?.stringValue
        for json in output {
            guard add(Item(kind: ResponsesItemKind(json), json: json)) else { return nil }
        }
    }

    private mutating func add(_ item: Item) -> Bool {
        let start = parts.count
        items.append(item)
        guard addParts(of: item, number: items.count - 1) else { return false }
        items[items.count - 1].parts = start..<parts.count
        return true
    }

    private mutating func addParts(of item: Item, number: Int) -> Bool {
        if let key = item.kind.argumentsKey {
            guard let call = Self.call(item.json, key) else { return false }
            parts.append(Part(said: .call(call), item: number))
            return true
        }
        let contents = item.json["content"]?.arrayValue ?? []
        guard item.kind == .message, !contents.isEmpty else {
            parts.append(Part(said: .kept(keptCount), item: number))
            keptCount += 1
            return true
        }
        for (place, content) in contents.enumerated() {
            guard let said = Self.said(content) else { return false }
            parts.append(Part(said: said, item: number, content: place))
        }
        return true
    }

    private static func said(_ content: JSONValue) -> AnswerPart? {
        switch content["type"]?.stringValue {
        case "output_text": content["text"]?.stringValue.map { .text($0) }
        case "refusal": content["refusal"]?.stringValue.map { .refusal($0) }
        default: nil
        }
    }

    private static func call(_ item: JSONValue, _ key: String) -> AnswerCall? {
        let arguments = item[key]?.nonNull
        guard arguments == nil || arguments?.stringValue != nil else { return nil }
        return AnswerCall(
            id: item["call_id"]?.stringValue, name: item["name"]?.stringValue ?? "",
            arguments: arguments?.stringValue)
    }
}

/// What the events of one item say, to be compared with the whole item.
private struct ResponsesGatheredItem {
    private var events: [Int] = []
    private var opened: JSONValue?
    private var closed: [JSONValue] = []
    private var arguments = ""
    private var texts: [Int: String] = [:]
    /// The visible text and the whole arguments as a client reads them, before the item is closed.
    private var text: String?
    private var hasTextPieces = false
    private var wholeArguments: String?
    private var isOpenedTwice = false

    mutating func take(_ event: ResponsesEvent, at place: Int) {
        events.append(place)
        if let item = event.openedItem {
            isOpenedTwice = opened != nil
            opened = item
        }
        if let item = event.closedItem { closed.append(item) }
        if let delta = event.argumentsDelta { arguments += delta }
        if let delta = event.partDelta { texts[event.contentIndex, default: ""] += delta }
        if let delta = event.textDelta, !delta.isEmpty {
            text = (text ?? "") + delta
            hasTextPieces = true
        }
        // What was sent in pieces is not read again where it is repeated.
        if let whole = event.wholeText, !hasTextPieces { text = (text ?? "") + whole }
        if let whole = event.wholeArguments { wholeArguments = whole }
    }

    /// The item; nil when it was not sent whole, or says other things in its pieces.
    func whole(_ index: Int) -> ResponsesRecording.Item? {
        guard closed.count == 1, !isOpenedTwice, let json = closed.first else { return nil }
        let kind = ResponsesItemKind(json)
        if let opened {
            guard ResponsesItemKind(opened) == kind else { return nil }
            let names = ["call_id", "name"]
            guard kind.argumentsKey == nil || names.allSatisfy({ opened[$0] == json[$0] }) else {
                return nil
            }
        }
        if let key = kind.argumentsKey, !arguments.isEmpty {
            guard json[key] == .string(arguments) else { return nil }
        }
        if let key = kind.argumentsKey, arguments.isEmpty, let wholeArguments {
            guard json[key] == .string(wholeArguments) else { return nil }
        }
        if kind == .message {
            let visible = ResponsesReader.text(of: json)
            guard ExactText.areSame(text ?? visible, visible) else { return nil }
            for (place, part) in (json["content"]?.arrayValue ?? []).enumerated() {
                guard let text = texts[place], !text.isEmpty else { continue }
                guard part["text"] == .string(text) || part["refusal"] == .string(text) else {
                    return nil
                }
            }
        }
        return ResponsesRecording.Item(kind: kind, json: json, index: index, events: events)
    }
}
