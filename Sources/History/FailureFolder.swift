import Foundation

/// A folder of failure files, as a repository holds it.
package struct FailureFolder: Sendable {
    private static let filesMax = 1_000

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

    /// All failure files in the order of their names; none when there is no such folder yet.
    package func entries() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(FailureFile.suffix) }.sorted()
            .prefix(FailureFolder.filesMax).map { Entry(name: $0, file: read($0)) }
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
        guard let data = FileManager.default.contents(atPath: path + "/" + name),
            let text = String(validating: data, as: UTF8.self)
        else { return .failure(FailureFileError(line: 1, message: "it is no readable UTF-8")) }
        do throws(FailureFileError) {
            return .success(try FailureFile(text: text))
        } catch {
            return .failure(error)
        }
    }
}
