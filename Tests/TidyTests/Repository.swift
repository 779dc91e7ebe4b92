import Foundation

/// The checkout that these tests were compiled from.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift files of the package and of its benchmarks, in order of path; read once.
    static let swiftFiles = Result {
        try ["Sources", "Tests", "Benchmarks"].flatMap(paths(below:))
            .filter { $0.hasSuffix(".swift") }
            .map { SourceFile(path: $0, text: try text($0)) }
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// The names of the folders and files in a folder, sorted.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The paths of the files below a folder, hidden and built ones aside, sorted.
    static func paths(below folder: String) throws -> [String] {
        let top = root.appendingPathComponent(folder).path
        guard let below = FileManager.default.enumerator(atPath: top) else { return [] }
        return below.compactMap { $0 as? String }
            .filter { path in
                !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__pycache__" }
            }
            .map { "\(folder)/\($0)" }.filter { isFile($0) }.sorted()
    }

    /// What people write and read beside the sources: documents, scripts, examples.
    static func papers() throws -> [String] {
        let top = try names(in: ".").filter { $0.hasSuffix(".md") || $0 == "Makefile" }
        let below = try ["docs", "scripts", "fixtures", "Benchmarks"].flatMap(paths(below:))
            .filter { !$0.hasSuffix("Package.resolved") }
        return top + [".ci/run"] + below
    }

    static func documents() throws -> [String] {
        try papers().filter { $0.hasSuffix(".md") }
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let found = FileManager.default.fileExists(
            atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
        return found && !isFolder.boolValue
    }
}
