package import Determinism

extension ImportReport {
    /// The counts for programs.
    package var json: JSONValue {
        [
            "schema": 1,
            "files": .int(Int64(files)),
            "files_refused": .int(Int64(refusedFiles)),
            "exchanges": .int(Int64(exchanges)),
            "providers": .array(providers.map(\.json)),
            "fidelity": .array(fidelity.map(\.json)),
            "refused": .array(refusals.map(\.json)),
            "warnings": .array(
                warnings.map { warning in
                    Self.json(warning.origin, [JSONMember("message", .string(warning.message))])
                }),
        ]
    }

    fileprivate static func json(_ origin: ImportOrigin?, _ members: [JSONMember]) -> JSONValue {
        .object(
            [
                JSONMember("file", origin.map { .string($0.file) } ?? .null),
                JSONMember("exchange", origin?.index.map { .int(Int64($0)) } ?? .null),
            ] + members)
    }
}

extension ImportReport.ProviderRow {
    fileprivate var json: JSONValue {
        [
            "provider": .string(provider),
            "protocol": .string(wire),
            "interactions": .int(Int64(interactions)),
            "streamed": .int(Int64(streamed)),
            "events": .int(Int64(events)),
            "events_broken": .int(Int64(brokenEvents)),
            "streams_changed": .int(Int64(changedStreams)),
        ]
    }
}

extension ImportReport.FidelityRow {
    fileprivate var json: JSONValue {
        let columns = FidelityColumn.allCases.map { column in
            JSONMember(
                column.rawValue,
                .object(
                    FidelityMark.allCases.map { mark in
                        JSONMember(mark.rawValue, .int(Int64(count(column, mark))))
                    }))
        }
        return .object(
            [
                JSONMember("argument", .string(group)),
                JSONMember("source", .string(source.rawValue)),
                JSONMember("files", .int(Int64(files))),
                JSONMember("exchanges", .int(Int64(exchanges))),
            ] + columns)
    }
}

extension ImportError {
    fileprivate var json: JSONValue {
        ImportReport.json(
            origin,
            [
                JSONMember("code", .string(code.rawValue)),
                JSONMember("message", .string(message)),
            ])
    }
}
