import Determinism
import Faults
import Foundation
import Testing

@testable import Reports

@Suite("The reference of the faults")
struct FaultReferenceTests {
    @Test("docs/FAULTS.md says what the catalogue says; `make goldens` writes it anew")
    func document() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/FAULTS.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["STORMTAPE_UPDATE_GOLDENS"] != nil {
            try Data(FaultReference.markdown.utf8).write(to: file)
        }
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(written == FaultReference.markdown)
    }

    @Test("every fault has a line in the list and a page that says all of it")
    func pages() {
        let list = FaultReference.list.joined(separator: "\n")
        for kind in FaultCatalogue.all {
            #expect(list.contains("  \(kind.id) "))
            let page = FaultReference.page(kind)
            #expect(page.first == kind.id)
            for title in ["on the wire: ", "clients: ", "a robust agent: ", "evidence: "] {
                #expect(page.contains { $0.contains(title) }, "\(kind.id) \(title)")
            }
            for spec in kind.parameters {
                #expect(page.contains { $0.hasPrefix("  \(spec.name): ") })
            }
        }
    }

    @Test("the JSON names every fault once, with its family")
    func json() {
        let rows = FaultReference.json(FaultCatalogue.all).arrayValue ?? []
        #expect(rows.compactMap { $0["id"]?.stringValue } == FaultCatalogue.all.map(\.id))
        let names = FaultCatalogue.families.map(\.name)
        #expect(rows.allSatisfy { names.contains($0["family"]?.stringValue ?? "") })
    }
}
