/// A Swift source, taken apart into code and comments.
///
/// Both views have the lines of the source, with spaces in place of what does not belong to them;
/// text inside of string literals is in neither, code inside of interpolations is code.
struct SourceText {
    let code: [String]
    let comments: [String]

    init(_ text: String) {
        var scanner = SourceScanner(bytes: Array(text.utf8))
        scanner.scan()
        code = SourceText.lines(scanner.code)
        comments = SourceText.lines(scanner.comments)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

private struct SourceScanner {
    private enum View { case code, comment, none }

    private let bytes: [UInt8]
    private var at = 0
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
        code.reserveCapacity(bytes.count)
        comments.reserveCapacity(bytes.count)
    }

    /// Scans code to the end, or to the parenthesis that closes an interpolation.
    mutating func scan(interpolation: Bool = false) {
        var depth = interpolation ? 1 : 0
        while at < bytes.count {
            if !"/\"#()".utf8.contains(bytes[at]) {
                advance(.code)
            } else if starts("//") {
                lineComment()
            } else if starts("/*") {
                blockComment()
            } else if let hashes = hashes(before: "\"") {
                string(hashes: hashes)
            } else if let hashes = hashes(before: "/"), hashes > 0 {
                expression(hashes: hashes)
            } else {
                if starts("(") { depth += 1 }
                if starts(")") { depth -= 1 }
                advance(.code)
                if interpolation, depth == 0 { return }
            }
        }
    }

    private mutating func lineComment() {
        while at < bytes.count, !starts("\n") { advance(.comment) }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                advance(.comment, by: 2)
            } else if starts("*/") {
                depth -= 1
                advance(.comment, by: 2)
            } else {
                advance(.comment)
            }
        } while depth > 0 && at < bytes.count
    }

    private mutating func string(hashes: Int) {
        advance(.none, by: hashes)
        let mark = starts("\"\"\"") ? "\"\"\"" : "\""
        advance(.none, by: mark.utf8.count)
        let fence = String(repeating: "#", count: hashes)
        while at < bytes.count {
            if starts(mark + fence) {
                return advance(.none, by: mark.utf8.count + hashes)
            }
            if mark.utf8.count == 1, starts("\n") { return }
            if starts("\\" + fence + "(") {
                advance(.none, by: hashes + 2)
                scan(interpolation: true)
            } else if starts("\\" + fence) {
                advance(.none, by: hashes + 2)
            } else {
                advance(.none)
            }
        }
    }

    private mutating func expression(hashes: Int) {
        advance(.none, by: hashes + 1)
        let end = "/" + String(repeating: "#", count: hashes)
        while at < bytes.count, !starts(end) { advance(.none) }
        advance(.none, by: hashes + 1)
    }

    /// How many number signs stand before this mark, from here; nil when the mark does not follow.
    private func hashes(before mark: Character) -> Int? {
        var end = at
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        guard end < bytes.count, bytes[end] == mark.asciiValue else { return nil }
        return end - at
    }

    private func starts(_ text: String) -> Bool {
        bytes[at...].starts(with: text.utf8)
    }

    private mutating func advance(_ view: View, by count: Int = 1) {
        for _ in 0..<min(count, bytes.count - at) {
            let byte = bytes[at]
            let blank = byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " ")
            code.append(view == .code ? byte : blank)
            comments.append(view == .comment ? byte : blank)
            at += 1
        }
    }
}
