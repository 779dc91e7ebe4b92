internal import Foundation

/// The preload library that this program carries, and the hooks that stand in for it.
package enum CapsuleLibrary {
    /// Whether there is one for this system.
    package static var isAvailable: Bool { CapsuleImage.base64.utf8CodeUnitCount > 0 }

    /// Writes the library to a path, executable by everybody who can reach it.
    package static func write(to path: String) throws(CapsuleError) {
        guard isAvailable else { throw CapsuleError("there is no capsule for this system") }
        try Self.write(CapsuleImage.base64, to: path)
    }

    /// Writes the language hooks into a folder: what Python and Node load at their start.
    package static func writeHooks(to folder: String) throws(CapsuleError) {
        try write(HookImages.python, to: folder + "/" + pythonHook)
        try write(HookImages.node, to: folder + "/" + nodeHook)
    }

    /// The name by which Python finds its hook in a folder of modules.
    private static let pythonHook = "sitecustomize.py"

    /// The file that Node is told to load.
    package static let nodeHook = "hook.cjs"

    private static func write(_ base64: StaticString, to path: String) throws(CapsuleError) {
        let text = base64.withUTF8Buffer { Data($0) }
        do {
            try (Data(base64Encoded: text) ?? Data()).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CapsuleError("cannot write \(path): \(error)")
        }
    }
}
