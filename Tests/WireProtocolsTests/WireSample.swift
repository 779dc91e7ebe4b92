import Testing
import WireProtocols

/// A whole stream of one protocol and what it must be read as.
struct WireSample: CustomTestStringConvertible, Sendable {
    /// The provider's words for why an answer ended.
    struct Words: Sendable {
        /// It ran out of tokens.
        var length: String
        /// It ended by itself.
        var normal: String
    }

    /// How many frames an edit may change at most, beside those that it drops.
    struct Edits: Sendable {
        var length = 2
        var empty = 2
        var arguments = 1
    }

    let name: String
    let wire: any WireProtocol
    var framing = StreamFraming.sse
    let stream: [UInt8]
    let expected: AnswerSummary
    /// How many content events it has.
    let contentEvents: Int
    /// How many members the arguments of the last tool call have.
    let members: Int
    let words: Words
    var edits = Edits()
    /// How many events end the stream at the level of the protocol and say nothing else.
    var terminators = 1
    /// Whether arguments are objects inside the events, so that they stay whole JSON when cut.
    var argumentsAreObjects = false

    /// The events of the stream.
    var events: [StreamEvent] { framing.events(of: stream) }

    var testDescription: String { "\(wire.id): \(name)" }

    static let all =
        openAI + dialects + anthropic + responses + gemini + ollama + cohere + bedrock
}

/// A stream of frames, joined by one style of line ending.
func streamBytes(_ frames: [String], _ ending: SSELineEnding = .lf) -> [UInt8] {
    let end = String(decoding: ending.bytes, as: UTF8.self)
    let text = frames.map { frame in
        frame.split(separator: "\n").map { $0 + end }.joined() + end
    }.joined()
    return Array(text.utf8)
}

/// The events of such a stream.
func streamEvents(_ frames: [String]) -> [StreamEvent] {
    StreamFraming.sse.events(of: streamBytes(frames))
}
