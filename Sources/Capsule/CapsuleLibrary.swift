internal import Foundation

/// The preload library that this program carries, and the hooks that stand in for it.
package enum CapsuleLibrary {
    /// Whether there is one for this system.
    package static var isAvailable: Bool { !image.isEmpty }

    /// The library's file.
    package static let image = decoded(CapsuleImage.base64)

    /// The files of the language hooks: what Python and Node load at their start.
    package static let hooks = [
        (name: pythonHook, bytes: decoded(HookImages.python)),
        (name: nodeHook, bytes: decoded(HookImages.node)),
    ]

    /// The name by which Python finds its hook in a folder of modules.
    private static let pythonHook = "sitecustomize.py"

    /// The file that Node is told to load.
    package static let nodeHook = "hook.cjs"

    private static func decoded(_ base64: StaticString) -> [UInt8] {
        Data(base64Encoded: base64.withUTF8Buffer { Data($0) }).map { [UInt8]($0) } ?? []
    }
}
