/// Why a file, or one exchange of it, is not imported, and what to do next.
package struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The file cannot be read.
        case unreadable
        /// The file is no recording that is known.
        case unknownFormat = "unknown-format"
        /// The file is known, and holds too little to replay.
        case unsupportedFormat = "unsupported-format"
        /// The file breaks the rules of its format.
        case malformed
        /// The file, or what it unfolds to, is beyond a limit.
        case tooLarge = "too-large"
        /// A value has a tag that is none of a plain type, and may name code.
        case unsafeTag = "unsafe-tag"
        /// The source did not keep a body.
        case missingBody = "missing-body"
        /// The exchange is no HTTP request with its answer.
        case notHTTP = "not-http"
        /// Something that looks like a credential is left after redaction.
        case secret
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, and what to do next.
    package let message: String
    /// Where it is.
    package let origin: ImportOrigin?

    init(_ code: Code, _ message: String, at origin: ImportOrigin? = nil) {
        self.code = code
        self.message = message
        self.origin = origin
    }

    /// The place and the message in one line.
    package var description: String {
        origin.map { "\($0): \(message)" } ?? message
    }

    func at(_ origin: ImportOrigin) -> ImportError {
        ImportError(code, message, at: self.origin ?? origin)
    }
}

/// Where an exchange comes from.
package struct ImportOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The file, as it was named.
    package let file: String
    /// The exchange in the file, from 1; nil for the file itself.
    package let index: Int?

    /// The file and the number of the exchange.
    package var description: String {
        index.map { "\(file), exchange \($0)" } ?? file
    }
}
