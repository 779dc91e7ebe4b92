import Foundation

/// A problem of the set-up, not of the product.
struct SetUpError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where things lie: the built program, the agents and their interpreter.
enum Checkout {
    /// The root of the checkout that these tests were built from.
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The built program lies beside the running test executable.
    static func stormtape() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/stormtape"
        for path in [beside, root + "/.build/debug/stormtape"]
        where FileManager.default.isExecutableFile(atPath: path) {
            return path
        }
        throw SetUpError("there is no stormtape beside \(own); build the package first")
    }

    /// The interpreter with the official SDKs.
    static func python() throws -> String {
        let path = root + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw SetUpError("\(path) is missing; run `make test`, which sets up the agents")
        }
        return path
    }

    /// Whether a program that no script installs is there.
    static func has(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// A command that runs one of the agents of `fixtures/agents`.
    static func agent(_ script: String, _ arguments: [String] = []) throws -> [String] {
        [try python(), "\(root)/fixtures/agents/\(script)"] + arguments
    }
}

/// Temporary files of this test process, removed when it ends.
enum Scratch {
    static let root: String = {
        let path = NSTemporaryDirectory() + "stormtape-e2e-\(getpid())"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.root) }
        return path
    }()

    /// A fresh folder.
    static func folder() throws -> String {
        let path = root + "/" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A fresh file with this text.
    static func file(_ name: String, _ text: String) throws -> String {
        let path = try folder() + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The bytes of a file as text, whatever they are.
    static func bytes(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// A copy of the first bytes of a file.
    static func truncated(_ path: String, bytes count: Int) throws -> String {
        let copied = try folder() + "/truncated.cassette"
        let data = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(count)
        try data.write(to: URL(fileURLWithPath: copied))
        return copied
    }

    /// Copies a file to a place in a fresh folder.
    static func copy(_ path: String) throws -> String {
        let copied = try folder() + "/" + URL(fileURLWithPath: path).lastPathComponent
        try FileManager.default.copyItem(atPath: path, toPath: copied)
        return copied
    }
}
