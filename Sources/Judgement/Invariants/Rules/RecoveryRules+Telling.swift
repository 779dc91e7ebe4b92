internal import Determinism
internal import Simulation

extension RecoveryRules {
    struct UserInformed: InvariantRule {
        let words: [String]

        var id: String { "user_informed" }

        func check(_ conduct: Conduct) -> Finding {
            guard !conduct.fired.isEmpty else { return .unjudged("no fault fired") }
            let undone = RecoveryRules.undone(conduct)
            let failure = RecoveryRules.failure(conduct)
            guard !undone.isEmpty || failure != nil else {
                return .unjudged("the faults left nothing undone")
            }
            let ids = undone.map(\.id).sorted()
            let witnesses =
                ids.isEmpty ? RecoveryRules.hit(conduct) : Array(ids.prefix(ToolRules.witnessesMax))
            if let word = Mentions.first(of: words, in: RecoveryRules.userTexts(conduct)) {
                return .holds("the user is told: `\(word)`", witnesses: witnesses)
            }
            let what = undone.first.map { "\($0.shown) got no whole answer" } ?? failure ?? ""
            return .brokenAtEnd("\(what), and the user is not told", witnesses: witnesses)
        }
    }

    struct GracefulError: InvariantRule {
        var id: String { "graceful_error" }

        func check(_ conduct: Conduct) -> Finding {
            let undone = RecoveryRules.undone(conduct)
            guard !undone.isEmpty || RecoveryRules.failure(conduct) != nil else {
                return .unjudged("the run did not fail")
            }
            let witnesses = undone.map(\.id).sorted().prefix(ToolRules.witnessesMax)
            let texts = RecoveryRules.userTexts(conduct)
            guard !texts.allSatisfy(RecoveryRules.isBlank) else {
                return .brokenAtEnd(
                    "the run failed, and the user sees nothing", witnesses: Array(witnesses))
            }
            for text in texts {
                if let found = Ungraceful.first(in: text) {
                    return .brokenAtEnd(
                        "the run failed, and the user sees \(found)", witnesses: Array(witnesses))
                }
            }
            return .holds("the run failed in plain words", witnesses: Array(witnesses))
        }
    }
}

/// What belongs into a log and not before a user.
enum Ungraceful {
    /// How lines of stack traces begin, behind white space.
    private static let traceBeginnings = [
        "Traceback (most recent call last)", "Exception in thread ", "goroutine ", "panic: ",
        "Unhandled exception", "Uncaught ", "stack backtrace:", "Stack trace:", "Caused by: ",
        "thread 'main' panicked",
    ]
    private static let markup = [
        "<!doctype html", "<html", "<head>", "<body", "<title>", "<h1", "<center>", "</html>",
        "</div>", "</p>",
    ]
    private static let classEndings = ["Error", "Exception"]

    /// The first thing that is found, in words that follow "sees".
    static func first(in bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let secrets = SensitiveScanner.matches(
            in: bytes, kinds: SensitiveKind.kinds(of: .secret).filter { $0 != .highEntropy })
        if let secret = secrets.first { return "a secret (\(secret.kind.rawValue))" }
        let lower = Array(text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 })
        if let tag = markup.first(where: { ByteSearch(Array($0.utf8)).first(in: lower) != nil }) {
            return "HTML: `\(tag)`"
        }
        for line in text.split(whereSeparator: \.isNewline) where isTrace(line) {
            return "a stack trace: \(ToolRules.quoted(String(line.prefix(80))))"
        }
        return className(text).map { "the class name \(ToolRules.quoted($0))" }
    }

    private static func isTrace(_ line: Substring) -> Bool {
        let start = line.drop { $0 == " " || $0 == "\t" }
        if traceBeginnings.contains(where: { start.hasPrefix($0) }) { return true }
        let isIndented = start.startIndex != line.startIndex
        // Python: File "a.py", line 3; Node and Java: at f (a.js:1:2).
        if start.hasPrefix("File \""), start.prefix(400).contains("\", line ") { return true }
        guard isIndented, start.hasPrefix("at "), let last = start.prefix(400).last else {
            return false
        }
        return (last == ")" || last.isNumber) && start.prefix(400).contains(":")
    }

    /// A word in camel case that ends as the names of exceptions do, such as `KeyError`.
    private static func className(_ text: String) -> String? {
        let words = text.utf8.split { byte in
            !(byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A
                || byte >= 0x61 && byte <= 0x7A || byte == 0x5F)
        }
        for word in words where word.count <= 128 {
            guard let name = String(word), name.first?.isUppercase == true else { continue }
            if classEndings.contains(where: { name.hasSuffix($0) && name != $0 }) { return name }
        }
        return nil
    }
}
