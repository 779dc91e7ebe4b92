public import Determinism

extension CanonicalText {
    /// Header or trailer lines as `[[name, value], ...]`.
    public static func json(_ headers: HeaderFields) -> JSONValue {
        .array(headers.fields.map { .array([.string($0.name), .string($0.value)]) })
    }

    /// The layout of chunks as `[[at_ns, length], ...]`.
    public static func json(layoutOf chunks: [Chunk]) -> JSONValue {
        .array(
            chunks.map { .array([.int($0.at.nanoseconds), .int(Int64($0.bytes.count))]) })
    }

    static func json(_ manifest: Manifest) -> JSONValue {
        var members = [
            JSONMember("format", .string(format)),
            JSONMember("version", .int(Int64(Manifest.formatVersion))),
            JSONMember("tool_version", .string(manifest.toolVersion)),
            JSONMember("seed", .string(manifest.seed.description)),
            JSONMember("recorded_at_ns", .int(manifest.recordedAtNanoseconds)),
            JSONMember("command", .array(manifest.command.map { .string($0) })),
            JSONMember("upstreams", .array(manifest.upstreams.map(json))),
            JSONMember("provenance", .string(manifest.provenance)),
            JSONMember("fidelity", .array(manifest.fidelity.map { .string($0) })),
        ]
        if let input = manifest.standardInput {
            members.append(JSONMember("standard_input", json(bytes: input)))
        }
        if let prompt = manifest.prompt { members.append(JSONMember("prompt", .string(prompt))) }
        if let status = manifest.agentStatus {
            members.append(JSONMember("agent_status", json(status)))
        }
        return .object(members)
    }

    static func json(_ interaction: Interaction) -> JSONValue {
        var members = [
            JSONMember("ordinal", .int(Int64(interaction.ordinal))),
            JSONMember("upstream", .string(interaction.upstream)),
            JSONMember("started_ns", .int(interaction.startedAt.nanoseconds)),
            JSONMember("request", json(interaction.request)),
            JSONMember("ending", .string(interaction.ending.rawValue)),
        ]
        if let response = interaction.response {
            members.append(JSONMember("response", json(response)))
        }
        if let count = interaction.agentLeftAfterBytes {
            members.append(JSONMember("agent_left_after_bytes", .int(Int64(count))))
        }
        return .object(members)
    }

    private static func json(_ upstream: Upstream) -> JSONValue {
        var members = [
            JSONMember("name", .string(upstream.name)),
            JSONMember("kind", .string(upstream.kind.rawValue)),
            JSONMember("address", .string(upstream.address)),
            JSONMember("variables", .array(upstream.variables.map { .string($0) })),
            JSONMember("port", .int(Int64(upstream.port))),
            JSONMember("reads", .array(upstream.reads.map { .string($0) })),
        ]
        if let name = upstream.wireProtocol {
            members.append(JSONMember("protocol", .string(name)))
        }
        return .object(members)
    }

    private static func json(_ status: ExitStatus) -> JSONValue {
        switch status {
        case .code(let code): ["code": .int(Int64(code))]
        case .signal(let number): ["signal": .int(Int64(number))]
        }
    }

    private static func json(_ request: RecordedRequest) -> JSONValue {
        [
            "method": .string(request.method), "target": .string(request.target),
            "headers": json(request.headers), "body": json(bytes: request.body),
        ]
    }

    private static func json(_ response: RecordedResponse) -> JSONValue {
        [
            "status": .int(Int64(response.status)), "reason": .string(response.reason),
            "headers": json(response.headers), "head_ns": .int(response.headAt.nanoseconds),
            "body": json(bytes: response.body), "chunks": json(layoutOf: response.chunks),
            "trailers": json(response.trailers), "end_ns": .int(response.endAt.nanoseconds),
        ]
    }

    private static func json(bytes: [UInt8]) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return ["base64": .string(String(decoding: Base64.encode(bytes), as: UTF8.self))]
    }
}
