import Cassette
import Determinism
import Faults
import Judgement
import Simulation

@testable import Reports

/// What an agent may write to break out of a report.
enum Hostile {
    /// Texts that end something in one format or another.
    static let texts: [(name: String, text: String)] = [
        ("script", "</script><script>alert(1)</script>"),
        (
            "terminal",
            "\u{1B}[31mred\u{1B}[0m\u{1B}]0;title\u{07}\u{1B}[2J\u{9B}31m\u{7F}\u{0}\u{8}"
        ),
        ("direction", "\u{202E}gpj.exe\u{2066}\u{2067}\u{2069}\u{200B}\u{FEFF}\u{61C}"),
        ("cdata", "]]><![CDATA[</failure></testcase>&nope;&#0;<!--"),
        ("fence", "`a` ``b`` ```\n```\n~~~\n````sh\n# heading\n"),
        ("cell", "a|b\\|c \\` | --- |\n|---|---|\n| x | y |"),
        ("links", "[click](https://example.org) ![i](x) <https://example.org> www.example.org"),
        ("mention", "@octocat #1 !2 owner/name#3 \n/close\n@here"),
        ("html", "<img src=x onerror=alert(1)><details open><!-- &lt; &#64;"),
        ("command", "x\n::error title=a,file=b::boo\n::stop-commands::t\n##[error]boo"),
        ("percent", "%0A::warning::a%0D%0A %25 100%"),
        ("json", "\",\"a\":{\u{2028}\u{2029}\\u0000 \\"),
        ("attachment", "[[ATTACHMENT|/etc/passwd]]"),
        ("noncharacters", "\u{FFFE}\u{FFFF}\u{1FFFE}\u{10FFFF}\u{85}\r\r\n\u{C}\u{B}"),
        // As characters these are no delimiters; as bytes they are.
        ("glued before", delimiters.map { "\u{600}" + $0 }.joined(separator: " ")),
        ("glued behind", delimiters.map { $0 + "\u{301}" }.joined(separator: " ")),
        ("tick in front", "`\u{301}a|\u{301}b"), ("tick at the end", "a\u{600}`"),
        ("unseen", "a\u{AD}b\u{180E}c\u{FFF9}d\u{FFFB}e\u{E0041}f\u{E0FFF}g"),
        ("empty", ""), ("spaces", "   \n \t "),
    ]

    /// What ends or begins something in one format or another.
    static let delimiters = [
        "`", "|", "[", "]", "\\", "%", "%0A", ":", "::", ",", "\r", "\n", "\"", "<", ">", "&",
        "[[ATTACHMENT|/etc/passwd]]", "]]>", "</script>", "<!--",
    ]

    /// A line of ten megabytes, and a letter with two million accents.
    static let long = String(repeating: "A`|<\u{1B}", count: 2_000_000)
    static let accents = "e" + String(repeating: "\u{301}", count: 2_000_000)

    /// A failing run with the text wherever an agent or an upstream can put one.
    static func run(_ text: String, seed: UInt64 = 1) throws -> RunSummary {
        try result(text, seed: seed).summary
    }

    static func result(_ text: String, seed: UInt64 = 1) throws -> RunResult {
        var result = try Sample.run(seed: seed, error: text + "\nTraceback\n" + text)
        result.trace.standardOutput = Array(text.utf8) + [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80]
        result.trace.exchanges[0].request.target = "/" + text
        result.trace.exchanges[1].upstream = "up" + text
        result.trace.append(.foreign(text), at: .zero)
        result.ruling.reason = "reason: " + text
        for index in result.invariants.indices { result.invariants[index].message = text }
        // What a team wrote is hostile too, but never that long.
        guard text.utf8.count < 10_000 else { return result }
        for index in result.invariants.indices { result.invariants[index].id = "rule \(text)" }
        result.grade.reasons = [text]
        result.reproduce = "stormtape replay --plan x -- ./agent '\(text)'"
        return result
    }

    static func storm(_ text: String) throws -> StormResult {
        StormResult(
            cassette: Sample.cassette, scenario: "s " + text,
            runs: [
                try run(text), try run(text, seed: 2), try Sample.run(seed: 3, fault: nil).summary,
            ],
            exitCode: 1)
    }

    static let context = ReportContext(
        scenarioFile: "storm.yaml",
        invariants: [
            InvariantPlace(source: ["exit_code": 0], line: 6, column: 5),
            InvariantPlace(source: ["no_repeated_side_effect": true], line: 7, column: 5),
        ], folder: "/repo/agents", folderInRepository: "agents", version: "0.1.0")

    /// Characters that steer a terminal or cannot be seen; line feeds are none of them.
    static func raw(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
                0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
                true
            default: false
            }
        }
    }

    /// Whether the bytes of a text occur, whatever character they are a part of.
    static func contains(_ text: String, in bytes: [UInt8]) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }
}
