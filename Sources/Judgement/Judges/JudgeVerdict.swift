internal import Determinism
internal import WireProtocols

/// What the answer of a judge says.
enum JudgeVerdict: Hashable {
    /// The criterion holds, and why, in the judge's words.
    case pass(String)
    /// It does not.
    case fail(String)
    /// Neither word comes first, or both are there: what was said.
    case unclear(String)

    /// How many characters of a judge's words are shown.
    static let lengthMax = 300

    /// Reads the body of a recorded answer.
    init(_ body: [UInt8], _ wire: JudgeProtocol) {
        let text = WireProtocols.named(wire.rawValue)?.summary(of: body, framing: nil).text ?? ""
        self.init(text: text)
    }

    /// Reads what the model said.
    ///
    /// The word stands first, in capital letters and by itself; an answer that names the other
    /// word too could mean both.
    init(text: String) {
        let scalars = Array(OutputText.trimmed(text).unicodeScalars)
        let word = String(String.UnicodeScalarView(scalars.prefix(4)))
        let rest = scalars.dropFirst(4)
        let isWord =
            word.unicodeScalars.elementsEqual("PASS".unicodeScalars)
            || word.unicodeScalars.elementsEqual("FAIL".unicodeScalars)
        guard isWord, rest.first.map(JudgeVerdict.ends) ?? true,
            !JudgeVerdict.names(word == "PASS" ? "FAIL" : "PASS", in: rest)
        else {
            self = .unclear(PlainText.clipped(OutputText.trimmed(text), to: JudgeVerdict.lengthMax))
            return
        }
        let reason = rest.drop { JudgeVerdict.ends($0) }
        let shown = PlainText.clipped(
            String(String.UnicodeScalarView(reason)), to: JudgeVerdict.lengthMax)
        self = word == "PASS" ? .pass(shown) : .fail(shown)
    }

    private static func ends(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || ".:,;!-\u{2013}\u{2014}".unicodeScalars.contains(scalar)
    }

    /// Whether a word stands by itself in a text.
    private static func names(_ word: String, in scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        scalars.split { !$0.properties.isAlphabetic }.contains {
            $0.elementsEqual(word.unicodeScalars)
        }
    }
}

extension JudgeQuestion {
    /// Whether the body of a response can be an answer to it: words, or a vector.
    package func isAnswered(by body: [UInt8]) -> Bool {
        switch wire {
        case .openAIEmbeddings: MeaningVector(body) != nil
        case .openAIChat, .anthropicMessages: JudgeVerdict(body, wire) != .unclear("")
        }
    }

    /// Whether the body of a response has the form of an answer, though it may say nothing.
    package func isForm(of body: [UInt8]) -> Bool {
        guard let json = try? JSONValue.parse(body) else { return false }
        return switch wire {
        case .openAIEmbeddings: json["data"]?.arrayValue != nil
        case .openAIChat: json["choices"]?.arrayValue != nil
        case .anthropicMessages: json["content"]?.arrayValue != nil && json["stop_reason"] != nil
        }
    }

    /// Whether an answer says what it was asked for, so that the rule can be judged by it.
    package func isSettled(by body: [UInt8]) -> Bool {
        if case .unclear = JudgeVerdict(body, wire) { wire == .openAIEmbeddings } else { true }
    }
}
