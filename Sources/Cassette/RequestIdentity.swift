public import Determinism

/// One part of a request that takes part in matching.
public struct RequestComponent: Hashable, Sendable {
    /// Where it is: `route`, or a JSON path such as `$.messages[2]`.
    public let path: String
    /// What it holds, normalised and with volatile identifiers named.
    public let value: JSONValue
    /// SHA-256 over the canonical form of the value.
    public let digest: Digest

    init(_ path: String, _ value: JSONValue) {
        self.path = path
        self.value = value
        self.digest = Digest(hashing: value.canonical())
    }

    /// Whether two components have the same place and the same canonical form.
    public static func == (left: RequestComponent, right: RequestComponent) -> Bool {
        left.digest == right.digest && left.path == right.path
    }

    /// Feeds place and digest into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(digest)
    }

    /// The component with its volatile identifiers named.
    func renamed(by renamer: inout IdentifierRenamer) -> RequestComponent {
        let before = renamer.count
        let value = renamed(value, by: &renamer)
        return renamer.count == before ? self : RequestComponent(path, value)
    }

    /// Members go in canonical order, so that the names do not depend on how the body was written.
    private func renamed(
        _ value: JSONValue, by renamer: inout IdentifierRenamer
    ) -> JSONValue {
        switch value {
        case .string(let text): return .string(renamer.rename(text))
        case .array(let elements): return .array(elements.map { renamed($0, by: &renamer) })
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .object(
                sorted.map { JSONMember($0.key, renamed($0.value, by: &renamer)) })
        case .null, .bool, .number: return value
        }
    }
}

/// What decides how a request is identified.
public struct IdentityRules: Sendable {
    /// Declared normalisers, in order.
    public var normalisers: [Normaliser]
    /// Identifiers that a response introduced; they are data and are never renamed.
    public var knownIdentifiers: Set<String>

    /// Creates rules.
    public init(normalisers: [Normaliser] = [], knownIdentifiers: Set<String> = []) {
        self.normalisers = normalisers
        self.knownIdentifiers = knownIdentifiers
    }
}

/// The identity of a request: its components, and fingerprints over them.
///
/// Headers take no part: SDKs put retry counts, telemetry and versions there.
public struct RequestIdentity: Hashable, Sendable {
    /// The upstream.
    public let upstream: String
    /// The components: the route first, then the body's in canonical order.
    public let components: [RequestComponent]
    /// The fingerprint with volatile identifiers named by first use.
    public let fingerprint: Fingerprint
    /// The fingerprint with every identifier as it is.
    public let exact: Fingerprint

    /// Identifies a request.
    public init(_ request: RecordedRequest, upstream: String, rules: IdentityRules) {
        let plain = RequestIdentity.values(of: request, upstream: upstream, rules: rules)
            .map { RequestComponent($0.0, $0.1) }
        var renamer = IdentifierRenamer(known: rules.knownIdentifiers)
        self.upstream = upstream
        components = plain.map { $0.renamed(by: &renamer) }
        fingerprint = RequestIdentity.digest(upstream, components)
        // Most requests hold no volatile identifier: then both are one.
        exact = renamer.count == 0 ? fingerprint : RequestIdentity.digest(upstream, plain)
    }

    private static func digest(_ upstream: String, _ parts: [RequestComponent]) -> Fingerprint {
        var rolling = RollingDigest()
        rolling.append(upstream)
        for part in parts {
            rolling.append(part.path)
            rolling.append(part.digest.bytes)
        }
        return Fingerprint(rolling.value)
    }

    private static func values(
        of request: RecordedRequest, upstream: String, rules: IdentityRules
    ) -> [(String, JSONValue)] {
        var parts: [(String, JSONValue)] = [("route", .string(route(of: request)))]
        guard !request.body.isEmpty else { return parts }
        guard var body = try? JSONValue.parse(request.body) else {
            // Not JSON: the bytes are the identity.
            return parts + [opaqueBody(request)]
        }
        for normaliser in rules.normalisers where normaliser.applies(to: upstream) {
            body = normaliser.apply(to: body)
        }
        body = JSONRPCIdentity.normalised(body)
        // An empty object is not the same as no body.
        guard case .object(let members) = body, !members.isEmpty else {
            return parts + [("$", body)]
        }
        for member in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let path = "$" + step(to: member.key)
            if case .array(let elements) = member.value, !elements.isEmpty {
                parts.append((path + ".length", .int(Int64(elements.count))))
                for (index, element) in elements.enumerated() {
                    parts.append(("\(path)[\(index)]", element))
                }
            } else {
                parts.append((path, member.value))
            }
        }
        return parts
    }

    /// The step of a JSON path to a member; quoted where the bare name could be read otherwise.
    static func step(to key: String) -> String {
        let isPlain = key.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
            default: byte >= 0x80
            }
        }
        return isPlain && !key.isEmpty ? ".\(key)" : "[\(JSONValue.string(key).encodedText())]"
    }

    /// Method and path, with the query's fields in sorted order.
    private static func route(of request: RecordedRequest) -> String {
        let parts = request.target.split(separator: "?", maxSplits: 1)
        let path = parts.first.map(String.init) ?? "/"
        guard parts.count == 2 else { return "\(request.method) \(path)" }
        let query = parts[1].split(separator: "&").map(String.init)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return "\(request.method) \(path)?\(query.joined(separator: "&"))"
    }

    /// The body as text where it is text; a multipart boundary is drawn anew by every client.
    private static func opaqueBody(_ request: RecordedRequest) -> (String, JSONValue) {
        var body = request.body
        let type = request.headers.first("content-type") ?? ""
        if asciiLowercased(type).hasPrefix("multipart/"),
            let boundary = parameter("boundary", of: type), !boundary.isEmpty
        {
            body = replacing(Array(boundary.utf8), with: Array("boundary".utf8), in: body)
        }
        if let text = String(validating: body, as: UTF8.self) { return ("$body", .string(text)) }
        // In words too short to be taken for a volatile identifier and renamed.
        let words = stride(from: 0, to: 64, by: 16).map { start in
            String(Digest(hashing: body).hex.dropFirst(start).prefix(16))
        }
        return ("$bytes", .string("sha256 " + words.joined(separator: " ")))
    }

    private static func parameter(_ name: String, of type: String) -> String? {
        for part in type.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let key = pair[0].filter { $0 != " " }
            if asciiEqual(String(key), name) { return String(pair[1].filter { $0 != "\"" }) }
        }
        return nil
    }
}

/// The text with every occurrence of `old` replaced.
public func replacing(_ old: String, with new: String, in text: String) -> String {
    let bytes = Array(text.utf8)
    let result = replacing(Array(old.utf8), with: Array(new.utf8), in: bytes)
    return result.count == bytes.count && result == bytes
        ? text : String(decoding: result, as: UTF8.self)
}

/// The bytes with every occurrence of `old` replaced.
func replacing(_ old: [UInt8], with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard let first = old.first, bytes.count >= old.count else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        if bytes[index] == first, index + old.count <= bytes.count,
            bytes[index..<(index + old.count)].elementsEqual(old)
        {
            result.append(contentsOf: new)
            index += old.count
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return result
}
