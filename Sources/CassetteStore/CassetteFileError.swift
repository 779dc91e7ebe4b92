import GRDB

/// Why a cassette file could not be opened, read or written, and what to do next.
package struct CassetteFileError: Error, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Nothing is at the path.
        case missing
        /// A folder is at the path.
        case folder
        /// The file may not be read.
        case unreadable
        /// The file is not an SQLite database.
        case notSQLite
        /// The file is an SQLite database of another program.
        case foreign
        /// A newer version of the tool wrote the file.
        case newerVersion
        /// The file was truncated or damaged.
        case corrupt
        /// A file is at the path already.
        case exists
        /// Another recording writes to the file.
        case busy
        /// The disk, or a limit on the file's size, is full.
        case diskFull
        /// The folder or the file may not be written.
        case unwritable
        /// The writer was closed before.
        case closed
        /// No interaction has this ordinal.
        case noSuchInteraction
        /// A value cannot be stored.
        case unstorable
        /// SQLite failed in another way.
        case failed
    }

    /// The kind of failure.
    package let code: Code
    /// The file.
    package let path: String
    /// What is wrong, and how to mend it.
    package let message: String
    /// What SQLite or the system said.
    package let cause: String?

    init(_ code: Code, path: String, _ message: String, cause: String? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.cause = cause
    }

    /// Path, message and cause in one line.
    package var description: String {
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(path): \(message)\(reason)"
    }
}

extension CassetteFileError {
    static func corrupt(_ path: String, _ cause: String) -> CassetteFileError {
        CassetteFileError(
            .corrupt, path: path,
            "the cassette is damaged or was cut short; restore it from version control or record "
                + "it again", cause: cause)
    }

    /// Takes over an error of ours, or names one of SQLite by its result code.
    static func wrapping(_ error: any Error, path: String) -> CassetteFileError {
        if let known = error as? CassetteFileError { return known }
        guard let error = error as? DatabaseError else {
            return CassetteFileError(
                .failed, path: path, "the cassette could not be used; try again",
                cause: String(describing: error))
        }
        let cause = error.description
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_ERROR:
            // SQL of ours that does not compile means that the schema is not ours any more.
            return corrupt(path, cause)
        case .SQLITE_FULL:
            return CassetteFileError(
                .diskFull, path: path,
                "no space is left for the cassette; free some and record again. "
                    + "What was stored before is kept", cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return busy(path, cause)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return CassetteFileError(
                .unwritable, path: path,
                "the cassette could not be opened for this; check that its folder exists and that "
                    + "you may write there", cause: cause)
        default:
            return CassetteFileError(
                .failed, path: path,
                "the cassette could not be read or written; check the disk and try again",
                cause: cause)
        }
    }

    static func busy(_ path: String, _ cause: String? = nil) -> CassetteFileError {
        CassetteFileError(
            .busy, path: path,
            "another recording writes to this cassette; wait until it ended, or give another path",
            cause: cause)
    }
}
