import Cassette

/// Removes the compression of a body, as an agent that asks for `identity` would get it.
enum ContentCoding {
    /// What became of a body.
    enum Outcome: Hashable, Sendable {
        /// It was not compressed, whatever the header lines say.
        case plain
        /// It is decoded.
        case decoded([UInt8])
        /// It cannot be decoded and stays as it is.
        case broken(String)
    }

    private static let codingsMax = 4

    /// Decodes a body by its `content-encoding`; a bomb is an error.
    static func decode(
        _ body: [UInt8], headers: HeaderFields
    ) throws(ImportError) -> Outcome {
        let codings = headers.fields.filter { asciiEqual($0.name, "content-encoding") }
            .flatMap { $0.value.split(separator: ",") }
            .map { asciiLowercased($0.filter { $0 != " " && $0 != "\t" }) }
            .filter { !$0.isEmpty && $0 != "identity" }
        guard codings.count <= codingsMax else {
            throw ImportError(
                .tooLarge, "the body is encoded \(codings.count) times; at most \(codingsMax)")
        }
        guard !body.isEmpty, !codings.isEmpty else { return .plain }
        var bytes = body
        do {
            for coding in codings.reversed() {
                guard let decoded = try decode(bytes, coding) else {
                    return bytes == body ? .plain : .decoded(bytes)
                }
                bytes = decoded
            }
        } catch {
            guard error.code == .damaged else { throw ImportError(.tooLarge, error.message) }
            return .broken(error.message)
        }
        return .decoded(bytes)
    }

    /// Nil when the bytes are not in this coding, since most recorders decode what they store.
    private static func decode(
        _ bytes: [UInt8], _ coding: String
    ) throws(CodingFailure) -> [UInt8]? {
        switch coding {
        case "gzip", "x-gzip":
            guard bytes.starts(with: [0x1F, 0x8B]) else { return nil }
            return try Inflater.inflate(bytes, .wrapped)
        case "deflate":
            guard !isPlainText(bytes) else { return nil }
            return try Inflater.inflate(bytes, isZlib(bytes) ? .wrapped : .bare)
        case "br":
            guard !isPlainText(bytes) else { return nil }
            return try BrotliDecoder.decode(bytes)
        default:
            guard !isPlainText(bytes) else { return nil }
            throw CodingFailure(
                code: .damaged,
                message: "the content coding '\(coding.prefix(20))' is not known; known are gzip, "
                    + "deflate and br; ask for `accept-encoding: identity` while recording")
        }
    }

    /// Whether the bytes begin as a zlib stream: deflate, and a header that 31 divides.
    static func isZlib(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] & 0x0F == 8, bytes[0] >> 4 <= 7 else { return false }
        return (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }

    /// Neither brotli nor deflate has a mark of its own; neither gives text by chance.
    private static func isPlainText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            && String(validating: bytes, as: UTF8.self) != nil
    }
}
