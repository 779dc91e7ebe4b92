internal import Determinism

/// A declared rule that makes a part of a request not matter, or matter less.
public struct Normaliser: Hashable, Sendable {
    /// What is made equal.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The value is ignored as a whole.
        case ignore
        /// Dates with a time of day, as in RFC 3339, inside strings; numbers as a whole.
        case timestamp
        /// Calendar dates, as in `2026-11-23`, inside strings.
        case date
        /// Runs of decimal digits inside strings; numbers as a whole.
        case number
    }

    /// The upstream it is for; nil for all.
    public var upstream: String?
    /// A JSON path: members, `[2]`, `[*]`, `.*`; it covers everything below it.
    public var path: String
    /// What is made equal.
    public var kind: Kind

    /// Creates a normaliser.
    public init(upstream: String? = nil, path: String, kind: Kind) {
        self.upstream = upstream
        self.path = path
        self.kind = kind
    }

    func applies(to name: String) -> Bool {
        upstream == nil || upstream == name
    }

    func apply(to body: JSONValue) -> JSONValue {
        rewrite(body, steps: Normaliser.steps(of: path)[...])
    }

    /// The steps of a path: `$.messages[*].content` gives `messages`, `*`, `content`.
    static func steps(of path: String) -> [String] {
        path.split { $0 == "." || $0 == "[" || $0 == "]" }.map(String.init)
            .filter { $0 != "$" }
    }

    private func rewrite(_ value: JSONValue, steps: ArraySlice<String>) -> JSONValue {
        guard let step = steps.first else { return normalise(value) }
        switch value {
        case .array(let elements):
            return .array(
                elements.enumerated().map { index, element in
                    step == "*" || step == String(index)
                        ? rewrite(element, steps: steps.dropFirst()) : element
                })
        case .object(let members):
            return .object(
                members.map { member in
                    step == "*" || step == member.key
                        ? JSONMember(member.key, rewrite(member.value, steps: steps.dropFirst()))
                        : member
                })
        case .null, .bool, .number, .string:
            return value
        }
    }

    private func normalise(_ value: JSONValue) -> JSONValue {
        let mark = "\u{27E6}\(kind.rawValue)\u{27E7}"
        switch (kind, value) {
        case (.ignore, _): return .string(mark)
        case (.timestamp, .number), (.number, .number): return .string(mark)
        case (_, .string(let text)): return .string(mask(text, mark))
        case (_, .array(let elements)): return .array(elements.map(normalise))
        case (_, .object(let members)):
            return .object(members.map { JSONMember($0.key, normalise($0.value)) })
        case (_, .null), (_, .bool), (.date, .number): return value
        }
    }

    private func mask(_ text: String, _ mark: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let length = matchLength(bytes, at: index)
            if length > 0 {
                result.append(contentsOf: mark.utf8)
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func matchLength(_ bytes: [UInt8], at index: Int) -> Int {
        switch kind {
        case .ignore: return 0
        case .number: return digits(bytes, from: index, max: .max)
        case .date: return matches("dddd-dd-dd", bytes, at: index) ? 10 : 0
        case .timestamp:
            for separator in ["T", " "]
            where matches("dddd-dd-dd\(separator)dd:dd", bytes, at: index) {
                var end = index + 16
                while end < bytes.count, isTimeTail(bytes[end]) { end += 1 }
                return end - index
            }
            return 0
        }
    }

    private func isTimeTail(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || [0x2E, 0x3A, 0x5A, 0x2B, 0x2D].contains(byte)
    }

    private func digits(_ bytes: [UInt8], from index: Int, max: Int) -> Int {
        var end = index
        while end < bytes.count, end - index < max, bytes[end] >= 0x30, bytes[end] <= 0x39 {
            end += 1
        }
        return end - index
    }

    private func matches(_ pattern: String, _ bytes: [UInt8], at index: Int) -> Bool {
        guard index + pattern.utf8.count <= bytes.count else { return false }
        return zip(pattern.utf8, bytes[index...]).allSatisfy { wanted, byte in
            wanted == 0x64 ? byte >= 0x30 && byte <= 0x39 : wanted == byte
        }
    }
}
