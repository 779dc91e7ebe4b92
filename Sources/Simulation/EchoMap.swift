internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

/// Text that faults of this run put into answers, and what stood there before.
///
/// A later request may repeat such text: it is found on the tape again when putting the
/// altered text in place of the original makes a recorded request equal to it.
struct EchoMap: Sendable {
    struct Substitution: Hashable, Sendable {
        let original: String
        let altered: String

        /// The bytes with the altered text wherever the original stands as words of its own.
        func applied(to bytes: [UInt8]) -> [UInt8] {
            let old = Array(original.utf8)
            var result: [UInt8] = []
            var index = 0
            while index < bytes.count {
                let end = index + old.count
                if end <= bytes.count, bytes[index] == old[0],
                    bytes[index..<end].elementsEqual(old),
                    !Substitution.joins(bytes, at: index), !Substitution.joins(bytes, at: end)
                {
                    result.append(contentsOf: altered.utf8)
                    index = end
                } else {
                    result.append(bytes[index])
                    index += 1
                }
            }
            return result
        }

        /// Whether the bytes on both sides of a place belong to one word or number.
        private static func joins(_ bytes: [UInt8], at place: Int) -> Bool {
            guard place > 0, place < bytes.count else { return false }
            let (left, right) = (bytes[place - 1], bytes[place])
            if isWord(left), isWord(right) { return true }
            // A decimal point, but not a full stop.
            if left == 0x2E { return place > 1 && isDigit(bytes[place - 2]) && isDigit(right) }
            guard right == 0x2E, place + 1 < bytes.count else { return false }
            return isDigit(left) && isDigit(bytes[place + 1])
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }

        private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    }

    /// How many different readings of one recorded string are tried.
    static let readingsMax = 64

    private(set) var substitutions: [Substitution] = []

    init() {}

    /// The map from a prompt as it is given to the agent to the one that was recorded.
    init(prompt recorded: String?, given: String?) {
        guard let recorded, let given else { return }
        add(recorded, given)
        // Requests are compared with their identifiers renamed, those in the prompt as well.
        add(EchoMap.renamed(recorded), EchoMap.renamed(given))
    }

    private static func renamed(_ prompt: String) -> String {
        var renamer = IdentifierRenamer(known: [])
        return renamer.rename(prompt)
    }

    var isEmpty: Bool { substitutions.isEmpty }

    /// Notes what a delivery said instead of what the tape holds.
    mutating func note(original: PreparedDelivery, altered: PreparedDelivery) {
        if let before = original.answer, let after = altered.answer {
            add(before.text, after.text)
            for (index, call) in before.toolCalls.enumerated() {
                guard index < after.toolCalls.count else {
                    add(call.arguments, "")
                    continue
                }
                add(call.arguments, after.toolCalls[index].arguments)
                add(call.id, after.toolCalls[index].id)
                add(call.name, after.toolCalls[index].name)
            }
            return
        }
        guard (altered.status ?? 599) < 400 else { return }
        let before = String(decoding: original.body, as: UTF8.self)
        let after = String(decoding: altered.body, as: UTF8.self)
        add(before, after)
        for (left, right) in zip(
            EchoMap.documents(in: original.body), EchoMap.documents(in: altered.body))
        {
            // Agents parse a result and write it anew: compact, or as Python's json.dumps does.
            add(left.encodedText(), right.encodedText())
            add(left.pythonStyle(), right.pythonStyle())
            add(left.pythonStyleRaw(), right.pythonStyleRaw())
            addLeaves(left, right)
        }
    }

    /// Notes what another map has noted.
    mutating func add(_ other: EchoMap) {
        guard !isEmpty else {
            substitutions = other.substitutions
            return
        }
        for substitution in other.substitutions where !substitutions.contains(substitution) {
            substitutions.append(substitution)
        }
    }

    /// Whether an asked request is the recorded one with altered text in place of the original.
    func explains(asked: RequestIdentity, recorded: RequestIdentity) -> Bool {
        guard !isEmpty, asked.components.count == recorded.components.count else { return false }
        return zip(asked.components, recorded.components).allSatisfy { mine, theirs in
            mine.path == theirs.path
                && (mine.digest == theirs.digest || explains(mine.value, theirs.value))
        }
    }

    private func explains(_ asked: JSONValue, _ recorded: JSONValue) -> Bool {
        switch (asked, recorded) {
        case (.array(let mine), .array(let theirs)):
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy { explains($0, $1) }
        case (.object(let mine), .object(let theirs)):
            guard mine.count == theirs.count else { return false }
            return mine.allSatisfy { member in
                guard let other = theirs.first(where: { $0.key == member.key }) else {
                    return false
                }
                return explains(member.value, other.value)
            }
        case (.string(let mine), .string(let theirs)):
            let wanted = Array(mine.utf8)
            return asked == recorded || readings(of: theirs).contains(wanted)
        case (.number(let mine), .number(let theirs)):
            // A number is altered as a whole: 4 for 5 does not explain 0.4 for 0.5.
            return mine == theirs
                || substitutions.contains { $0.original == theirs && $0.altered == mine }
        case (.null, .string(let theirs)):
            // SDKs write an empty answer as null.
            return substitutions.contains { $0.original == theirs && $0.altered.isEmpty }
        default:
            return asked == recorded
        }
    }

    private func readings(of recorded: String) -> [[UInt8]] {
        var readings = [Array(recorded.utf8)]
        for substitution in substitutions {
            for reading in readings where readings.count < EchoMap.readingsMax {
                let other = substitution.applied(to: reading)
                if !readings.contains(other) { readings.append(other) }
            }
        }
        return readings
    }

    private mutating func add(_ original: String, _ altered: String) {
        for (before, after) in [
            (original, altered), (trimmed(original), trimmed(altered)),
        ] where !before.isEmpty && before != after {
            let substitution = Substitution(original: before, altered: after)
            if !substitutions.contains(substitution) { substitutions.append(substitution) }
        }
    }

    /// The body as JSON, or the responses in a stream of messages.
    private static func documents(in body: [UInt8]) -> [JSONValue] {
        if let document = try? JSONValue.parse(body) { return [document] }
        for framing in [StreamFraming.sse, .jsonLines] {
            let messages = framing.events(of: body).compactMap { event in
                event.json.flatMap { MCPMessage($0) }
            }
            let answers = messages.filter(\.isAnswer)
            if !answers.isEmpty { return answers.map(\.json) }
        }
        return []
    }

    private mutating func addLeaves(_ left: JSONValue, _ right: JSONValue) {
        switch (left, right) {
        case (.array(let mine), .array(let theirs)):
            for (one, other) in zip(mine, theirs) { addLeaves(one, other) }
        case (.object(let mine), .object(let theirs)):
            for member in mine {
                if let other = theirs.first(where: { $0.key == member.key }) {
                    addLeaves(member.value, other.value)
                }
            }
        case (.string(let mine), .string(let theirs)), (.number(let mine), .number(let theirs)),
            (.string(let mine), .number(let theirs)), (.number(let mine), .string(let theirs)):
            add(mine, theirs)
        default: break
        }
    }

    private func trimmed(_ text: String) -> String {
        let blank: (UInt8) -> Bool = { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !blank($0) }),
            let last = bytes.lastIndex(where: { !blank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
