import CBrotli

/// Decodes brotli (RFC 7932) with the system's libbrotlidec.
enum BrotliDecoder {
    private static let pieceCount = 64 << 10

    /// The bytes that `bytes` unfold to.
    static func decode(
        _ bytes: [UInt8], limit: DecodingLimit = .standard
    ) throws(CodingFailure) -> [UInt8] {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else {
            throw CodingFailure(code: .damaged, message: "libbrotlidec could not be started")
        }
        defer { BrotliDecoderDestroyInstance(state) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceCount)
        var consumed = 0
        while true {
            let (result, taken, given) = step(state, bytes, from: consumed, into: &piece)
            consumed += taken
            output += piece.prefix(given)
            try limit.check(output: output.count, input: bytes.count)
            switch result {
            case BROTLI_DECODER_RESULT_SUCCESS: return output
            case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
            case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
                throw CodingFailure(
                    code: .damaged,
                    message: "the brotli data ends after \(bytes.count) bytes, before its end")
            default:
                throw CodingFailure(
                    code: .damaged,
                    message: "the brotli data is damaged after \(consumed) of "
                        + "\(bytes.count) bytes")
            }
        }
    }

    private static func step(
        _ state: OpaquePointer, _ bytes: [UInt8], from start: Int, into piece: inout [UInt8]
    ) -> (BrotliDecoderResult, taken: Int, given: Int) {
        bytes.withUnsafeBufferPointer { input in
            piece.withUnsafeMutableBufferPointer { buffer in
                var inputCount = input.count - start
                var next = input.baseAddress.map { $0 + start }
                var outputCount = buffer.count
                var target = buffer.baseAddress
                let result = BrotliDecoderDecompressStream(
                    state, &inputCount, &next, &outputCount, &target, nil)
                return (result, input.count - start - inputCount, buffer.count - outputCount)
            }
        }
    }
}
