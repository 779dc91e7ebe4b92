public import Determinism

/// The canonical text form of a cassette: JSON Lines, the manifest first.
///
/// One line is the canonical JSON of the manifest, one the canonical JSON of each interaction in
/// ordinal order, each ended by a line feed. Bodies are strings where they are UTF-8, else
/// `{"base64":"..."}`; chunks are `[at_ns, length]` pairs beside the whole body.
public enum CanonicalText {
    /// What the first line names as its `format`.
    public static let format = "stormtape-cassette"

    /// The manifest's line, without its line feed.
    public static func encode(manifest: Manifest) -> [UInt8] {
        json(manifest).canonical()
    }

    /// An interaction's line, without its line feed.
    public static func encode(interaction: Interaction) -> [UInt8] {
        json(interaction).canonical()
    }

    /// The whole text.
    public static func encode(
        manifest: Manifest, interactions: some Sequence<Interaction>
    ) -> [UInt8] {
        var text = encode(manifest: manifest)
        text.append(0x0A)
        for interaction in interactions {
            text.append(contentsOf: encode(interaction: interaction))
            text.append(0x0A)
        }
        return text
    }

    /// SHA-256 over the whole text: the cassette's identity.
    public static func cassetteHash(
        manifest: Manifest, interactions: some Sequence<Interaction>
    ) -> Digest {
        var hasher = CassetteHasher(manifest: manifest)
        for interaction in interactions { hasher.append(interaction) }
        return hasher.value
    }
}

/// Computes the cassette hash one interaction at a time, in ordinal order.
public struct CassetteHasher: Sendable {
    private var builder = DigestBuilder()

    /// Starts with the manifest's line.
    public init(manifest: Manifest) {
        appendLine(CanonicalText.encode(manifest: manifest))
    }

    /// Appends the line of the next interaction.
    public mutating func append(_ interaction: Interaction) {
        appendLine(CanonicalText.encode(interaction: interaction))
    }

    /// The hash of all lines so far.
    public var value: Digest { builder.value }

    private mutating func appendLine(_ line: [UInt8]) {
        builder.append(line + [0x0A])
    }
}

/// Why a text is not a cassette, and in which line.
public struct CanonicalTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text has no first line.
        case empty
        /// A line is not JSON.
        case notJSON
        /// The first line does not name the format.
        case foreignFormat
        /// The first line names a version that this tool does not know.
        case unknownVersion
        /// A member is absent.
        case missingMember
        /// A member is not known.
        case unknownMember
        /// A member has a value that is not allowed.
        case invalidMember
        /// Interactions are not numbered 1, 2, 3, ...
        case ordinalOrder
    }

    /// The kind of failure.
    public let code: Code
    /// The line, counted from 1.
    public let line: Int
    /// What is allowed there, and how to mend it.
    public let message: String

    /// Creates an error.
    public init(code: Code, line: Int, message: String) {
        self.code = code
        self.line = line
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String { "line \(line): \(message) (\(code.rawValue))" }
}
