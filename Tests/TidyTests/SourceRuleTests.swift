import Testing

@Suite("The form of the sources")
struct SourceRuleTests {
    @Test("the core calls no clock, no entropy, no task and no terminal")
    func calls() throws {
        let found = try Repository.swiftFiles.get().flatMap {
            CallRule.findings(in: $0, layout: .current)
        }
        #expect(found == [])
    }

    @Test("files and functions are short")
    func lengths() throws {
        let found = try Repository.swiftFiles.get().flatMap(LengthRule.findings(in:))
        #expect(found == [])
    }

    @Test("nothing is left over, and no trap is without its reason")
    func markers() throws {
        let found = try Repository.swiftFiles.get().flatMap(MarkerRule.findings(in:))
        #expect(found == [])
    }

    @Test("no script, document or example names a path of one machine")
    func machinePaths() throws {
        let found = try Repository.papers().filter { !$0.hasSuffix(".swift") }.flatMap {
            MarkerRule.machinePaths(path: $0, text: try Repository.text($0))
        }
        #expect(found == [])
    }

    @Test(
        "every banned call is found in the core, in code only",
        arguments: CallRule.banned.map(\.text))
    func findsCall(text: String) {
        let code = "let one = \(text)"
        #expect(findings("Faults", code).count >= 1)
        #expect(findings("Faults", "// \(text)\n/* \(text) /* \(text) */ */").isEmpty)
        #expect(findings("Faults", "let one = \"\(text)\"; let two = #\"\(text)\"#").isEmpty)
        #expect(findings("Faults", "let one = \"\\(two \(text))\"").count >= 1)
        #expect(findings("Runner", code).isEmpty)
    }

    @Test(
        "a longer identifier is not a banned call",
        arguments: [
            "Fingerprint(hex: text)", "CassetteHasher(manifest: m)", "MyTask {", "Threads",
            "let hashValues = 0", "func hash(into hasher: inout Hasher) {}", "DoubleQuote",
        ])
    func sparesOthers(code: String) {
        #expect(findings("Cassette", code).isEmpty)
    }

    @Test("a banned call is reported with its line and what to take in its place")
    func message() {
        #expect(
            findings("Faults", "let a = 1\nlet b = UUID()\n").map(\.description) == [
                "Sources/Faults/File.swift:2: UUID() is banned in ring 1: "
                    + "draw from KeyedRandom, with a purpose of its own"
            ])
    }

    @Test("a file is too long from one line over the limit")
    func fileLength() {
        let limit = String(repeating: "\n", count: LengthRule.fileLinesMax)
        #expect(LengthRule.findings(in: SourceFile(path: "A.swift", text: limit)).isEmpty)
        #expect(LengthRule.findings(in: SourceFile(path: "A.swift", text: limit + "\n")).count == 1)
    }

    @Test("functions are measured from their keyword to their brace")
    func functionLength() {
        let text = """
            protocol P {
                func requirement(_ a: () -> Void) throws -> [Int]
                init(a: Int)
            }
            struct S: P {
                let closure = { (a: Int) in
                    a
                }
                func requirement(
                    _ a: () -> Void = { let text = "}" }
                ) throws -> [Int]
                where X: Y {
                    func inner() { /* } */ }
                    return []
                }
                init(a: Int) {
                }
            }
            """
        let found = LengthRule.functions(in: SourceFile(path: "A.swift", text: text))
        #expect(
            found == [
                .init(name: "requirement", line: 8, lines: 7),
                .init(name: "inner", line: 12, lines: 1),
                .init(name: "init", line: 15, lines: 2),
            ])
    }

    @Test("a function is too long from one line over the limit")
    func functionLimit() {
        func file(_ lines: Int) -> SourceFile {
            let body = String(repeating: "    step()\n", count: lines - 2)
            return SourceFile(path: "A.swift", text: "func a() {\n\(body)}\n")
        }
        #expect(LengthRule.findings(in: file(LengthRule.functionLinesMax)).isEmpty)
        #expect(LengthRule.findings(in: file(LengthRule.functionLinesMax + 1)).count == 1)
    }

    @Test("markers are found in comments, traps in code without a comment beside")
    func findsMarkers() {
        func count(_ text: String) -> Int {
            MarkerRule.findings(in: SourceFile(path: "A.swift", text: text)).count
        }
        let marker = "TO" + "DO"
        #expect(count("// \(marker): mend") == 1)
        #expect(count("let text = \"\(marker)\"") == 0)
        #expect(count("let a = try! b()") == 1)
        #expect(count("let a = try! b()  // The literal is valid.") == 0)
        #expect(count("// Checked above.\nfatalError(\"no\")") == 0)
        #expect(count("\n\nfatalError(\"no\")") == 1)
    }

    @Test("paths of one machine are found, folders of the repository are not")
    func findsMachinePaths() {
        func count(_ text: String) -> Int { MarkerRule.machinePaths(path: "a", text: text).count }
        let home = "/ho" + "me/"
        #expect(count("cd \(home)ada/project") == 1)
        #expect(count("\(home)ada") == 1)
        #expect(count("see docs\(home)index.md and .\(home)x") == 0)
    }

    private func findings(_ module: String, _ text: String) -> [Finding] {
        CallRule.findings(
            in: SourceFile(path: "Sources/\(module)/File.swift", text: text), layout: .current)
    }
}
