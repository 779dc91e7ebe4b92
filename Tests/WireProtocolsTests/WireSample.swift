import Testing
import WireProtocols

/// A whole stream of one protocol and what it must be read as.
struct WireSample: CustomTestStringConvertible, Sendable {
    let name: String
    let wire: any WireProtocol
    let stream: [UInt8]
    let expected: AnswerSummary
    /// How many content events it has.
    let contentEvents: Int
    /// How many members the arguments of the last tool call have.
    let members: Int

    var testDescription: String { "\(wire.id): \(name)" }

    /// What the protocol calls an answer that ran out of tokens, and one that ended by itself.
    var words: (length: String, normal: String) {
        wire.id == AnthropicMessages.id ? ("max_tokens", "end_turn") : ("length", "stop")
    }

    static let all = openAI + anthropic
}

/// A stream of frames, joined by one style of line ending.
func streamBytes(_ frames: [String], _ ending: SSELineEnding = .lf) -> [UInt8] {
    let end = String(decoding: ending.bytes, as: UTF8.self)
    let text = frames.map { frame in
        frame.split(separator: "\n").map { $0 + end }.joined() + end
    }.joined()
    return Array(text.utf8)
}
