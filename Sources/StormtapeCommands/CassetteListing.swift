internal import Cassette
internal import CassetteStore
internal import Determinism

/// What a cassette holds, for people and for programs.
struct CassetteListing {
    private struct Row {
        let entry: TapeEntry
        let status: Int?
        let ending: Ending
        let requestBytes: Int
        let responseBytes: Int
        let chunks: Int
        let milliseconds: Int64
    }

    private let reader: CassetteReader
    private let rows: [Row]

    init(_ reader: CassetteReader) throws {
        self.reader = reader
        rows = try reader.entries().map { entry in
            let interaction = try reader.interaction(entry.ordinal)
            let response = interaction.response
            return Row(
                entry: entry, status: response?.status, ending: interaction.ending,
                requestBytes: interaction.request.body.count,
                responseBytes: response?.chunks.reduce(0) { $0 + $1.bytes.count } ?? 0,
                chunks: response?.chunks.count ?? 0,
                milliseconds: (response?.endAt.nanoseconds ?? 0) / 1_000_000)
        }
    }

    var json: JSONValue {
        let text = CanonicalText.encode(manifest: reader.manifest)
        let manifest = (try? JSONValue.parse(text)) ?? .null
        return .object([
            JSONMember("schema", .int(1)),
            JSONMember("hash", .string(reader.hash.hex)),
            JSONMember("packed", .bool(reader.isPacked)),
            JSONMember("manifest", manifest),
            JSONMember("interactions", .array(rows.map(json))),
        ])
    }

    private func json(_ row: Row) -> JSONValue {
        .object([
            JSONMember("ordinal", .int(Int64(row.entry.ordinal))),
            JSONMember("upstream", .string(row.entry.upstream)),
            JSONMember("method", .string(row.entry.method)),
            JSONMember("target", .string(row.entry.target)),
            JSONMember("model", row.entry.model.map { .string($0) } ?? .null),
            JSONMember("stream", .bool(row.entry.stream)),
            JSONMember("status", row.status.map { .int(Int64($0)) } ?? .null),
            JSONMember("ending", .string(row.ending.rawValue)),
            JSONMember("fingerprint", .string(row.entry.fingerprint.hex)),
            JSONMember("take", .int(Int64(row.entry.take))),
            JSONMember("call", .int(Int64(row.entry.call))),
            JSONMember("request_bytes", .int(Int64(row.requestBytes))),
            JSONMember("response_bytes", .int(Int64(row.responseBytes))),
            JSONMember("chunks", .int(Int64(row.chunks))),
            JSONMember("duration_ms", .int(row.milliseconds)),
        ])
    }

    var lines: [String] {
        let manifest = reader.manifest
        var lines = [
            "cassette  \(reader.path)",
            "hash      \(reader.hash.hex)\(reader.isPacked ? "" : "  (recording not finished)")",
            "command   \(manifest.command.joined(separator: " "))",
            "seed      \(manifest.seed)   recorded with stormtape \(manifest.toolVersion)",
            "fidelity  \(manifest.fidelity.joined(separator: ", "))",
            "",
        ]
        for upstream in manifest.upstreams {
            let variables = upstream.variables.joined(separator: ", ")
            lines.append(
                "upstream  \(pad(upstream.name, 12)) \(pad(upstream.kind.rawValue, 6)) "
                    + "\(upstream.address)  \(variables)")
        }
        lines += ["", "  #  upstream      request                              answer"]
        return lines + rows.map(line)
    }

    private func line(_ row: Row) -> String {
        let number = String(row.entry.ordinal)
        let status = row.status.map(String.init) ?? "–"
        let ending = row.ending == .complete ? "" : "  \(row.ending.rawValue)"
        return String(repeating: " ", count: max(0, 3 - number.count)) + number + "  "
            + pad(row.entry.upstream, 12) + "  "
            + pad("\(row.entry.method) \(row.entry.target)", 36) + " "
            + "\(status)  \(row.chunks) chunks, \(row.responseBytes) bytes, "
            + "\(row.milliseconds) ms\(ending)"
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
