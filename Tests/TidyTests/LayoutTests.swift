import Testing

@Suite("The layout of the repository")
struct LayoutTests {
    @Test("modules import what their ring allows, and siblings never each other")
    func imports() throws {
        let rule = ImportRule(layout: .current)
        let found = try Repository.swiftFiles.get().flatMap(rule.findings(in:))
        #expect(found == [])
    }

    @Test("a module comes after those it imports, and no ring reaches outwards")
    func order() {
        var earlier: [String: Int] = [:]
        for module in Layout.current.modules {
            for name in module.modules {
                let ring = earlier[name]
                #expect(ring != nil, "\(module.name) imports \(name), which comes later")
                #expect(ring ?? 0 <= module.ring, "\(module.name) imports \(name) of an outer ring")
            }
            earlier[module.name] = module.ring
        }
    }

    @Test("ring 1 knows nothing of the system")
    func purity() {
        for module in Layout.current.modules where module.ring == 1 {
            #expect(Set(module.outside).isSubset(of: Layout.pure + ["Crypto"]))
            #expect(!module.outside.contains("Crypto") || module.name == "Determinism")
        }
    }

    @Test("Package.swift declares the same modules and dependencies")
    func package() throws {
        let package = PackageDescription(try Repository.text("Package.swift"))
        let toolchain = Layout.pure + Layout.system
        let wanted = Layout.current.modules.map { module in
            PackageDescription.Target(
                name: module.name,
                dependencies: (module.modules + module.outside.filter { !toolchain.contains($0) })
                    .sorted())
        }
        #expect(package.targets == wanted)
        #expect(try Repository.names(in: "Sources") == wanted.map(\.name).sorted())
    }

    @Test(
        "a forbidden import is found, with its line",
        arguments: [
            ("Faults", "import Simulation", false), ("Faults", "public import Cassette", true),
            ("Reports", "internal import Scenarios", false),
            ("Scenarios", "internal import Foundation", true),
            ("Judgement", "import Foundation", false),
            ("Judgement", "@preconcurrency public import struct Foundation.Date", false),
            ("Cassette", "// import Foundation", true),
            ("Cassette", "let text = \"\"\"\nimport Foundation\n\"\"\"", true),
            ("Gateway", "package import NIOCore", true), ("Runner", "import NIOCore", false),
            ("Unheard", "let none = 0", false),
        ])
    func finds(module: String, text: String, isAllowed: Bool) {
        let file = SourceFile(path: "Sources/\(module)/File.swift", text: text)
        #expect(ImportRule(layout: .current).findings(in: file).isEmpty == isAllowed)
    }

    @Test("a finding names the module, its ring and what is allowed")
    func message() {
        let file = SourceFile(path: "Sources/Cassette/A.swift", text: "\n\nimport GRDB\n")
        let found = ImportRule(layout: .current).findings(in: file)
        #expect(
            found.map(\.description) == [
                "Sources/Cassette/A.swift:3: Cassette (ring 1) must not import GRDB; it may import: "
                    + "Determinism, Synchronization, _StringProcessing"
            ])
    }

    @Test("Package.swift is read: products by their constants, tests left out")
    func reading() {
        let package = PackageDescription(
            """
            let gold = Target.Dependency.product(
                name: "Gold", package: "swift-gold")
            let package = Package(
                dependencies: [.package(url: "https://example.org/some/swift-gold.git", from: "1.0.0")],
                targets: [
                    .target(name: "Mine", dependencies: [gold, "Deep"], swiftSettings: x),
                    .testTarget(name: "MineTests", dependencies: ["Mine"]),
                    .target(name: "Deep"),
                ])
            """)
        #expect(package.packages == ["swift-gold"])
        #expect(
            package.targets == [
                .init(name: "Mine", dependencies: ["Deep", "Gold"]),
                .init(name: "Deep", dependencies: []),
            ])
    }
}
