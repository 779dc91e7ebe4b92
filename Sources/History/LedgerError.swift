import GRDB

/// Why the run ledger could not be read or written, and what to do next.
package struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Nothing is at the path.
        case missing
        /// The file is not a ledger.
        case foreign
        /// A newer version of the tool wrote the file.
        case newerVersion
        /// The file was truncated or damaged.
        case corrupt
        /// Another storm kept the file locked for too long.
        case busy
        /// The disk, or a limit on the file's size, is full.
        case diskFull
        /// The folder or the file may not be read or written.
        case unwritable
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

extension LedgerError {
    static func corrupt(_ path: String, _ cause: String) -> LedgerError {
        LedgerError(
            .corrupt, path: path,
            "the run ledger is damaged; it was left as it is. Move it aside, and the next storm "
                + "begins a new one", cause: cause)
    }

    static func unwritable(_ path: String, _ cause: String?) -> LedgerError {
        LedgerError(
            .unwritable, path: path,
            "the run ledger could not be opened for writing; check the permissions of its folder, "
                + "give another one with --history FOLDER, or use --no-history", cause: cause)
    }

    static func busy(_ path: String, _ cause: String? = nil) -> LedgerError {
        LedgerError(
            .busy, path: path,
            "another storm keeps the run ledger locked; wait until it ended, or use --no-history",
            cause: cause)
    }

    /// Takes over an error of ours, or names one of SQLite by its result code.
    static func wrapping(_ error: any Error, path: String) -> LedgerError {
        if let known = error as? LedgerError { return known }
        guard let error = error as? DatabaseError else {
            return LedgerError(
                .failed, path: path, "the run ledger could not be used; try again",
                cause: String(describing: error))
        }
        let cause = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_ERROR:
            // SQL of ours that does not compile means that the schema is not ours any more.
            return corrupt(path, cause)
        case .SQLITE_FULL:
            return LedgerError(
                .diskFull, path: path,
                "no space is left for the run ledger; free some. What it held before is kept",
                cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return busy(path, cause)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return unwritable(path, cause)
        default:
            return LedgerError(
                .failed, path: path,
                "the run ledger could not be read or written; check the disk and "
                    + "its free space, and try again",
                cause: cause)
        }
    }
}
