import Foundation
import GRDB

/// The run ledger: what storms found, kept in `history.sqlite` so that the next one knows it.
///
/// Several storms may use it at the same time. Each storm is written in one transaction at its
/// end: kill -9 at any moment leaves it whole, or leaves no trace of it.
package final class Ledger: Sendable {
    /// The name of the file in the ledger's folder.
    package static let fileName = "history.sqlite"
    /// How long another storm may keep the file locked.
    private static let waitMilliseconds = 5_000
    /// Files below this size are checked whole when they are opened.
    private static let checkedBytesMax = 8 << 20

    /// The file.
    package let path: String
    private let queue: DatabaseQueue

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
    }

    /// Opens the ledger of a folder; makes both where they are not there yet.
    package static func open(folder: String) throws(LedgerError) -> Ledger {
        try open(folder: folder, waitMilliseconds: waitMilliseconds)
    }

    /// The same with a wait of its own: how a lock that is kept is tested.
    static func open(folder: String, waitMilliseconds: Int) throws(LedgerError) -> Ledger {
        let path = folder + "/" + fileName
        try makeFolder(folder, path: path)
        guard
            let lock = try LedgerLock(
                path: folder + "/history.lock", waitMilliseconds: waitMilliseconds)
        else { throw .busy(path) }
        do {
            let ledger = Ledger(path: path, queue: try prepare(path, waitMilliseconds))
            _ = consume lock
            return ledger
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    private static func prepare(_ path: String, _ waitMilliseconds: Int) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(
            path: path, configuration: configuration(waitMilliseconds, isReadOnly: false))
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.inTransaction(.immediate) {
                try LedgerSchema.prepare(db, path: path)
                return .commit
            }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try checkWhole(db, path: path)
        }
        return queue
    }

    private static func configuration(
        _ waitMilliseconds: Int, isReadOnly: Bool
    ) -> Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(Double(waitMilliseconds) / 1_000)
        return configuration
    }

    /// Opens a ledger that is there, to read it; nothing of it is changed.
    package static func openToRead(folder: String) throws(LedgerError) -> Ledger {
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else {
            throw LedgerError(
                .missing, path: path,
                "there is no run ledger yet; `stormtape storm` writes one, and --history FOLDER "
                    + "names the folder of another")
        }
        do {
            let queue = try DatabaseQueue(
                path: path, configuration: configuration(waitMilliseconds, isReadOnly: true))
            try queue.read { db in
                try LedgerSchema.check(
                    id: try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                    version: try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0, path: path)
                try checkWhole(db, path: path)
            }
            return Ledger(path: path, queue: queue)
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    /// Lets the file grow to at most this many pages: how a full disk is tested.
    func limit(pages: Int) throws {
        try queue.inDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }

    func write<Result: Sendable>(
        _ body: @Sendable (Database) throws -> Result
    ) throws(LedgerError) -> Result {
        do {
            return try queue.inDatabase { db in
                var result: Result?
                // At once: a transaction that begins by reading could not wait for its turn.
                try db.inTransaction(.immediate) {
                    result = try body(db)
                    return .commit
                }
                guard let result else { throw LedgerError.busy(path) }
                return result
            }
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    func read<Result: Sendable>(
        _ body: @Sendable (Database) throws -> Result
    ) throws(LedgerError) -> Result {
        do {
            return try queue.read(body)
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    private static func makeFolder(_ folder: String, path: String) throws(LedgerError) {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: folder, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw .unwritable(path, "\(folder) is a file") }
            return
        }
        do {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path, error.localizedDescription)
        }
        // A folder of our own keeps itself out of the agent's repository.
        _ = files.createFile(atPath: folder + "/.gitignore", contents: Data("*\n".utf8))
    }

    private static func checkWhole(_ db: Database, path: String) throws {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        guard pages.multipliedReportingOverflow(by: size).partialValue < checkedBytesMax else {
            return
        }
        let found = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
        guard found == "ok" else { throw LedgerError.corrupt(path, found) }
    }
}
