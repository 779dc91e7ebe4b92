import Foundation
import Testing

@Suite("The page of the faults")
struct FaultDocumentGoldenTests {
    @Test("docs/FAULTS.md says what the catalogue says; `make goldens` writes it anew")
    func document() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/FAULTS.md").standardizedFileURL
        if ProcessInfo.processInfo.environment["STORMTAPE_UPDATE_GOLDENS"] != nil {
            try Data(FaultDocument.text.utf8).write(to: file)
        }
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(written == FaultDocument.text)
    }
}
