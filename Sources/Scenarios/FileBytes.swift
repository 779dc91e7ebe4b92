internal import Foundation

/// Reads whole files that a user names.
enum FileBytes {
    /// Why a file cannot be read.
    struct Failure: Error {
        let message: String
    }

    static func read(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(message: "there is no file '\(path)'")
        }
        guard !isFolder.boolValue else { throw Failure(message: "'\(path)' is a folder") }
        guard let handle = FileHandle(forReadingAtPath: path),
            // Read by count, so that neither a device nor a growing file is read without end.
            let data = try? handle.read(upToCount: bytesMax + 1)
        else {
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw Failure(message: "'\(path)' cannot be read")
            }
            return []
        }
        guard data.count <= bytesMax else {
            throw Failure(message: "'\(path)' is larger than \(bytesMax) bytes")
        }
        return Array(data)
    }
}
