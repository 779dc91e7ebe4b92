internal import Foundation

/// The preload library that this program carries.
package enum CapsuleLibrary {
    /// Whether there is one for this system.
    package static var isAvailable: Bool { CapsuleImage.base64.utf8CodeUnitCount > 0 }

    /// Writes the library to a path, executable by everybody who can reach it.
    package static func write(to path: String) throws(CapsuleError) {
        let text = CapsuleImage.base64.withUTF8Buffer { Data($0) }
        guard let image = Data(base64Encoded: text), !image.isEmpty else {
            throw CapsuleError("there is no capsule for this system")
        }
        do {
            try image.write(to: URL(fileURLWithPath: path))
        } catch {
            throw CapsuleError("cannot write the capsule's library: \(error)")
        }
    }
}
