internal import Cassette
internal import Simulation

/// Tells an uncaught exception from a plain non-zero exit, by what runtimes print.
///
/// Python prints `Traceback (most recent call last):` at the start of a line and exits with 1.
/// Node prints the place, the source line, a caret, then the error with its stack, and ends
/// with a line `Node.js v22.1.0`; it exits with 1, or another code that is not zero. An agent
/// that catches an exception, prints its traceback and exits with 0 has not crashed. One that
/// does so and exits with another code cannot be told from one that let it through.
enum CrashSignature {
    private static let linePrefixes = [
        "Traceback (most recent call last):",
        "Node.js v",
        "Uncaught ",
        "[UnhandledPromiseRejection",
    ]

    /// What ended the agent; nil when it did not crash.
    static func reason(_ trace: Trace) -> String? {
        let owed = trace.unmet.map { "; \($0)" } ?? ""
        return cause(trace).map { $0 + owed }
    }

    private static func cause(_ trace: Trace) -> String? {
        guard case .exited(let status) = trace.end else { return nil }
        switch status {
        case .signal(let signal):
            return "the agent was ended by signal \(signal)"
        case .code(0):
            return nil
        case .code(let code):
            let lines = lines(of: trace.standardError)
            guard lines.contains(where: isSignature) else { return nil }
            let last = exceptionLine(lines).map { ": \($0)" } ?? ""
            return "an uncaught exception ended the agent with exit code \(code)\(last)"
        }
    }

    private static func lines(of bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: true) { $0.isNewline }
    }

    private static func isSignature(_ line: Substring) -> Bool {
        linePrefixes.contains { line.hasPrefix($0) }
    }

    /// The line that names the exception: Python's last one that is not indented, after the last
    /// traceback; Node's first `SomethingError: ...`.
    private static func exceptionLine(_ lines: [Substring]) -> String? {
        if let start = lines.lastIndex(where: { $0.hasPrefix(linePrefixes[0]) }) {
            let after = lines[(start + 1)...]
            return after.first { !$0.hasPrefix(" ") && !$0.hasPrefix("\t") }
                .map { String($0.prefix(200)) }
        }
        return lines.first { line in
            guard let colon = line.firstIndex(of: ":") else { return false }
            return line[..<colon].hasSuffix("Error")
        }.map { String($0.prefix(200)) }
    }

    /// The type of the uncaught exception, as `openai.APIConnectionError`; empty when none is
    /// named.
    static func exceptionType(_ trace: Trace) -> String {
        guard let line = exceptionLine(lines(of: trace.standardError)) else { return "" }
        let name = line.prefix { $0 != ":" && $0 != " " && $0 != "[" }
        return String(name.prefix(100))
    }
}
