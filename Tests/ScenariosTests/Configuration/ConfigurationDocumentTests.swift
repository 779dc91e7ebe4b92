import Foundation
import Scenarios
import Testing

@Suite("The page of the configuration")
struct ConfigurationDocumentTests {
    @Test("every example is a configuration")
    func examples() throws {
        let vocabulary = ConfigurationVocabulary(
            mutations: [], upstreams: ["openai"], formats: ["junit"])
        let examples = try Self.page().matches(of: #/```yaml\n([\s\S]*?)```/#)
        #expect(examples.count >= 2)
        for example in examples {
            _ = try ConfigurationFile.parse(
                text: String(example.1), file: "docs/CONFIGURATION.md", vocabulary)
        }
    }

    @Test("every key that the reader knows is explained", arguments: EditorSchemaTests.maps)
    func keys(_ text: String, _ pointer: String) throws {
        guard pointer.hasPrefix("/properties"), !pointer.contains("/stubs/"),
            !pointer.contains("/normalise/")
        else { return }
        let page = try Self.page()
        let error = try #require(ConfigurationFixture.error("version: 1\n\(text)\n"))
        let unknown = error.diagnostics.first { $0.message == "unknown key 'nonsense'" }
        let keys = try #require(unknown?.allowed?.split(separator: ", "))
        for key in keys { #expect(page.contains("`\(key)`") || page.contains("\(key): …")) }
    }

    private static func page() throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/CONFIGURATION.md").standardizedFileURL
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
