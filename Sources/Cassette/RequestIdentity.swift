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
        var renamer = IdentifierRenamer(known: rules.knownIdentifiers)
        let components = plain.map { path, value in
            RequestComponent(path, value.mappingStrings { renamer.rename($0) })
        }
        self.init(upstream: upstream, components: components, plain: plain)
    }

    private init(
        upstream: String, components: [RequestComponent], plain: [(String, JSONValue)]
    ) {
        self.upstream = upstream
        self.components = components
        fingerprint = RequestIdentity.digest(
            upstream, components.map { ($0.path, $0.digest) })
        exact = RequestIdentity.digest(
            upstream, plain.map { ($0.0, Digest(hashing: $0.1.canonical())) })
    }

    private static func digest(
        _ upstream: String, _ parts: [(String, Digest)]
    ) -> Fingerprint {
        var rolling = RollingDigest()
        rolling.append(upstream)
        for (path, digest) in parts {
            rolling.append(path)
            rolling.append(digest.bytes)
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
            parts.append(("$body", opaqueBody(request)))
            return parts
        }
        for normaliser in rules.normalisers where normaliser.applies(to: upstream) {
            body = normaliser.apply(to: body)
        }
        guard case .object(let members) = body else { return parts + [("$", body)] }
        for member in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let path = "$.\(member.key)"
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
    private static func opaqueBody(_ request: RecordedRequest) -> JSONValue {
        let text = String(validating: request.body, as: UTF8.self)
        guard let text else {
            return .string("sha256:" + Digest(hashing: request.body).hex)
        }
        let type = request.headers.first("content-type") ?? ""
        guard asciiLowercased(type).hasPrefix("multipart/"),
            let boundary = parameter("boundary", of: type), !boundary.isEmpty
        else { return .string(text) }
        return .string(replacing(boundary, with: "boundary", in: text))
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
    guard !old.isEmpty else { return text }
    let haystack = Array(text.utf8)
    let needle = Array(old.utf8)
    guard haystack.count >= needle.count else { return text }
    var result: [UInt8] = []
    var index = 0
    while index < haystack.count {
        if index + needle.count <= haystack.count,
            haystack[index] == needle[0],
            haystack[index..<(index + needle.count)].elementsEqual(needle)
        {
            result.append(contentsOf: new.utf8)
            index += needle.count
        } else {
            result.append(haystack[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

extension JSONValue {
    /// The value with every string, keys excepted, replaced by what `transform` returns.
    public func mappingStrings(_ transform: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): .string(transform(text))
        case .array(let elements): .array(elements.map { $0.mappingStrings(transform) })
        case .object(let members):
            .object(members.map { JSONMember($0.key, $0.value.mappingStrings(transform)) })
        case .null, .bool, .number: self
        }
    }
}
