/// The places that a runtime prints when an uncaught exception ends a program, innermost first.
enum Traceback {
    struct Frame: Hashable {
        let file: String
        let line: Int
    }

    /// More are not looked at.
    private static let framesMax = 200

    /// The frames of Python's last traceback, else of a stack of JavaScript.
    static func frames(_ standardError: [UInt8]) -> [Frame] {
        let lines = String(decoding: standardError, as: UTF8.self).split { $0.isNewline }
        if let start = lines.lastIndex(where: { $0.hasPrefix("Traceback (most recent call last)") })
        {
            return lines[start...].compactMap(python).suffix(framesMax).reversed()
        }
        return Array(lines.lazy.compactMap(node).prefix(framesMax))
    }

    /// `  File "agent.py", line 12, in main`.
    private static func python(_ line: Substring) -> Frame? {
        let text = line.drop { $0 == " " }
        let begin = "File \""
        guard text.hasPrefix(begin) else { return nil }
        let rest = text.dropFirst(begin.count)
        guard let quote = rest.firstIndex(of: "\"") else { return nil }
        let after = rest[quote...]
        let middle = "\", line "
        guard after.hasPrefix(middle) else { return nil }
        return frame(rest[..<quote], after.dropFirst(middle.count).prefix { $0.isNumber })
    }

    /// `    at main (file:///repo/agent.mjs:12:5)` or `    at /repo/agent.js:12:5`.
    private static func node(_ line: Substring) -> Frame? {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("at ") else { return nil }
        var place = text.dropFirst(3)
        if place.last == ")" {
            guard let open = place.lastIndex(of: "(") else { return nil }
            place = place[place.index(after: open)...].dropLast()
        }
        if place.hasPrefix("file://") { place = place.dropFirst(7) }
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3, Int(parts[parts.count - 1]) != nil else { return nil }
        return frame(parts.dropLast(2).joined(separator: ":")[...], parts[parts.count - 2])
    }

    private static func frame(_ file: Substring, _ line: Substring) -> Frame? {
        guard let line = Int(line), line > 0, line <= 10_000_000, !file.isEmpty else { return nil }
        return Frame(file: String(file), line: line)
    }
}
