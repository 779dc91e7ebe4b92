import Cassette
import Determinism
import GRDB

/// What a packed file stores beside its interactions, so that it opens without reading them.
struct TapeIndex {
    var entries: [TapeEntry]
    var knownIdentifiers: Set<String>

    /// Derives the index from the interactions, which are passed over twice.
    static func derive(
        from interactions: InteractionSequence, each: (Interaction) throws -> Void = { _ in }
    ) throws -> TapeIndex {
        let known = TapeIndexer.knownIdentifiers(in: interactions)
        let rules = IdentityRules(knownIdentifiers: known)
        var rows: [TapeEntry] = []
        rows.reserveCapacity(interactions.count)
        for interaction in interactions {
            var row = TapeIndexer.entry(of: interaction, rules: rules)
            // SQLite's text ends at a NUL; a model with one exists in no catalogue.
            if row.model?.utf8.contains(0) == true { row.model = nil }
            rows.append(row)
            try each(interaction)
        }
        try interactions.rethrow()
        return TapeIndex(entries: TapeIndexer.numbered(rows), knownIdentifiers: known)
    }

    /// The digest that a packed file keeps, so that damage in the index columns is found.
    var digest: Digest {
        var rolling = RollingDigest()
        rolling.append(identifiersText)
        for entry in entries {
            rolling.append(entry.upstream)
            rolling.append(entry.method)
            rolling.append(entry.target)
            rolling.append(entry.model.map { "=\($0)" } ?? "")
            rolling.append(
                "\(entry.stream) \(entry.succeeded) \(entry.startedAt.nanoseconds) "
                    + "\(entry.take) \(entry.call)")
            rolling.append(entry.fingerprint.bytes)
            rolling.append(entry.exact.bytes)
        }
        return rolling.value
    }

    /// The identifiers as a canonical JSON array, sorted.
    var identifiersText: String {
        let sorted = knownIdentifiers.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return JSONValue.array(sorted.map { .string($0) }).canonicalText()
    }

    /// Reads the index of a packed file; nil when other rules derived it.
    static func read(_ db: Database, path: String) throws -> TapeIndex? {
        guard
            try CassetteSchema.meta(.indexVersion, db) == String(CassetteSchema.indexVersion),
            let text = try CassetteSchema.meta(.knownIdentifiers, db)
        else { return nil }
        guard let values = try? JSONValue.parse(text: text).arrayValue else {
            throw CassetteFileError.corrupt(path, "the known identifiers are unreadable")
        }
        let sql = """
            SELECT ordinal, upstream, method, target, started_ns, ending, status, fingerprint, \
            exact, take, call, model, stream FROM interaction ORDER BY ordinal
            """
        let rows = try Row.fetchAll(db, sql: sql).map { row in
            try entry(RowValues(row: row, path: path))
        }
        return TapeIndex(
            entries: rows, knownIdentifiers: Set(values.compactMap(\.stringValue)))
    }

    private static func entry(_ values: RowValues) throws -> TapeEntry {
        guard let fingerprint = Fingerprint(bytes: try values.bytes("fingerprint")),
            let exact = Fingerprint(bytes: try values.bytes("exact"))
        else { throw values.damaged("fingerprint") }
        let status = try values.optionalInteger("status")
        let isWhole = try values.string("ending") == Ending.complete.rawValue
        return TapeEntry(
            ordinal: Int(try values.integer("ordinal")), upstream: try values.string("upstream"),
            method: try values.string("method"), target: try values.string("target"),
            model: try values.optionalString("model"), stream: try values.integer("stream") != 0,
            succeeded: isWhole && (status ?? 599) < 400,
            startedAt: SimInstant(nanoseconds: try values.integer("started_ns")),
            fingerprint: fingerprint, exact: exact, take: Int(try values.integer("take")),
            call: Int(try values.integer("call")))
    }
}
