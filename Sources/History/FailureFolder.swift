import Foundation

/// A folder of failure files, as a repository holds it.
package struct FailureFolder: Sendable {
    static let filesMax = 1_000

    /// The folder.
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// A file of the folder: what it holds, or why it cannot be used.
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var file: Result<FailureFile, FailureFileError>
    }

    /// What is read of a folder.
    package struct Listing: Hashable, Sendable {
        /// The first failure files in the order of their names.
        package var entries: [Entry] = []
        /// How many more there are.
        package var leftOut = 0

        package init() {}
    }

    /// The failure files; none when there is no such folder yet.
    package func listing() throws(LedgerError) -> Listing {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return Listing()
        }
        guard isFolder.boolValue else { throw unreadable("it is a file") }
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw unreadable(error.localizedDescription)
        }
        let names = found.filter { $0.hasSuffix(FailureFile.suffix) }.sorted()
        let read = names.prefix(FailureFolder.filesMax)
        var listing = Listing()
        listing.entries = read.map { Entry(name: $0, file: self.read($0)) }
        listing.leftOut = names.count - read.count
        return listing
    }

    /// Writes the failures whose files are not there yet, and returns their names.
    ///
    /// One that is there stays as it was reviewed.
    package func add(_ failures: [FailureFile]) throws(LedgerError) -> [String] {
        var added: [String] = []
        for failure in failures where !added.contains(failure.name) {
            let file = path + "/" + failure.name
            guard !FileManager.default.fileExists(atPath: file) else { continue }
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true)
                // Atomic, so that kill -9 leaves no half of a file.
                try Data(failure.text.utf8).write(
                    to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw LedgerError(
                    .unwritable, path: file,
                    "the failure could not be written; check the permissions of --failures",
                    cause: error.localizedDescription)
            }
            added.append(failure.name)
        }
        return added
    }

    private func read(_ name: String) -> Result<FailureFile, FailureFileError> {
        let data = bytes(name)
        // What was cut may end within a character.
        if let data, data.count > FailureFile.bytesMax { return .failure(.tooLarge) }
        guard let data, let text = String(validating: data, as: UTF8.self) else {
            return .failure(FailureFileError(line: 1, message: "it is no readable UTF-8"))
        }
        do throws(FailureFileError) {
            return .success(try FailureFile(text: text))
        } catch {
            return .failure(error)
        }
    }

    /// The file, or so much of it that one can tell that it is too large.
    private func bytes(_ name: String) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path + "/" + name) else { return nil }
        defer { try? file.close() }
        do {
            return try file.read(upToCount: FailureFile.bytesMax + 1) ?? Data()
        } catch {
            return nil
        }
    }

    private func unreadable(_ cause: String) -> LedgerError {
        LedgerError(
            .unwritable, path: path,
            "the failure files could not be read; give a folder that can be read with --failures",
            cause: cause)
    }
}
