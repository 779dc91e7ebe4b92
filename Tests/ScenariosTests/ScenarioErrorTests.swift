import Scenarios
import Testing

@Suite("Errors in a scenario")
struct ScenarioErrorTests {
    @Test("an error shows the line with a caret, what was meant and what is allowed")
    func rendering() throws {
        let error = try #require(
            ScenarioFixture.error(
                """
                scenario: s
                faults:
                  - fault: rate-limit-429
                    on: { upstream: openai, probabilty: 1/3 }
                """))
        #expect(
            error.description == """
                error: unknown key 'probabilty'
                  --> storm.yaml:4:29
                   |
                 4 |     on: { upstream: openai, probabilty: 1/3 }
                   |                             ^^^^^^^^^^ did you mean 'probability'?
                   = allowed: upstream, kind, tool, route, protocol, model, stream, call, attempt, \
                every, first, after, window, probability, args
                """)
    }

    @Test("all errors are shown, in the order of the file")
    func collects() throws {
        let error = try #require(
            ScenarioFixture.error(
                """
                scenario: s
                off_tape: ehco
                faults:
                  - fault: rate-limit
                  - fault: rate-limit-429
                    retry_after: 1
                    on: { call: 0, stream: yes }
                """))
        #expect(error.diagnostics.map(\.line) == [2, 4, 6, 7, 7])
        #expect(error.diagnostics.map(\.column) == [11, 12, 5, 17, 28])
        #expect(error.description.components(of: "error: ") == 5)
    }

    /// Text, line, column, and a piece of the message, hint or list of what is allowed.
    static let hostile: [(String, Int, Int, String)] = [
        ("", 1, 1, "the file is empty"),
        ("# only a comment\n", 1, 1, "the file is empty"),
        ("7", 1, 1, "a scenario must be a map, was a single value"),
        ("- scenario: s", 1, 1, "a scenario must be a map, was a list"),
        ("faults: []", 1, 1, "a scenario needs the key 'scenario'"),
        ("scenario:", 1, 10, "'scenario' must be a text, was nothing"),
        ("scenario: [s]", 1, 11, "'scenario' must be a text, was a list"),
        ("scenario: s\nfualts: []", 2, 1, "did you mean 'faults'?"),
        ("scenario: s\nfaults: {}", 2, 9, "'faults' must be a list, was a map"),
        ("scenario: s\nfaults: [rate-limit-429]", 2, 10, "write '- fault: ID'"),
        ("scenario: s\nfaults:\n  - on: {}", 3, 5, "needs the key 'fault'"),
        ("scenario: s\nfaults: [{fault: rate-limt-429}]", 2, 18, "did you mean 'rate-limit-429'?"),
        (entry("retry_after: 1"), 4, 5, "did you mean 'retry_after_ms'?"),
        (entry("retry_after_ms: 1.5"), 4, 21, "a whole number from 1 to 60000, was 1.5"),
        (entry("retry_after_ms: 0"), 4, 21, "a whole number from 1 to 60000, was 0"),
        (entry("retry_after_ms: '5'"), 4, 21, "was \"5\""),
        (entry("retry_after_ms: { from: 1 }"), 4, 21, "needs the key 'to'"),
        (entry("retry_after_ms: { from: 9, to: 1 }"), 4, 21, "is empty"),
        (entry("retry_after_ms: { from: 1, to: 90000 }"), 4, 21, "was the range 1 to 90000"),
        (entry("variant: { from: 1, to: 2 }"), 4, 14, "takes no range"),
        (entry("variant: lnog"), 4, 14, "did you mean 'long'?"),
        (entry("note: [a]"), 4, 11, "must be a text"),
        (entry("times: 0"), 4, 12, "a whole number from 1 to 10000, or forever"),
        (entry("times: forver"), 4, 12, "did you mean 'forever'?"),
        (entry("on: { attempt: 2 }\n    times: forever"), 5, 12, "'attempt' must be 1"),
        (entry("on: openai"), 4, 9, "'on' must be a map"),
        (entry("on: { kind: modle }"), 4, 17, "did you mean 'model'?"),
        (entry("on: { kind: tool }"), 4, 17, "kind model only"),
        (entry("on: { tool: GET /x }"), 4, 17, "hits models only"),
        (entry("on: { probability: 1.5 }"), 4, 24, "a fraction as 1/3"),
        (entry("on: { probability: 2/1 }"), 4, 24, "between 0 and 1"),
        (entry("on: { stream: yes }"), 4, 19, "'stream' must be true or false"),
        (entry("on: { call: 0 }"), 4, 17, "a whole number of at least 1"),
        (entry("on: { call: 99999999999999999999 }"), 4, 17, "a whole number of at least 1"),
        (entry("on: { window: {} }"), 4, 19, "needs 'from_ms', 'to_ms' or both"),
        (entry("on: { window: { from_ms: 2, to_ms: 1 } }"), 4, 19, "the window is empty"),
        (entry("on: { args: { amount: 1 } }"), 4, 19, "did you mean '/amount'?"),
        ("scenario: s\noff_tape: [echo]", 2, 11, "echo, fail, nearest, stub"),
        ("scenario: s\ninvariants: [exit_code]", 2, 14, "a map with its name as the key"),
        ("scenario: s\ninvariants: [{exit_code: 0, b: 1}]", 2, 15, "an invariant is one name"),
        ("scenario: s\ninvariants: [{exitcode: 0}]", 2, 15, "did you mean `exit_code`?"),
        ("scenario: s\nstubs: [{status: 200}]", 2, 9, "either 'body' or 'json'"),
        ("scenario: s\nstubs: [{body: a, json: b}]", 2, 9, "either 'body' or 'json'"),
        ("scenario: s\nstubs: [{body: {a: 1}}]", 2, 16, "use 'json'"),
        ("scenario: s\nstubs: [{body: a, status: 100}]", 2, 27, "at least 200"),
        ("scenario: s\nstubs: [{body: a, content_type: \"a\\nb\"}]", 2, 33, "control characters"),
        ("scenario: s\nstubs: [{body: a, route: get /x}]", 2, 26, "a method in upper case"),
        ("scenario: s\nnormalise: [{path: a.b, as: date}]", 2, 20, "did you mean '$.a.b'?"),
        ("scenario: s\nnormalise: [{path: $.a, as: day}]", 2, 29, "ignore, timestamp"),
        ("scenario: s\nnormalise: [{path: $.a}]", 2, 13, "needs the key 'as'"),
        ("scenario: s\nscenario: t", 1, 1, "'scenario' is given twice"),
        ("scenario: s\n---\nscenario: t", 2, 1, "a second one begins here"),
        ("scenario: s\n\tfaults: []", 2, 1, "invalid YAML: "),
        ("scenario: [s", 1, 13, "invalid YAML: "),
        ("scenario: \"s", 1, 13, "invalid YAML: "),
        ("scenario: s\u{1}", 1, 12, "control characters are not allowed"),
        ("scenario: *x", 1, 11, "undefined alias"),
        ("scenario: !ruby/object s", 1, 11, "is not allowed"),
        ("scenario: s\nfaults: !!set []", 2, 9, "is not allowed"),
        ("scenario: s\n? [a, b]\n: c", 2, 3, "a key must be a single word"),
        ("scenario: s\n<<: { off_tape: fail }", 2, 1, "merge keys"),
        (
            "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40), 1, 35,
            "deeper than 32 levels"
        ),
        (String(repeating: "[", count: 100_000), 1, 1, "nested far too deep"),
        (
            "scenario: s\nx: [" + String(repeating: "a,", count: 30_000) + "]", 2, 39_995,
            "more than 20000 values"
        ),
        ("scenario: " + String(repeating: "s", count: 1 << 20), 1, 1, "larger than 1048576 bytes"),
        (laughs(levels: 9, width: 9), 1, 1, "at most 16 are allowed"),
        (laughs(levels: 4, width: 4), 0, 0, ""),
    ]

    static func entry(_ member: String) -> String {
        "scenario: s\nfaults:\n  - fault: rate-limit-429\n    \(member)"
    }

    /// Each level repeats the one before `width` times.
    static func laughs(levels: Int, width: Int) -> String {
        var lines = ["a0: &a0 [lol]"]
        for level in 1...levels {
            let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
            lines.append("a\(level): &a\(level) [\(aliases)]")
        }
        return lines.joined(separator: "\n")
    }

    @Test("hostile files end in an error with its place", arguments: hostile.indices)
    func refuses(_ index: Int) throws {
        let (text, line, column, message) = Self.hostile[index]
        let error = try #require(ScenarioFixture.error(text), "\(text.prefix(200))")
        // Every level inside the bounds is merely an unknown key, never a burden.
        guard line > 0 else {
            #expect(
                error.diagnostics.allSatisfy { $0.message.contains("unknown key") || $0.line == 1 })
            return
        }
        let found = try #require(
            error.diagnostics.first { $0.line == line && $0.column == column }, "\(error)")
        let all = [found.message, found.hint ?? "", found.allowed ?? ""].joined(separator: "\n")
        #expect(all.contains(message), "\(error)")
        #expect(error.diagnostics.count == 1, "\(error)")
        #expect(error.description.utf8.count < 2_000)
    }

    @Test(
        "bytes that are not UTF-8 are refused where they are",
        arguments: [
            ([0x61, 0x3A, 0x0A, 0xC3, 0xA9, 0x62, 0xFF, 0x63], 2, 3),
            ([0xFF, 0xFE, 0x61, 0x00], 1, 1), ([0x61, 0xC3], 1, 2),
        ] as [([UInt8], Int, Int)])
    func notUTF8(_ bytes: [UInt8], _ line: Int, _ column: Int) throws {
        let error = try #require(throws: ScenarioError.self) {
            try ScenarioFile.parse(bytes: bytes, file: "storm.yaml")
        }
        #expect(error.diagnostics[0].message.contains("not UTF-8"))
        #expect(error.diagnostics[0].line == line)
        #expect(error.diagnostics[0].column == column)
    }

    @Test("a missing file and a folder are errors", arguments: ["/nonexistent.yaml", "/"])
    func unreadable(_ path: String) {
        #expect(throws: ScenarioError.self) { try ScenarioFile.load(path) }
    }

    @Test("no prefix of a scenario traps, nor does a scenario with any byte replaced")
    func fuzz() {
        let text = Array(
            """
            scenario: s
            faults:
              - { fault: rate-limit-429, on: &x { call: 2, args: { /a: "b" } }, times: 2 }
              - { fault: tool-error, on: *x }
            stubs: [{ json: { a: [1, 2] } }]
            """.utf8)
        var accepted = 0
        for place in text.indices {
            var variants = [Array(text[..<place])]
            for byte: UInt8 in [0x00, 0x09, 0x0A, 0x22, 0x2A, 0x3A, 0x5B, 0x7B, 0xFF] {
                variants.append(text)
                variants[variants.count - 1][place] = byte
            }
            for variant in variants {
                let scenario = try? ScenarioFile.parse(
                    bytes: variant, file: "f", catalogue: ScenarioFixture.catalogue)
                accepted += scenario == nil ? 0 : 1
            }
        }
        #expect(accepted > 0 && accepted < text.count * 10)
    }
}

extension String {
    fileprivate func components(of piece: String) -> Int {
        ranges(of: piece).count
    }
}
