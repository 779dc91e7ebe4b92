internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

extension TextRules {
    /// Why the last answer of a model ended.
    struct FinishReason: InvariantRule {
        let words: [String]

        static let kind = InvariantKind(
            "finish_reason", .output, summary: "The last answer of a model ended for this reason.",
            parameters: [
                InvariantParameter(
                    "in", "texts",
                    "The provider's words, or `stop`, `length`, `tool_calls`, `content_filter`, "
                        + "which stand for the words of all providers; the short form is the "
                        + "list alone.")
            ],
            example: #"{"in": ["stop"]}"#
        ) { (arguments) throws(InvariantError) in
            if arguments.isObject { try arguments.allow(["in"]) }
            let list = arguments.isObject ? try arguments.required("in") : arguments
            return FinishReason(words: try list.texts())
        }

        var id: String { "finish_reason in \(words.joined(separator: ", "))" }

        func check(_ conduct: Conduct) -> Finding {
            let last = conduct.turns.last { turn in
                turn.answer?.finishReason != nil || (turn.isWhole && turn.conversation != nil)
            }
            guard let last, let answer = last.answer else {
                return .unjudged("no answer of a model says why it ended")
            }
            guard let reason = answer.finishReason else {
                return .brokenAtEnd(
                    "the last answer does not say why it ended", witnesses: [last.id])
            }
            let seen = "the last answer ended with \(OutputText.quoted(reason))"
            let word = reason.lowercased()
            let isWanted = words.contains { wanted in
                let wanted = wanted.lowercased()
                return wanted == word
                    || FinishWords.byCommonWord.contains {
                        $0.common == wanted && $0.words.contains(word)
                    }
            }
            return isWanted
                ? .holds(seen, witnesses: [last.id]) : .brokenAtEnd(seen, witnesses: [last.id])
        }
    }
}
