import Determinism
import Foundation
import Mutations
import Testing

@Suite("The goldens of the mutations")
struct GoldenMutationTests {
    @Test("each variant writes what it always wrote, or says why not; `make goldens` renews it")
    func table() throws {
        let lines = Mutations.variants.map { Golden(of: $0).line }
        if Self.isUpdating {
            let text = Self.source(lines: lines, constant: Golden.constantNow)
            try Data(text.utf8).write(to: Self.file("GoldenTables.swift"))
            return
        }
        let wanted = Golden.table.split(separator: "\n").map(String.init)
        #expect(lines.count == wanted.count)
        for (line, wanted) in zip(lines, wanted) { #expect(line == wanted) }
    }

    @Test("another seed gives another text, except where nothing is drawn")
    func seeds() {
        guard !Self.isUpdating else { return }
        let wanted = Golden.constant.split(separator: "\n").map(String.init)
        #expect(Golden.constantNow == wanted)
    }

    @Test("docs/MUTATIONS.md lists every variant; `make goldens` writes the table anew")
    func document() throws {
        let (head, tail) = ("<!-- variants -->\n", "<!-- end of variants -->\n")
        let file = Self.file("../../docs/MUTATIONS.md")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let start = try #require(text.range(of: head))
        let end = try #require(text.range(of: tail))
        let table = Self.markdown
        if Self.isUpdating {
            let renewed = text[..<start.upperBound] + table + text[end.lowerBound...]
            try Data(renewed.utf8).write(to: file)
            return
        }
        #expect(text[start.upperBound..<end.lowerBound] == table)
    }

    private static let isUpdating =
        ProcessInfo.processInfo.environment["STORMTAPE_UPDATE_GOLDENS"] != nil

    private static func file(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent(name).standardizedFileURL
    }

    private static func source(lines: [String], constant: [String]) -> String {
        let block = { (name: String, comment: String, lines: [String]) in
            "    /// \(comment)\n    static let \(name) = \"\"\"\n"
                + lines.map { "        \($0)\n" }.joined() + "        \"\"\"\n"
        }
        return "extension Golden {\n"
            + block("table", "All variants on the rich sample with its seed.", lines) + "\n"
            + block("constant", "The variants that draw nothing on the rich sample.", constant)
            + "}\n"
    }

    /// Alternative names are those that other tools have.
    private static var markdown: String {
        var lines = ["", "| variant | class | other name | what it does |", "|---|---|---|---|"]
        for mutation in Mutations.all {
            for (place, variant) in mutation.variants.enumerated() {
                let aliases = variant.aliases.map { "`\($0)`" }.joined(separator: ", ")
                let summary = place == 0 ? mutation.summary : ""
                let mark =
                    variant.expectation == .metamorphic && !variant.keepsProtected ? " *" : ""
                lines.append(
                    "| `\(variant.name)` | \(variant.expectation.rawValue)\(mark) | \(aliases) "
                        + "| \(summary) |")
            }
        }
        return (lines + ["", ""]).joined(separator: "\n")
    }
}
