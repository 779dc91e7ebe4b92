import Determinism
import Foundation
import Judgement
import Testing

@testable import Reports

@Suite("The reference of the invariants")
struct InvariantReferenceTests {
    @Test("docs/INVARIANTS.md says what the catalogue says; `make goldens` writes it anew")
    func document() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/INVARIANTS.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["STORMTAPE_UPDATE_GOLDENS"] != nil {
            try Data(InvariantReference.markdown.utf8).write(to: file)
        }
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(written == InvariantReference.markdown)
    }

    @Test("every invariant has a line in the list and a page that says all of it")
    func pages() {
        let list = InvariantReference.list.joined(separator: "\n")
        for kind in InvariantCatalogue.all {
            #expect(list.contains("  \(kind.name) "))
            let page = InvariantReference.page(kind).joined(separator: "\n")
            #expect(page.hasPrefix(kind.name))
            #expect(page.contains(kind.example))
            for parameter in kind.parameters { #expect(page.contains(parameter.meaning)) }
        }
    }

    @Test("the JSON names every invariant once, with its arguments")
    func json() {
        let rows = InvariantReference.json(InvariantCatalogue.all).arrayValue ?? []
        #expect(rows.compactMap { $0["name"]?.stringValue } == InvariantCatalogue.names)
        #expect(
            rows.map { $0["parameters"]?.arrayValue?.count }
                == InvariantCatalogue.all.map(\.parameters.count))
    }
}
