import Cassette
import Determinism

/// Builds the recorded response while it arrives.
struct AnswerRecorder {
    /// Why a part needs the interaction to be durable before it is passed on.
    enum Need: Hashable {
        case none
        /// A client may take the answer for complete.
        case durability
    }

    private(set) var response: RecordedResponse?
    /// Body bytes that arrived, also those that are not recorded.
    private(set) var byteCount = 0
    /// Whether the body outgrew the limit, so that the rest is not recorded.
    private(set) var isOverflowing = false
    private var scanner = TerminatorScanner()
    private let bytesMax: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    mutating func head(status: Int, reason: String, headers: HeaderFields, at: SimDuration) {
        response = RecordedResponse(
            status: status, reason: reason, headers: headers, headAt: at, endAt: at)
    }

    mutating func body(_ bytes: [UInt8], at: SimDuration) -> Need {
        byteCount += bytes.count
        isOverflowing = isOverflowing || byteCount > bytesMax
        if !isOverflowing {
            response?.chunks.append(Chunk(at: at, bytes: bytes))
        }
        response?.endAt = at
        return scanner.findsMark(in: bytes) ? .durability : .none
    }

    mutating func end(trailers: HeaderFields, at: SimDuration) {
        response?.trailers = trailers
        response?.endAt = at
    }
}
