import Foundation

/// Looks at a file before SQLite does: SQLite's own messages do not say what to do.
struct FileCheck {
    /// The size of the file in bytes.
    let byteCount: Int
    /// Whether a log may stand beside it, which SQLite would have to write to in order to read.
    let needsCopy: Bool

    private static let magic = Array("SQLite format 3\u{0}".utf8)

    @discardableResult
    static func run(_ path: String) throws(CassetteFileError) -> FileCheck {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CassetteFileError(
                .missing, path: path,
                "there is no such cassette; check the path, or make one with `stormtape record`")
        }
        guard !isFolder.boolValue else { throw folder(path) }
        guard let file = FileHandle(forReadingAtPath: path) else { throw unreadable(path, nil) }
        defer { try? file.close() }
        do {
            let header = try file.read(upToCount: 100).map { [UInt8]($0) } ?? []
            let byteCount = Int(try file.seekToEnd())
            try checkHeader(header, path: path)
            return FileCheck(
                byteCount: byteCount, needsCopy: header[18] == 2 || hasJournal(path))
        } catch let error as CassetteFileError {
            throw error
        } catch {
            throw unreadable(path, String(describing: error))
        }
    }

    static func folder(_ path: String) -> CassetteFileError {
        CassetteFileError(
            .folder, path: path, "this is a folder; give the path of a cassette file in it")
    }

    private static func unreadable(_ path: String, _ cause: String?) -> CassetteFileError {
        CassetteFileError(
            .unreadable, path: path,
            "the cassette may not be read; check the permissions of the file", cause: cause)
    }

    private static func hasJournal(_ path: String) -> Bool {
        ["-wal", "-journal"].contains { FileManager.default.fileExists(atPath: path + $0) }
    }

    private static func checkHeader(
        _ header: [UInt8], path: String
    ) throws(CassetteFileError) {
        guard !header.isEmpty else { throw .corrupt(path, "the file is empty") }
        guard header.starts(with: magic) || (header.count < 16 && magic.starts(with: header)) else {
            throw CassetteFileError(
                .notSQLite, path: path,
                "this is not a cassette, which is an SQLite file; for the text form use "
                    + "`stormtape import`")
        }
        guard header.count == 100 else { throw .corrupt(path, "the file ends in its header") }
        guard number(header, at: 68) == CassetteSchema.applicationID else {
            throw CassetteFileError(
                .foreign, path: path,
                "this SQLite file belongs to another program; give a cassette that "
                    + "`stormtape record` wrote")
        }
        let version = number(header, at: 60)
        guard version != 0 else { throw .corrupt(path, "the version is missing") }
        guard version <= CassetteSchema.version else {
            throw CassetteFileError(
                .newerVersion, path: path,
                "the cassette has version \(version), this stormtape knows up to "
                    + "\(CassetteSchema.version); install a newer stormtape")
        }
    }

    private static func number(_ header: [UInt8], at offset: Int) -> UInt32 {
        header[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
