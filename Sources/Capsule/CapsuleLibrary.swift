internal import Foundation
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The preload library that this program carries, and the hooks that stand in for it.
package enum CapsuleLibrary {
    /// Whether there is one for this system.
    package static var isAvailable: Bool { CapsuleImage.base64.utf8CodeUnitCount > 0 }

    /// Writes the library to a path, executable by everybody who can reach it.
    package static func write(to path: String) throws(CapsuleError) {
        guard isAvailable else { throw CapsuleError("there is no capsule for this system") }
        try Self.write(image, to: path)
    }

    /// Writes the language hooks into a folder: what Python and Node load at their start.
    package static func writeHooks(to folder: String) throws(CapsuleError) {
        try write(decoded(HookImages.python), to: folder + "/" + pythonHook)
        try write(decoded(HookImages.node), to: folder + "/" + nodeHook)
    }

    /// The name by which Python finds its hook in a folder of modules.
    private static let pythonHook = "sitecustomize.py"

    /// The file that Node is told to load.
    package static let nodeHook = "hook.cjs"

    private static let image = decoded(CapsuleImage.base64)

    private static func decoded(_ base64: StaticString) -> Data {
        Data(base64Encoded: base64.withUTF8Buffer { Data($0) }) ?? Data()
    }

    /// Not by way of Foundation, which waits for the disk: every run writes its own.
    private static func write(_ bytes: Data, to path: String) throws(CapsuleError) {
        let file = fopen(path, "we")
        let written = bytes.withUnsafeBytes { raw in
            file.map { fwrite(raw.baseAddress, 1, raw.count, $0) == raw.count } ?? false
        }
        let isWhole = (file.map { fclose($0) == 0 } ?? false) && written
        guard isWhole else {
            throw CapsuleError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
