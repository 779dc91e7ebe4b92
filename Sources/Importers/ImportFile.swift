import Foundation

/// A file to import.
package struct ImportFile: Hashable, Sendable {
    /// What a person calls it: the argument, or a path below it.
    package let path: String
    /// Its name, which does not depend on where the file lies: that of the argument, or the path
    /// below a folder.
    package let name: String
    /// The argument by which it came.
    package let group: String

    /// Names a file.
    package init(path: String, name: String, group: String) {
        self.path = path
        self.name = name
        self.group = group
    }

    /// The files that arguments name, each once; a folder stands for all files below it that are
    /// not hidden.
    package static func find(_ arguments: [String]) throws(ImportError) -> [ImportFile] {
        var files: [ImportFile] = []
        var seen: Set<String> = []
        for argument in arguments {
            for file in try find(argument) {
                let whole = URL(fileURLWithPath: file.path).resolvingSymlinksInPath().path
                if seen.insert(whole).inserted { files.append(file) }
            }
        }
        return files
    }

    private static func find(_ argument: String) throws(ImportError) -> [ImportFile] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
            throw ImportError(
                .unreadable, "there is no such file or folder",
                at: ImportOrigin(file: argument, index: nil))
        }
        let url = URL(fileURLWithPath: argument)
        guard isFolder.boolValue else {
            return [ImportFile(path: argument, name: url.lastPathComponent, group: argument)]
        }
        let folder = argument.hasSuffix("/") ? String(argument.dropLast()) : argument
        let below = FileManager.default.subpaths(atPath: argument) ?? []
        let visible = below.filter { path in
            !path.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        return visible.sorted().compactMap { path in
            let whole = "\(folder)/\(path)"
            guard isRegular(whole) else { return nil }
            return ImportFile(
                path: whole, name: "\(url.lastPathComponent)/\(path)", group: argument)
        }
    }

    /// Whether it is a file, and no folder, pipe or device, whose reading may never end.
    private static func isRegular(_ path: String) -> Bool {
        attributes(path)?[.type] as? FileAttributeType == .typeRegular
    }

    private static func attributes(_ path: String) -> [FileAttributeKey: Any]? {
        let whole = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? FileManager.default.attributesOfItem(atPath: whole)
    }

    /// The bytes.
    package func read() throws(ImportError) -> [UInt8] {
        let size = Self.attributes(path)?[.size] as? Int ?? 0
        guard size <= SourceReader.bytesMax else {
            throw SourceReader.tooLarge.at(ImportOrigin(file: path, index: nil))
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImportError(
                .unreadable, "the file cannot be read; check its permissions",
                at: ImportOrigin(file: path, index: nil))
        }
        return [UInt8](data)
    }
}
