/// What Package.swift says, as far as the rules need it.
struct PackageDescription {
    struct Target: Equatable {
        let name: String
        /// Our modules and the products of others, sorted.
        let dependencies: [String]
    }

    /// The modules below `Sources`; test targets and plugins are left out.
    let targets: [Target]
    /// The last parts of the addresses of the packages.
    let packages: [String]

    init(_ text: String) {
        let products = text.matches(
            of: #/let (\w+) = Target\.Dependency\.product\(\s*name: "(\w+)"/#)
        let productOf = Dictionary(
            products.map { (String($0.1), String($0.2)) }, uniquingKeysWith: { first, _ in first })
        let starts = text.matches(
            of: #/\.(executableTarget|testTarget|systemLibrary|target|plugin)\(/#)
        targets = starts.enumerated().compactMap { index, start in
            guard start.1 != "testTarget", start.1 != "plugin" else { return nil }
            let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : text.endIndex
            return PackageDescription.target(
                String(text[start.range.upperBound..<end]), productOf: productOf)
        }
        packages = text.matches(of: #/url: "[^"]*/([^"/]+)"/#).map {
            String($0.1).replacing(".git", with: "")
        }
    }

    private static func target(_ text: String, productOf: [String: String]) -> Target? {
        guard let name = text.firstMatch(of: #/name: "(\w+)"/#)?.1 else { return nil }
        let list = text.firstMatch(of: #/dependencies: \[([^\]]*)\]/#)?.1 ?? ""
        let dependencies = list.split(separator: ",").map { part in
            let word = part.filter { !$0.isWhitespace }
            if word.hasPrefix("\"") { return String(word.dropFirst().dropLast()) }
            return productOf[word] ?? word
        }
        return Target(
            name: String(name), dependencies: dependencies.filter { !$0.isEmpty }.sorted())
    }
}
