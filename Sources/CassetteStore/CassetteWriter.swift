package import Cassette
package import Determinism
import Foundation
import GRDB
import Synchronization

/// Records interactions into a file, so that kill -9 at any moment loses none that was put.
///
/// Each `put` is one transaction of SQLite's write-ahead log. `pack` turns the file into its final,
/// compact form. May be used from several threads.
package final class CassetteWriter: Sendable {
    /// The file.
    package let path: String
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var queue: DatabaseQueue?
        var lock: FileLock?
        var manifest: Manifest
        /// The last form of each interaction whose chunks are still coming.
        var growing: [Int: Interaction] = [:]
    }

    private init(path: String, queue: DatabaseQueue, lock: consuming FileLock, manifest: Manifest) {
        self.path = path
        state = Mutex(State(queue: queue, lock: lock, manifest: manifest))
    }

    /// Creates the file; one that exists is refused unless `overwrite` is set.
    package static func create(
        _ path: String, manifest: Manifest, overwrite: Bool = false
    ) throws(CassetteFileError) -> CassetteWriter {
        try makeRoom(path, overwrite: overwrite)
        do {
            let queue = try DatabaseQueue(path: path, configuration: .cassette())
            try queue.write { db in
                try CassetteSchema.create(db)
                try CassetteSchema.setMeta(.manifest, text(of: manifest), db)
            }
            return try begin(path, queue: queue, manifest: manifest)
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    /// Opens a recording that was cut short, to go on with it or to pack it.
    package static func resume(_ path: String) throws(CassetteFileError) -> CassetteWriter {
        try FileCheck.run(path)
        do {
            let queue = try DatabaseQueue(path: path, configuration: .cassette())
            let manifest = try queue.read { try CassetteTables(path: path).manifest($0) }
            return try begin(path, queue: queue, manifest: manifest)
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    private static func begin(
        _ path: String, queue: DatabaseQueue, manifest: Manifest
    ) throws -> CassetteWriter {
        guard let lock = FileLock(path: path) else { throw CassetteFileError.busy(path) }
        try queue.inDatabase { db in
            // The main file stays as it is until the end: whoever copies it, and then the log, has
            // a consistent state at any moment.
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = NORMAL;
                    PRAGMA wal_autocheckpoint = 0;
                    """)
            for key in [CassetteSchema.Key.hash, .indexHash, .indexVersion, .knownIdentifiers] {
                try db.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [key.rawValue])
            }
        }
        return CassetteWriter(path: path, queue: queue, lock: lock, manifest: manifest)
    }

    private static func makeRoom(_ path: String, overwrite: Bool) throws(CassetteFileError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        guard !isFolder.boolValue else { throw FileCheck.folder(path) }
        guard overwrite else {
            throw CassetteFileError(
                .exists, path: path,
                "a file is there already; give another path, or ask for it to be overwritten")
        }
        guard let lock = FileLock(path: path) else { throw .busy(path) }
        _ = consume lock
        for suffix in ["-wal", "-shm", "-journal", ""] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    /// Stores an interaction; called again with the same ordinal, the last call holds.
    package func put(_ interaction: Interaction) throws(CassetteFileError) {
        if let field = InteractionRow.unstorableField(of: interaction) {
            throw CassetteFileError(
                .unstorable, path: path,
                "the \(field) contains a NUL byte, which no protocol allows")
        }
        try withQueue { (queue, state) throws in
            let before = state.growing[interaction.ordinal]
            let isGrowing = interaction.ending == .inProgress && interaction.response != nil
            try queue.write { db in
                if isGrowing {
                    try Self.grow(interaction, from: before, db)
                } else {
                    try InteractionRow.deletePieces(ordinal: interaction.ordinal, db)
                    try InteractionRow.write(interaction, db)
                }
            }
            state.growing[interaction.ordinal] = isGrowing ? interaction : nil
        }
    }

    /// Appends the chunks that are new; writing the whole body at each would take quadratic space.
    private static func grow(
        _ interaction: Interaction, from before: Interaction?, _ db: Database
    ) throws {
        let chunks = interaction.response?.chunks ?? []
        let known = before?.response?.chunks ?? []
        // What was held back for redaction may still change; what is equal stays.
        let kept = zip(chunks, known).prefix { $0 == $1 }.count
        if before == nil || kept < known.count {
            try InteractionRow.deletePieces(ordinal: interaction.ordinal, from: kept, db)
        }
        try InteractionRow.writePieces(
            chunks.dropFirst(kept), ordinal: interaction.ordinal, db)
        if !sameHead(interaction, before) {
            try InteractionRow.write(interaction, bodyInPieces: true, db)
        }
    }

    private static func sameHead(_ interaction: Interaction, _ before: Interaction?) -> Bool {
        guard var before else { return false }
        before.response?.chunks = interaction.response?.chunks ?? []
        return before == interaction
    }

    /// Stores how the agent ended.
    package func setAgentStatus(_ status: ExitStatus) throws(CassetteFileError) {
        try update { $0.agentStatus = status }
    }

    /// Changes what the cassette says of itself.
    package func update(_ edit: (inout Manifest) -> Void) throws(CassetteFileError) {
        try withQueue { (queue, state) throws in
            var manifest = state.manifest
            edit(&manifest)
            try queue.write { try CassetteSchema.setMeta(.manifest, Self.text(of: manifest), $0) }
            state.manifest = manifest
        }
    }

    /// Writes the file anew in canonical order, puts it in place atomically, and closes the writer.
    ///
    /// Returns the cassette hash. When it fails, everything that was put is still in the file.
    @discardableResult
    package func pack() throws(CassetteFileError) -> Digest {
        let path = path
        return try withQueue { (queue, state) throws in
            let hash = try CassettePacker(path: path, source: queue, manifest: state.manifest).run()
            state.queue = nil
            state.growing = [:]
            _ = state.lock.take()
            return hash
        }
    }

    /// Closes the file as it is, not packed; a second call has no effect.
    package func close() throws(CassetteFileError) {
        do {
            try state.withLock { state in
                try state.queue?.close()
                state.queue = nil
                _ = state.lock.take()
            }
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    /// Lets the database grow to at most this many pages: how a full disk is tested.
    func limit(pages: Int) throws {
        try withQueue { (queue, _) throws in
            try queue.inDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
    }

    private func withQueue<Result: Sendable>(
        _ body: (DatabaseQueue, inout State) throws -> Result
    ) throws(CassetteFileError) -> Result {
        do {
            return try state.withLock { state in
                guard let queue = state.queue else {
                    throw CassetteFileError(
                        .closed, path: path, "the recording was finished before; open a new one")
                }
                return try body(queue, &state)
            }
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    private static func text(of manifest: Manifest) -> String {
        String(decoding: CanonicalText.encode(manifest: manifest), as: UTF8.self)
    }
}

extension Configuration {
    /// How cassettes are opened: two recordings in one file are an error, not a wait.
    static func cassette(isReadOnly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.foreignKeysEnabled = false
        configuration.label = "cassette"
        configuration.busyMode = .immediateError
        return configuration
    }
}
