import Foundation

/// Compiles the preload library and writes it into a Swift file.
///
/// `CapsuleEmbedder COMPILER INCLUDE OUTPUT SOURCE...`; where the library cannot exist the file
/// holds an empty one.
@main
struct CapsuleEmbedder {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3 else {
            throw EmbedderError("usage: CapsuleEmbedder COMPILER INCLUDE OUTPUT SOURCE...")
        }
        #if os(Linux)
            let image = try compiled(
                by: arguments[1], include: arguments[2], sources: Array(arguments[4...]))
        #else
            let image = Data()
        #endif
        // Base64 in one literal: an array of bytes takes the compiler minutes.
        let text = """
            /// The preload library, made from Sources/CCapsule/preload.
            enum CapsuleImage {
                static let base64: StaticString = "\(image.base64EncodedString())"
            }

            """
        try text.write(toFile: arguments[3], atomically: true, encoding: .utf8)
    }

    private static func compiled(
        by compiler: String, include: String, sources: [String]
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
                "-o", library.path,
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
