/// Replaces secrets in interactions by placeholders of the same length, and finds those that are left.
///
/// The same secret gives the same placeholder in every run, JSON stays valid, and chunks keep their
/// boundaries and instants. Redacting twice gives what redacting once gives.
public struct Redactor: Sendable {
    /// What is taken for a secret.
    public let rules: RedactionRules
    private let literals: LiteralSecrets
    private let members: MemberSecrets
    private let fields: FieldSecrets

    /// Prepares the rules for use.
    public init(_ rules: RedactionRules = RedactionRules()) {
        self.rules = rules
        literals = LiteralSecrets(rules.literals)
        members = MemberSecrets(names: rules.members)
        fields = FieldSecrets(rules)
    }

    /// Finds well-known secret shapes and the literal values, as in a finished canonical text.
    public func scan(_ bytes: [UInt8]) -> [SecretFinding] {
        SecretFinding.merged(SecretPatterns.find(in: bytes) + literals.find(in: bytes))
    }

    /// Finds what is left in an interaction; offsets count from the start of the part it is in.
    ///
    /// Parts are the canonical line and, since that holds binary bodies as base64, each such body.
    public func leaks(in interaction: Interaction) -> [SecretFinding] {
        var findings = scan(CanonicalText.encode(interaction: interaction))
        for body in [interaction.request.body, interaction.response?.body ?? []]
        where String(validating: body, as: UTF8.self) == nil {
            findings += scan(body)
        }
        return findings
    }

    /// The interaction without its secrets.
    ///
    /// While the response is in progress, its tail is held back as long as it may be the beginning
    /// of a secret.
    public func redact(_ interaction: Interaction) -> Interaction {
        var redacted = interaction
        redacted.request = redact(interaction.request)
        guard let response = interaction.response else { return redacted }
        redacted.response?.reason = redact(text: response.reason)
        redacted.response?.headers = redact(response.headers)
        redacted.response?.trailers = redact(response.trailers)
        let isOpen = interaction.ending == .inProgress
        redacted.response?.chunks = redact(response.chunks, isOpen: isOpen)
        return redacted
    }

    /// The request without its secrets: replay redacts what it is asked, too, before it matches.
    public func redact(_ request: RecordedRequest) -> RecordedRequest {
        var redacted = request
        redacted.target = redact(target: request.target)
        redacted.headers = redact(request.headers)
        let isForm = asciiLowercased(request.headers.first("content-type") ?? "")
            .hasPrefix("application/x-www-form-urlencoded")
        redacted.body = redact(body: request.body, isForm: isForm)
        return redacted
    }

    /// The manifest without secrets in the command, the prompt, standard input and addresses.
    public func redact(_ manifest: Manifest) -> Manifest {
        var redacted = manifest
        redacted.command = manifest.command.map { redact(text: $0) }
        redacted.prompt = manifest.prompt.map { redact(text: $0) }
        redacted.standardInput = manifest.standardInput.map { redact(body: $0) }
        for index in manifest.upstreams.indices {
            redacted.upstreams[index].address = redact(target: manifest.upstreams[index].address)
        }
        return redacted
    }

    /// A whole body without its secrets.
    public func redact(body: [UInt8]) -> [UInt8] {
        redact(body: body, isForm: false)
    }

    /// How many bytes at the front hold no beginning of a secret that later bytes could complete.
    public func decidedCount(of body: [UInt8]) -> Int {
        OpenSecret.start(in: body, literals: literals)
    }

    private func redact(body: [UInt8], isForm: Bool) -> [UInt8] {
        var findings =
            SecretPatterns.find(in: body) + literals.find(in: body) + members.find(in: body)
        if isForm { findings += fields.find(in: body, from: 0) }
        return Self.replacing(findings, in: body)
    }

    private func redact(_ chunks: [Chunk], isOpen: Bool) -> [Chunk] {
        var body: [UInt8] = []
        for chunk in chunks { body.append(contentsOf: chunk.bytes) }
        var redacted = redact(body: body, isForm: false)
        if isOpen { redacted.removeSubrange(decidedCount(of: body)...) }
        guard redacted != body else { return chunks }
        var start = 0
        var result: [Chunk] = []
        for chunk in chunks {
            let end = min(start + chunk.bytes.count, redacted.count)
            if end == start, !chunk.bytes.isEmpty { break }
            result.append(Chunk(at: chunk.at, bytes: Array(redacted[start..<end])))
            start = end
        }
        return result
    }

    private func redact(_ headers: HeaderFields) -> HeaderFields {
        HeaderFields(
            headers.fields.map { field in
                guard rules.isSecretHeader(field.name) else {
                    return HeaderField(field.name, redact(target: field.value))
                }
                let hasScheme = asciiLowercased(field.name).hasSuffix("authorization")
                return HeaderField(
                    field.name, Self.credentials(field.value, hasScheme: hasScheme))
            })
    }

    /// The value of a header of credentials; a scheme such as `Bearer` stays.
    private static func credentials(_ value: String, hasScheme: Bool) -> String {
        let bytes = Array(value.utf8)
        let space = hasScheme ? bytes.firstIndex(of: UInt8(ascii: " ")) : nil
        let start = space.map { bytes[..<$0].allSatisfy(isLetter) ? $0 + 1 : 0 } ?? 0
        guard start < bytes.count, !SecretPlaceholder.isPlaceholder(bytes[start...]) else {
            return value
        }
        let finding = SecretFinding(
            kind: .headerValue, offset: start, length: bytes.count - start)
        return String(decoding: replacing([finding], in: bytes), as: UTF8.self)
    }

    private func redact(target: String) -> String {
        let bytes = Array(target.utf8)
        var findings = SecretPatterns.find(in: bytes) + literals.find(in: bytes)
        if let query = bytes.firstIndex(of: UInt8(ascii: "?")) {
            findings += fields.find(in: bytes, from: query + 1)
        }
        guard !findings.isEmpty else { return target }
        return String(decoding: Self.replacing(findings, in: bytes), as: UTF8.self)
    }

    private func redact(text: String) -> String {
        let bytes = redact(body: Array(text.utf8), isForm: false)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func replacing(_ findings: [SecretFinding], in bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for finding in SecretFinding.merged(findings) {
            let range = OpenSecret.outsideEscapes(finding, in: bytes)
            guard !range.isEmpty else { continue }
            result.replaceSubrange(
                range, with: SecretPlaceholder.bytes(for: bytes[range], kind: finding.kind))
        }
        return result
    }
}
