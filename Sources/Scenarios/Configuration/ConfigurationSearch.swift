internal import Foundation

/// Finds the configuration of the folder where a command is given.
package enum ConfigurationSearch {
    /// The nearest `stormtape.yaml` in a folder or above it, up to the root of its repository, or
    /// of the file system where there is no repository.
    package static func nearest(from folder: String) -> String? {
        var folder = folder
        for _ in 0..<256 {
            let path =
                folder == "/" ? "/\(ConfigurationFile.name)" : "\(folder)/\(ConfigurationFile.name)"
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return path
            }
            // A repository's configuration is its own; that of a folder around it is another's.
            if folder == "/" || FileManager.default.fileExists(atPath: "\(folder)/.git") {
                return nil
            }
            folder = folder.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
            if folder.isEmpty { folder = "/" }
        }
        return nil
    }

    /// The root of the repository that a folder is in; nil when it is in none.
    package static func repository(of folder: String) -> String? {
        var parts = folder.split(separator: "/")
        while true {
            let root = parts.reduce("") { "\($0)/\($1)" }
            if FileManager.default.fileExists(atPath: "\(root)/.git") {
                return root.isEmpty ? "/" : root
            }
            guard parts.popLast() != nil else { return nil }
        }
    }

    /// The working folder.
    package static var workingFolder: String { FileManager.default.currentDirectoryPath }

    /// Makes another folder the working folder; false when it cannot be entered.
    package static func enter(_ folder: String) -> Bool {
        FileManager.default.changeCurrentDirectoryPath(folder)
    }
}
