import Determinism

extension CanonicalText {
    static func manifest(_ reader: MemberReader) throws(CanonicalTextError) -> Manifest {
        guard let seed = Seed(text: try reader.string("seed")) else {
            throw reader.invalid("seed", "a decimal number of 64 bits, as a string")
        }
        var manifest = Manifest(
            toolVersion: try reader.string("tool_version"), seed: seed,
            recordedAtNanoseconds: try reader.integer("recorded_at_ns"),
            command: try reader.strings("command"),
            provenance: try reader.string("provenance"),
            fidelity: try reader.strings("fidelity"))
        for value in try reader.array("upstreams") {
            manifest.upstreams.append(
                try upstream(MemberReader(value, line: reader.line, path: "an upstream")))
        }
        if let input = reader.optional("standard_input") {
            manifest.standardInput = try reader.bytes(input, of: "standard_input")
        }
        if reader.optional("prompt") != nil { manifest.prompt = try reader.string("prompt") }
        if reader.optional("agent_status") != nil {
            manifest.agentStatus = try exitStatus(reader.object("agent_status"))
        }
        return manifest
    }

    static func request(_ reader: MemberReader) throws(CanonicalTextError) -> RecordedRequest {
        try reader.allow(["method", "target", "headers", "body"])
        return RecordedRequest(
            method: try reader.string("method"), target: try reader.string("target"),
            headers: try reader.headers("headers"),
            body: try reader.bytes(reader.required("body"), of: "body"))
    }

    static func response(_ reader: MemberReader) throws(CanonicalTextError) -> RecordedResponse {
        try reader.allow([
            "status", "reason", "headers", "head_ns", "body", "chunks", "trailers", "end_ns",
        ])
        let body = try reader.bytes(reader.required("body"), of: "body")
        guard let chunks = chunks(try reader.required("chunks"), of: body) else {
            throw reader.invalid(
                "chunks", "pairs of [at_ns, length] whose lengths add up to the body's")
        }
        return RecordedResponse(
            status: try reader.count("status"), reason: try reader.string("reason"),
            headers: try reader.headers("headers"),
            headAt: SimDuration(nanoseconds: try reader.integer("head_ns")), chunks: chunks,
            trailers: try reader.headers("trailers"),
            endAt: SimDuration(nanoseconds: try reader.integer("end_ns")))
    }

    private static func upstream(_ reader: MemberReader) throws(CanonicalTextError) -> Upstream {
        try reader.allow(["name", "kind", "protocol", "address", "variables", "port", "reads"])
        guard let kind = UpstreamKind(rawValue: try reader.string("kind")) else {
            throw reader.invalid("kind", "model or tool")
        }
        return Upstream(
            name: try reader.string("name"), kind: kind,
            wireProtocol: reader.optional("protocol") == nil ? nil : try reader.string("protocol"),
            address: try reader.string("address"), variables: try reader.strings("variables"),
            port: try reader.count("port"), reads: try reader.strings("reads"))
    }

    private static func exitStatus(
        _ reader: MemberReader
    ) throws(CanonicalTextError) -> ExitStatus {
        try reader.allow(["code", "signal"])
        if reader.optional("signal") != nil { return .signal(try reader.count("signal")) }
        return .code(Int(try reader.integer("code")))
    }
}

/// Reads the members of one object and names line and place in its errors.
struct MemberReader {
    let line: Int
    private let path: String
    private let members: [JSONMember]

    init(_ value: JSONValue, line: Int, path: String) throws(CanonicalTextError) {
        guard let members = value.objectValue else {
            throw CanonicalTextError(
                code: .invalidMember, line: line, message: "\(path) must be an object")
        }
        self.members = members
        self.line = line
        self.path = path
    }

    func allow(_ names: [String]) throws(CanonicalTextError) {
        for member in members where !names.contains(member.key) {
            throw CanonicalTextError(
                code: .unknownMember, line: line,
                message: "\(path) has no member \"\(member.key)\", allowed are "
                    + names.joined(separator: ", ") + "; remove it")
        }
    }

    func optional(_ name: String) -> JSONValue? {
        members.first { $0.key == name }?.value
    }

    func required(_ name: String) throws(CanonicalTextError) -> JSONValue {
        guard let value = optional(name) else {
            throw CanonicalTextError(
                code: .missingMember, line: line,
                message: "\(path) needs the member \"\(name)\"; was the line edited or cut?")
        }
        return value
    }

    func invalid(_ name: String, _ allowed: String) -> CanonicalTextError {
        CanonicalTextError(
            code: .invalidMember, line: line,
            message: "\"\(name)\" of \(path) must be \(allowed)")
    }

    func string(_ name: String) throws(CanonicalTextError) -> String {
        guard let text = try required(name).stringValue else { throw invalid(name, "a string") }
        return text
    }

    func integer(_ name: String) throws(CanonicalTextError) -> Int64 {
        guard let value = try required(name).intValue else {
            throw invalid(name, "an integer of 64 bits")
        }
        return value
    }

    func count(_ name: String) throws(CanonicalTextError) -> Int {
        let value = try integer(name)
        guard value >= 0 else { throw invalid(name, "0 or more") }
        return Int(value)
    }

    func array(_ name: String) throws(CanonicalTextError) -> [JSONValue] {
        guard let values = try required(name).arrayValue else { throw invalid(name, "an array") }
        return values
    }

    func strings(_ name: String) throws(CanonicalTextError) -> [String] {
        var texts: [String] = []
        for value in try array(name) {
            guard let text = value.stringValue else { throw invalid(name, "an array of strings") }
            texts.append(text)
        }
        return texts
    }

    func object(_ name: String) throws(CanonicalTextError) -> MemberReader {
        try MemberReader(required(name), line: line, path: "\"\(name)\" of \(path)")
    }

    func headers(_ name: String) throws(CanonicalTextError) -> HeaderFields {
        guard let headers = CanonicalText.headers(try required(name)) else {
            throw invalid(name, "an array of [name, value] pairs")
        }
        return headers
    }

    func bytes(_ value: JSONValue, of name: String) throws(CanonicalTextError) -> [UInt8] {
        if let text = value.stringValue { return Array(text.utf8) }
        guard let members = value.objectValue, members.count == 1, members[0].key == "base64",
            let text = members[0].value.stringValue, let bytes = Base64.decode(text)
        else { throw invalid(name, "a string, or {\"base64\":\"...\"}") }
        return bytes
    }
}
