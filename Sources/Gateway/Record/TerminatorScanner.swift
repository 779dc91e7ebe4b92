/// Finds what tells a client that a stream is over before the connection does.
///
/// A client may act on such bytes at once, so that the interaction must be durable before they
/// are passed on. A false alarm costs one more write of the interaction, nothing else.
struct TerminatorScanner {
    /// OpenAI chat; Anthropic messages; OpenAI responses; Ollama; responses of JSON-RPC.
    private static let marks: [[UInt8]] = [
        "[DONE]", "message_stop", "response.completed", "response.incomplete", "response.failed",
        "\"done\":true", "\"done\": true", "\"result\":", "\"error\":{",
        "\"error\": {",
    ].map { Array($0.utf8) }
    private static let markBytesMax = marks.map(\.count).max() ?? 0

    /// The last bytes seen: a mark may be split over parts.
    private var tail: [UInt8] = []

    /// Whether a mark ends in these bytes.
    mutating func findsMark(in bytes: [UInt8]) -> Bool {
        let seam = tail + bytes.prefix(Self.markBytesMax - 1)
        let found = Self.contains(seam) || Self.contains(bytes)
        let kept = bytes.count >= Self.markBytesMax ? bytes : seam
        tail = Array(kept.suffix(Self.markBytesMax - 1))
        if found {
            // Found once is enough: the kept end must not find it again.
            tail = []
        }
        return found
    }

    private static func contains(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "["), UInt8(ascii: "m"), UInt8(ascii: "r"), UInt8(ascii: "\""):
                    let rest = UnsafeBufferPointer(rebasing: bytes[index...])
                    if marks.contains(where: { rest.starts(with: $0) }) { return true }
                default: break
                }
                index += 1
            }
            return false
        }
    }
}
