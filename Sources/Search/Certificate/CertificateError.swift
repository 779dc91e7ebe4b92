/// Why a text is not a certificate that can be relied on, or why several cannot be merged.
public struct CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text is not JSON.
        case notJSON
        /// The certificate has a schema version that is not known.
        case unknownSchema
        /// The certificate was changed after it was made.
        case brokenSeal
        /// A member that no certificate has.
        case unknownMember
        /// A member that every certificate has is missing.
        case missingMember
        /// A value of the wrong type or out of its range.
        case invalidValue
        /// Two parts of the certificate contradict each other.
        case inconsistent
        /// The certificates are not about the same thing.
        case differentIdentity
        /// The shards are not all there, or one is there twice.
        case wrongShards
        /// A shard was cut off before its work was done.
        case incompleteShard
        /// Two shards saw different things of the same plan.
        case nondeterministic
    }

    /// The kind of failure.
    public let code: Code
    /// Where; a JSON path.
    public let path: String
    /// What is wrong, what is allowed and what to do.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, at path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String { "certificate at \(path): \(message)" }
}
