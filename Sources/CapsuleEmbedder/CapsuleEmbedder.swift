import Foundation

/// Compiles the preload library and writes it into a Swift file, and the language hooks beside it.
///
/// `CapsuleEmbedder COMPILER INCLUDE OUTPUT HOOKS SOURCE...`; where the library cannot exist the
/// file holds an empty one.
@main
struct CapsuleEmbedder {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 4 else {
            throw EmbedderError("usage: CapsuleEmbedder COMPILER INCLUDE OUTPUT HOOKS SOURCE...")
        }
        #if os(Linux)
            let image = try compiled(
                by: arguments[1], include: arguments[2], hooks: arguments[4],
                sources: Array(arguments[5...]))
        #else
            let image = Data()
        #endif
        // Base64 in one literal: an array of bytes takes the compiler minutes.
        let text = """
            /// The preload library, made from Sources/CCapsule/preload.
            enum CapsuleImage {
                static let base64: StaticString = "\(image.base64EncodedString())"
            }

            /// The language hooks, made from Sources/Capsule/Hooks.
            enum HookImages {
                static let python: StaticString = "\(try text(of: "sitecustomize.py", in: arguments[4]))"
                static let node: StaticString = "\(try text(of: "hook.cjs", in: arguments[4]))"
            }

            """
        try text.write(toFile: arguments[3], atomically: true, encoding: .utf8)
    }

    private static func text(of name: String, in folder: String) throws -> String {
        try Data(contentsOf: URL(fileURLWithPath: folder).appending(path: name))
            .base64EncodedString()
    }

    /// A text as a string of C.
    private static func literal(of name: String, in folder: String) throws -> String {
        let url = URL(fileURLWithPath: folder).appending(path: name)
        let text = try String(contentsOf: url, encoding: .utf8)
        return "\""
            + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n") + "\""
    }

    private static func compiled(
        by compiler: String, include: String, hooks: String, sources: [String]
    ) throws -> Data {
        guard !sources.isEmpty else { return Data() }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "stormtape-capsule-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = folder.appending(path: "libcapsule.so")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        // Of C only, and of nothing but libc: it runs in programs that know nothing of Swift.
        process.arguments =
            [
                "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-std=gnu11", "-mno-red-zone",
                "-Wall", "-Wextra", "-Wl,-z,initfirst", "-Wl,-z,now", "-Wl,-s", "-I", include,
                "-D", "QUIET_PY=\(try literal(of: "quiet.py", in: hooks))", "-o", library.path,
            ] + sources + ["-ldl", "-lpthread"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw EmbedderError("\(compiler) failed with \(process.terminationStatus)")
        }
        return try Data(contentsOf: library)
    }
}

struct EmbedderError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
