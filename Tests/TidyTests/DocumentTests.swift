import Testing

@Suite("The documents")
struct DocumentTests {
    private static let architecture = "docs/ARCHITECTURE.md"

    @Test("every module is named in the architecture")
    func modules() throws {
        let text = try Repository.text(DocumentTests.architecture)
        for module in try Repository.names(in: "Sources") {
            #expect(text.contains("`\(module)`"), "\(module) is not in the architecture")
        }
    }

    @Test("every dependency is justified in the architecture")
    func dependencies() throws {
        let text = try Repository.text(DocumentTests.architecture)
        let packages = PackageDescription(try Repository.text("Package.swift")).packages
        #expect(packages.count >= 6)
        for package in packages {
            #expect(text.contains("| `\(package)` |"), "\(package) has no row with its reason")
        }
    }

    @Test("links to files lead somewhere")
    func links() throws {
        for document in try Repository.documents() {
            let folder = document.split(separator: "/").dropLast().joined(separator: "/")
            for link in DocumentTests.links(in: try Repository.text(document)) {
                let path = folder.isEmpty ? link : "\(folder)/\(link)"
                #expect(Repository.exists(path), "\(document) links to \(link), which is not there")
            }
        }
    }

    @Test("links are told from addresses, anchors and code")
    func findsLinks() {
        let text = """
            [a](docs/A.md) [b](https://example.org/b) [c](#here) [d](D.md#part)
            `[e](E.md)`
            ```
            [f](F.md)
            ```
            """
        #expect(DocumentTests.links(in: text) == ["docs/A.md", "D.md"])
    }

    /// The relative links of a document, without their anchors.
    private static func links(in markdown: String) -> [String] {
        let prose = markdown.replacing(#/```[\s\S]*?```/#, with: "")
            .replacing(#/`[^`\n]*`/#, with: "")
        return prose.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
            .filter { !$0.contains("://") && !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") }
            .map { String($0.prefix { $0 != "#" }) }
    }
}
