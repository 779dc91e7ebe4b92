package import Faults
internal import Determinism

/// Why a text is not a plan blob, or a file holds no plan.
package struct PlanBlobError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text does not begin as a blob does.
        case notBlob
        /// The blob is of a version that is not known.
        case unknownVersion
        /// The blob was cut or changed on its way.
        case damaged
        /// The blob is whole, but what it holds is no plan for this version.
        case invalidPlan
        /// The file cannot be read.
        case unreadable
    }

    package let code: Code
    /// What is wrong, and what to do next.
    package let message: String

    package var description: String { message }
}

/// The form of a plan that is pasted into a terminal: `stp1.`, JSON as base64url, a checksum.
package enum PlanBlob {
    private static let prefix = "stp1"
    private static let checksumLength = 8

    /// The blob of a plan.
    package static func encode(_ plan: Plan) -> String {
        let json = plan.json.canonical()
        return "\(prefix).\(Base64URL.encode(json)).\(checksum(of: json))"
    }

    /// Reads a blob; white space that a terminal or a mail put into it does not matter.
    package static func decode(
        _ text: String, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(PlanBlobError) -> Plan {
        let bytes = text.utf8.filter { !isSpace($0) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try checkPrefix(String(decoding: parts[0], as: UTF8.self))
        guard parts.count == 3, parts[2].count == checksumLength else {
            throw PlanBlobError(
                code: .damaged,
                message: "the plan blob is cut off or holds something more: it has three parts, "
                    + "the last of them a checksum of \(checksumLength) digits; copy it again whole"
            )
        }
        guard let json = Base64URL.decode(parts[1]),
            checksum(of: json) == String(decoding: parts[2], as: UTF8.self)
        else {
            throw PlanBlobError(
                code: .damaged,
                message: "the plan blob is damaged: its checksum does not fit; copy it again whole")
        }
        do {
            return try Plan(jsonText: json, catalogue: catalogue)
        } catch {
            throw PlanBlobError(code: .invalidPlan, message: error.description)
        }
    }

    /// Whether a text is meant to be a blob, of whatever version.
    static func isBlob(_ text: some StringProtocol) -> Bool {
        let start = text.utf8.drop(while: isSpace)
        guard start.starts(with: "stp".utf8) else { return false }
        let digits = start.dropFirst(3).prefix { (0x30...0x39).contains($0) }
        return !digits.isEmpty && start.dropFirst(3 + digits.count).first == UInt8(ascii: ".")
    }

    private static func checkPrefix(_ found: String) throws(PlanBlobError) {
        guard found != prefix else { return }
        guard isBlob(found + ".") else {
            throw PlanBlobError(
                code: .notBlob, message: "this is not a plan blob, which begins with '\(prefix).'")
        }
        throw PlanBlobError(
            code: .unknownVersion,
            message: "the plan blob begins with '\(found).'; this version reads '\(prefix).' only. "
                + "Use the version of stormtape that wrote it")
    }

    private static func checksum(of json: [UInt8]) -> String {
        String(Digest(hashing: json).hex.prefix(checksumLength))
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
