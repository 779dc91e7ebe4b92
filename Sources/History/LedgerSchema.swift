import GRDB

/// The tables of the ledger.
enum LedgerSchema {
    /// `STMH`, at offset 68 of the file.
    static let applicationID: Int64 = 0x5354_4D48
    /// The version of these tables.
    static let version: Int64 = 1
    /// The runs of so many storms are kept; what is known of older storms themselves stays.
    static let stormsWithRunsMax: Int64 = 2_000

    /// Creates the tables in a new file, or finds out why the file is not ours.
    ///
    /// To be called inside of a transaction: a file with our id has all our tables.
    static func prepare(_ db: Database, path: String) throws {
        let id = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let found = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int64.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if id == 0, found == 0, tables == 0 {
            try create(db)
            return
        }
        try check(id: id, version: found, path: path)
    }

    static func check(id: Int64, version found: Int64, path: String) throws(LedgerError) {
        guard id == applicationID else {
            throw LedgerError(
                .foreign, path: path,
                "this SQLite file belongs to another program; give another folder with --history")
        }
        guard found <= version else {
            throw LedgerError(
                .newerVersion, path: path,
                "the run ledger has version \(found), this stormtape knows up to \(version); "
                    + "install a newer stormtape, or use --no-history")
        }
        guard found == version else { throw .corrupt(path, "the version is \(found)") }
    }

    private static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                CREATE TABLE storm (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    started_at TEXT NOT NULL,
                    revision TEXT,
                    dirty INTEGER,
                    agent TEXT NOT NULL,
                    conditions TEXT NOT NULL,
                    tool TEXT NOT NULL,
                    cassette TEXT NOT NULL,
                    scenario TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    verdicts TEXT NOT NULL,
                    score_millionths INTEGER,
                    exit_code INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE run (
                    storm INTEGER NOT NULL REFERENCES storm (id) ON DELETE CASCADE,
                    number INTEGER NOT NULL,
                    seed TEXT,
                    plan TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    verdict TEXT NOT NULL,
                    signature TEXT,
                    PRIMARY KEY (storm, number)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE failing_plan (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    cassette TEXT NOT NULL,
                    scenario TEXT NOT NULL,
                    agent TEXT NOT NULL,
                    plan TEXT NOT NULL,
                    blob TEXT NOT NULL,
                    signature TEXT NOT NULL,
                    reproduce TEXT NOT NULL,
                    first_storm INTEGER NOT NULL REFERENCES storm (id),
                    last_storm INTEGER NOT NULL REFERENCES storm (id),
                    times INTEGER NOT NULL,
                    passes INTEGER NOT NULL,
                    mended_storm INTEGER REFERENCES storm (id),
                    UNIQUE (cassette, agent, plan)
                ) STRICT;
                CREATE TABLE signature (
                    agent TEXT NOT NULL,
                    scenario TEXT NOT NULL,
                    text TEXT NOT NULL,
                    first_storm INTEGER NOT NULL REFERENCES storm (id),
                    PRIMARY KEY (agent, scenario, text)
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
