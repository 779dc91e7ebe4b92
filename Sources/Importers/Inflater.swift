import CZlib

/// Why compressed bytes could not be decoded.
struct CodingFailure: Error, Hashable, Sendable {
    enum Code: Hashable, Sendable {
        /// The bytes are not what they claim to be, or end too early.
        case damaged
        /// They unfold to more than is allowed.
        case tooLarge
    }

    let code: Code
    let message: String
}

/// How far compressed bytes may unfold.
struct DecodingLimit: Hashable, Sendable {
    /// The largest output, in bytes.
    var bytesMax = 64 << 20
    /// How many times the input the output may be, beyond `freeBytes`.
    var ratioMax = 200
    /// The output up to which the ratio does not count: short repetitive bodies compress well.
    var freeBytes = 1 << 20

    static let standard = DecodingLimit()

    func check(output: Int, input: Int) throws(CodingFailure) {
        guard output > bytesMax || (output > freeBytes && output / ratioMax > input) else { return }
        throw CodingFailure(
            code: .tooLarge,
            message: "\(input) compressed bytes unfold to more than \(output - 1) bytes, "
                + "as a decompression bomb does; the limit is \(bytesMax) bytes, and "
                + "\(ratioMax) times the input above \(freeBytes)")
    }
}

/// Decodes deflate in all its wrappings with the system's zlib.
enum Inflater {
    enum Form: Int32 {
        /// gzip (RFC 1952) or zlib (RFC 1950), told by the header.
        case wrapped = 47
        /// Bare deflate (RFC 1951).
        case bare = -15
    }

    private static let pieceCount = 64 << 10

    /// The bytes that `bytes` unfold to; several gzip members are joined.
    static func inflate(
        _ bytes: [UInt8], _ form: Form, limit: DecodingLimit = .standard
    ) throws(CodingFailure) -> [UInt8] {
        var stream = z_stream()
        guard stormtape_inflate_begin(&stream, form.rawValue) == Z_OK else {
            throw CodingFailure(code: .damaged, message: "zlib could not be started")
        }
        defer { inflateEnd(&stream) }
        // zlib reads from here until the end of this function, so the copy has to stay in place.
        let input = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
        defer { input.deallocate() }
        input.initialize(from: bytes, count: bytes.count)
        guard let count = UInt32(exactly: bytes.count) else {
            throw CodingFailure(code: .tooLarge, message: "the compressed bytes exceed 4 GiB")
        }
        stream.next_in = input
        stream.avail_in = count
        return try run(&stream, count: bytes.count, form, limit)
    }

    private static func run(
        _ stream: inout z_stream, count: Int, _ form: Form, _ limit: DecodingLimit
    ) throws(CodingFailure) -> [UInt8] {
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceCount)
        while true {
            let status = step(&stream, into: &piece)
            output += piece.prefix(pieceCount - Int(stream.avail_out))
            try limit.check(output: output.count, input: count)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                // Another member may follow; anything else behind the end is padding.
                guard form == .wrapped, stream.avail_in > 2, stream.next_in[0] == 0x1F,
                    stream.next_in[1] == 0x8B, inflateReset(&stream) == Z_OK
                else { return output }
            case Z_BUF_ERROR:
                throw CodingFailure(
                    code: .damaged,
                    message: "the compressed bytes end after \(count) bytes, "
                        + "before the end of the data")
            default:
                throw CodingFailure(
                    code: .damaged,
                    message: "the compressed bytes are damaged (zlib \(status)) after "
                        + "\(count - Int(stream.avail_in)) of \(count) bytes")
            }
        }
    }

    private static func step(_ stream: inout z_stream, into piece: inout [UInt8]) -> Int32 {
        piece.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            defer { stream.next_out = nil }
            return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
    }
}
