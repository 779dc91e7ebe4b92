public import Determinism

extension CanonicalText {
    // A line was written by us or by a person; bodies in it have any size, nesting is flat.
    private static let limits = JSONLimits(depthMax: 16, bytesMax: .max)

    /// Reads the manifest's line, given without its line feed.
    public static func decodeManifest(
        _ text: [UInt8], line: Int = 1
    ) throws(CanonicalTextError) -> Manifest {
        let reader = try MemberReader(parse(text, line: line), line: line, path: "the manifest")
        guard reader.optional("format")?.stringValue == format else {
            throw CanonicalTextError(
                code: .foreignFormat, line: line,
                message: "a cassette's first line has \"format\":\"\(format)\"; "
                    + "give the output of `stormtape cassette export`")
        }
        let version = try reader.integer("version")
        guard version == Int64(Manifest.formatVersion) else {
            throw CanonicalTextError(
                code: .unknownVersion, line: line,
                message: "version \(version) is not known, only \(Manifest.formatVersion) is; "
                    + "install a newer stormtape")
        }
        try reader.allow([
            "format", "version", "tool_version", "seed", "recorded_at_ns", "command", "upstreams",
            "provenance", "fidelity", "standard_input", "prompt", "agent_status",
        ])
        return try manifest(reader)
    }

    /// Reads an interaction's line, given without its line feed.
    public static func decodeInteraction(
        _ text: [UInt8], line: Int
    ) throws(CanonicalTextError) -> Interaction {
        let reader = try MemberReader(
            parse(text, line: line), line: line, path: "the interaction")
        try reader.allow([
            "ordinal", "upstream", "started_ns", "request", "ending", "response",
            "agent_left_after_bytes",
        ])
        guard let ending = Ending(rawValue: try reader.string("ending")) else {
            throw reader.invalid(
                "ending", "one of " + Ending.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return Interaction(
            ordinal: try reader.count("ordinal"), upstream: try reader.string("upstream"),
            startedAt: SimInstant(nanoseconds: try reader.integer("started_ns")),
            request: try request(reader.object("request")),
            response: reader.optional("response") == nil
                ? nil : try response(reader.object("response")),
            ending: ending,
            agentLeftAfterBytes: reader.optional("agent_left_after_bytes") == nil
                ? nil : try reader.count("agent_left_after_bytes"))
    }

    /// Reads a whole text; the last line feed may be absent.
    public static func decode(
        _ text: [UInt8]
    ) throws(CanonicalTextError) -> (manifest: Manifest, interactions: [Interaction]) {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        guard let first = lines.first else {
            throw CanonicalTextError(
                code: .empty, line: 1,
                message: "the text is empty; give the output of `stormtape cassette export`")
        }
        let manifest = try decodeManifest(Array(first))
        var interactions: [Interaction] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let interaction = try decodeInteraction(Array(line), line: index + 1)
            guard interaction.ordinal == index else {
                throw CanonicalTextError(
                    code: .ordinalOrder, line: index + 1,
                    message: "the ordinal is \(interaction.ordinal), but \(index) is due; "
                        + "number the interactions 1, 2, 3, ... in the order of the lines")
            }
            interactions.append(interaction)
        }
        return (manifest, interactions)
    }

    /// Reads header or trailer lines written as `[[name, value], ...]`; nil for anything else.
    public static func headers(_ value: JSONValue) -> HeaderFields? {
        guard let lines = value.arrayValue else { return nil }
        var fields: [HeaderField] = []
        for line in lines {
            guard let pair = line.arrayValue, pair.count == 2,
                let name = pair[0].stringValue, let text = pair[1].stringValue
            else { return nil }
            fields.append(HeaderField(name, text))
        }
        return HeaderFields(fields)
    }

    /// Cuts a body into chunks by `[[at_ns, length], ...]`; nil when the lengths do not add up to it.
    public static func chunks(_ layout: JSONValue, of body: [UInt8]) -> [Chunk]? {
        guard let pairs = layout.arrayValue else { return nil }
        var chunks: [Chunk] = []
        chunks.reserveCapacity(pairs.count)
        var start = 0
        for pair in pairs {
            guard let values = pair.arrayValue, values.count == 2,
                let at = values[0].intValue, let length = values[1].intValue.map(Int.init),
                length >= 0, length <= body.count - start
            else { return nil }
            chunks.append(
                Chunk(
                    at: SimDuration(nanoseconds: at), bytes: Array(body[start..<(start + length)])))
            start += length
        }
        return start == body.count ? chunks : nil
    }

    private static func parse(
        _ text: [UInt8], line: Int
    ) throws(CanonicalTextError) -> JSONValue {
        do {
            return try JSONValue.parse(text, limits: limits)
        } catch {
            throw CanonicalTextError(code: .notJSON, line: line, message: error.description)
        }
    }
}
