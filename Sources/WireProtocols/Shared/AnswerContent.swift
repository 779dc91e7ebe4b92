/// Why an answer ended, in words that providers share.
public enum AnswerFinish: Hashable, Sendable {
    /// The model had said all.
    case stop
    /// It reached its length limit.
    case length
    /// It wants tools to be called.
    case toolCalls
    /// A filter of the provider stopped it.
    case contentFilter
    /// The model refused.
    case refusal
    /// It repeated what it was trained on; Gemini only.
    case recitation
    /// It wrote a tool call that cannot be read; Gemini and Bedrock only.
    case malformedCall
    /// The turn is paused and goes on when it is sent back; Anthropic only.
    case pause
    /// The context window is full.
    case contextFull
    /// A word of the provider that is none of these.
    case other(String)
    /// The answer does not say.
    case unsaid
}

/// A tool call inside an answer, as it can be edited.
public struct AnswerCall: Hashable, Sendable {
    /// The identifier that the result must name; nil where it is absent.
    public var id: String?
    /// The name of the tool.
    public var name: String
    /// The arguments as text, JSON unless they are broken; nil where they are absent.
    public var arguments: String?

    /// Creates a call.
    public init(id: String?, name: String, arguments: String?) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// One part of an answer, in the order in which the answer holds them.
public enum AnswerPart: Hashable, Sendable {
    /// Visible text.
    case text(String)
    /// A refusal, where the provider has a place for one beside the text.
    case refusal(String)
    /// A tool call.
    case call(AnswerCall)
    /// What is kept whole or dropped, never edited: reasoning, signed content, what is unknown;
    /// the n-th such part, from 0, of the answer that was read.
    case kept(Int)
}

/// What an answer says, in a form that can be edited and written back.
public struct AnswerContent: Hashable, Sendable {
    /// Its parts; neighbouring text is one part unless the answer itself keeps it apart.
    public var parts: [AnswerPart]
    /// Why it ended.
    public var finish: AnswerFinish
    /// The model that the answer names.
    public var model: String?

    /// Creates a content.
    public init(parts: [AnswerPart], finish: AnswerFinish, model: String?) {
        self.parts = parts
        self.finish = finish
        self.model = model
    }

    /// All visible text.
    public var text: String {
        parts.reduce(into: "") { text, part in
            if case .text(let piece) = part { text += piece }
        }
    }

    /// The tool calls in their order.
    public var calls: [AnswerCall] {
        parts.compactMap { part in
            if case .call(let call) = part { call } else { nil }
        }
    }
}

/// How a text is cut into the pieces in which a stream sends it.
enum TextPieces {
    /// So many Unicode scalars has a piece that was not recorded, where that makes at most
    /// `piecesMax` of them.
    static let scalarsMin = 16
    /// So many pieces has the rest of a text at most.
    static let piecesMax = 512

    /// The pieces of a text: the recorded ones while the text begins with them, then equal ones.
    static func cut(_ text: String, like recorded: [String]) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text).unicodeScalars
        for piece in recorded {
            guard !piece.isEmpty else { continue }
            guard rest.starts(with: piece.unicodeScalars) else { break }
            pieces.append(piece)
            rest = rest.dropFirst(piece.unicodeScalars.count)
        }
        let size = max(scalarsMin, (rest.count + piecesMax - 1) / piecesMax)
        while !rest.isEmpty {
            pieces.append(String(String.UnicodeScalarView(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
