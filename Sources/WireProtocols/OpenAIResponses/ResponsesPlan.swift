import Determinism

/// The output items of an answer that says something else.
struct ResponsesPlan {
    /// One content of a message.
    struct Content {
        /// The index of the recorded content that it is made of; nil for a new one.
        let old: Int?
        let said: AnswerPart
    }

    /// One item of the new answer.
    enum Item {
        /// A recorded item as it is.
        case kept(Int)
        /// A recorded message with these contents.
        case message(Int, [Content])
        /// A recorded call that says this.
        case call(Int, AnswerCall)
        /// A message with one content that was not recorded.
        case newMessage(AnswerPart)
        /// A call that was not recorded.
        case newCall(AnswerCall)
    }

    private(set) var items: [Item] = []

    /// Arranges parts; nil where a part that should be kept is not there.
    init?(_ parts: [AnswerPart], _ recording: ResponsesRecording) {
        let pairs = PartPairing.pairs(parts, with: recording.parts.map(\.said))
        var used = Array(repeating: false, count: recording.items.count)
        for (part, pair) in zip(parts, pairs) {
            guard let pair else {
                guard addNew(part) else { return nil }
                continue
            }
            let place = recording.parts[pair]
            switch part {
            case .kept: items.append(.kept(place.item))
            case .call(let call): items.append(.call(place.item, call))
            case .text, .refusal:
                let content = Content(old: place.content, said: part)
                if case .message(place.item, let contents) = items.last,
                    (contents.last?.old ?? -1) < place.content
                {
                    items[items.count - 1] = .message(place.item, contents + [content])
                } else if used[place.item] {
                    items.append(.newMessage(part))
                } else {
                    items.append(.message(place.item, [content]))
                }
            }
            used[place.item] = true
        }
    }

    private mutating func addNew(_ part: AnswerPart) -> Bool {
        switch part {
        case .kept: return false
        case .call(let call): items.append(.newCall(call))
        case .text, .refusal: items.append(.newMessage(part))
        }
        return true
    }
}
