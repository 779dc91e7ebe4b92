import GRDB

/// The tables of a cassette file.
enum CassetteSchema {
    /// `STMT`, at offset 68 of the file, by which `file(1)` and we tell a cassette.
    static let applicationID: UInt32 = 0x5354_4D54
    /// The version of these tables, at offset 60 of the file.
    static let version: UInt32 = 1
    /// The version of the rules behind the index columns; rows of another one are derived anew.
    static let indexVersion = 3
    /// Files below this size are verified whole when they are opened.
    static let verifiedBytesMax = 8 << 20

    enum Key: String {
        case manifest
        case hash
        case indexVersion = "index_version"
        case indexHash = "index_hash"
        case knownIdentifiers = "known_identifiers"
    }

    static func create(_ db: Database) throws {
        // Ids and tables come in one transaction: a file with our id has our tables.
        try db.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                CREATE TABLE meta (
                    key TEXT PRIMARY KEY NOT NULL,
                    value TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE blob (
                    hash BLOB PRIMARY KEY NOT NULL,
                    bytes BLOB NOT NULL
                ) STRICT;
                CREATE TABLE interaction (
                    ordinal INTEGER PRIMARY KEY NOT NULL,
                    upstream TEXT NOT NULL,
                    started_ns INTEGER NOT NULL,
                    method TEXT NOT NULL,
                    target TEXT NOT NULL,
                    request_headers TEXT NOT NULL,
                    request_body BLOB NOT NULL,
                    ending TEXT NOT NULL,
                    agent_left_after_bytes INTEGER,
                    status INTEGER,
                    reason TEXT,
                    response_headers TEXT,
                    head_ns INTEGER,
                    body BLOB,
                    layout TEXT,
                    trailers TEXT,
                    end_ns INTEGER,
                    fingerprint BLOB,
                    exact BLOB,
                    take INTEGER,
                    call INTEGER,
                    model TEXT,
                    stream INTEGER
                ) STRICT;
                CREATE INDEX interaction_by_fingerprint ON interaction (fingerprint, take);
                CREATE TABLE piece (
                    ordinal INTEGER NOT NULL,
                    sequence INTEGER NOT NULL,
                    at_ns INTEGER NOT NULL,
                    bytes BLOB NOT NULL,
                    PRIMARY KEY (ordinal, sequence)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    static func setMeta(_ key: Key, _ value: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO meta (key, value) VALUES (?, ?) "
                + "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ).execute(arguments: [key.rawValue, value])
    }

    static func meta(_ key: Key, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key.rawValue])
    }
}
