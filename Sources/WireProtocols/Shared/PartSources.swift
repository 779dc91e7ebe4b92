import Determinism

/// Which part of a recorded answer each part of its new content goes back to.
///
/// Parts that are equal stay what they were, also when they are moved. Of the others, texts go back
/// to texts and calls to calls in their order, so that an edit changes what it touches only.
struct PartSources {
    /// The place of the recorded part, for each new one; nil for one that is fresh.
    private(set) var places: [Int?]

    private let new: [AnswerPart]
    private let old: [AnswerPart]
    private var isTaken: [Bool]

    /// Pairs the parts; nil when one is to be kept which is not there, or is kept twice.
    init?(_ new: [AnswerPart], from old: [AnswerPart]) {
        self.new = new
        self.old = old
        places = Array(repeating: nil, count: new.count)
        isTaken = Array(repeating: false, count: old.count)
        let start = zip(new, old).prefix { $0 == $1 }.count
        let rest = min(new.count, old.count) - start
        let end = zip(new.reversed(), old.reversed()).prefix(rest).prefix { $0 == $1 }.count
        for place in 0..<start { take(place, for: place) }
        for back in 0..<end { take(old.count - 1 - back, for: new.count - 1 - back) }
        guard takeEqual(start..<(new.count - end)) else { return nil }
        takeAlike(start..<(new.count - end))
    }

    private mutating func take(_ oldPlace: Int, for newPlace: Int) {
        places[newPlace] = oldPlace
        isTaken[oldPlace] = true
    }

    /// Whether all parts that are to be kept were there.
    private mutating func takeEqual(_ range: Range<Int>) -> Bool {
        var left: [AnswerPart: [Int]] = [:]
        for place in old.indices.reversed() where !isTaken[place] {
            left[old[place], default: []].append(place)
        }
        for place in range {
            if let match = left[new[place]]?.popLast() {
                take(match, for: place)
            } else if case .kept = new[place] {
                return false
            }
        }
        return true
    }

    private mutating func takeAlike(_ range: Range<Int>) {
        var next: [Kind: Int] = [:]
        for place in range where places[place] == nil {
            let kind = Kind(new[place])
            var candidate = next[kind] ?? 0
            while candidate < old.count, isTaken[candidate] || Kind(old[candidate]) != kind {
                candidate += 1
            }
            if candidate < old.count { take(candidate, for: place) }
            next[kind] = candidate
        }
    }

    private enum Kind: Hashable {
        case text, refusal, call, kept

        init(_ part: AnswerPart) {
            switch part {
            case .text: self = .text
            case .refusal: self = .refusal
            case .call: self = .call
            case .kept: self = .kept
            }
        }
    }

    /// The blocks of a document for the new parts, where each part is one block.
    ///
    /// What says the same is the recorded block; `edited` makes the others, of the recorded block
    /// that a part goes back to, or fresh ones.
    func blocks(
        of recorded: [JSONValue], edited: (_ part: AnswerPart, _ block: JSONValue?) -> JSONValue?
    ) -> [JSONValue]? {
        guard recorded.count == old.count else { return nil }
        var blocks: [JSONValue] = []
        for (part, place) in zip(new, places) {
            if let place, old[place].isExactly(part) {
                blocks.append(recorded[place])
            } else if let block = edited(part, place.map { recorded[$0] }) {
                blocks.append(block)
            } else {
                return nil
            }
        }
        return blocks
    }
}

// Swift's texts are equal when they look alike ("é" composed or not); what is written must be the
// same to the byte.
extension AnswerPart {
    /// Whether it is the same to the byte.
    func isExactly(_ other: AnswerPart) -> Bool {
        switch (self, other) {
        case (.text(let one), .text(let two)), (.refusal(let one), .refusal(let two)):
            ExactText.areSame(one, two)
        case (.call(let one), .call(let two)): one.isExactly(two)
        case (.kept(let one), .kept(let two)): one == two
        default: false
        }
    }
}

extension AnswerCall {
    /// Whether it is the same to the byte.
    func isExactly(_ other: AnswerCall) -> Bool {
        ExactText.areSame(id, other.id) && ExactText.areSame(name, other.name)
            && ExactText.areSame(arguments, other.arguments)
    }
}

extension AnswerContent {
    /// Whether it says the same to the byte.
    func isExactly(_ other: AnswerContent) -> Bool {
        saysParts(of: other.parts) && finish == other.finish
            && ExactText.areSame(model, other.model)
    }

    /// Whether the other says the same to the byte; what that keeps is counted anew.
    func says(_ other: AnswerContent) -> Bool {
        isExactly(other.renumbered)
    }

    /// Whether these are its parts to the byte.
    func saysParts(of other: [AnswerPart]) -> Bool {
        parts.count == other.count && zip(parts, other).allSatisfy { $0.isExactly($1) }
    }

    /// The content as an answer that says it is read: what it keeps is counted anew.
    var renumbered: AnswerContent {
        var content = self
        var count = 0
        for (place, part) in parts.enumerated() {
            guard case .kept = part else { continue }
            content.parts[place] = .kept(count)
            count += 1
        }
        return content
    }
}

/// Texts compared by their code points, as JSON compares them.
enum ExactText {
    /// Whether two texts are the same to the byte.
    static func areSame(_ one: String?, _ two: String?) -> Bool {
        one.map { JSONValue.string($0) } == two.map { JSONValue.string($0) }
    }
}
