internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

/// Rules about what the agent hands back to models.
enum HistoryRules {
    static let all = [
        InvariantKind(
            "history_wellformed", .retries,
            summary: "Every conversation that the agent sends to a model is one that the provider "
                + "takes: calls and results in pairs, identifiers once, no empty content, roles in "
                + "order.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            _ = try arguments.options([])
            return WellFormed()
        },
        InvariantKind(
            "answer_complete", .retries,
            summary: "No answer that was cut, or ended at its length limit, is taken for a whole "
                + "one: it is asked for again, continued, or named incomplete in the output.",
            parameters: [
                InvariantParameter(
                    "words", "texts", standard: defaultWords.joined(separator: ", "),
                    "Words in the output that name it incomplete.")
            ],
            example: "true"
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["words"])
            return AnswerComplete(words: try options.optional("words")?.texts() ?? defaultWords)
        },
    ]

    private static let defaultWords = [
        "truncated", "incomplete", "not complete", "cut off", "cut short", "interrupted", "partial",
    ]

    /// What providers refuse with status 400, in their words of 2025.
    ///
    /// Signed thoughts and media are not looked at, nor what a request continues on the provider's
    /// side. Ollama refuses nothing.
    struct WellFormed: InvariantRule {
        var id: String { "history_wellformed" }

        func check(_ conduct: Conduct) -> Finding {
            var count = 0
            for turn in conduct.turns {
                guard let conversation = turn.conversation,
                    let grammar = turn.exchange.wire.flatMap(HistoryGrammar.of)
                else { continue }
                count += 1
                var check = HistoryCheck(grammar: grammar, continues: continues(turn))
                guard let problem = check.problem(in: conversation.messages) else { continue }
                return .brokenByRequest(
                    "message \(problem.message + 1) of exchange \(turn.id.number) is refused: "
                        + grammar.words(for: problem.kind),
                    witnesses: [turn.id])
            }
            guard count > 0 else { return .unjudged("no conversation with a model could be read") }
            return .holds("\(Wording.count(count, "conversation")) could be sent so")
        }

        /// Whether the provider keeps what was said before.
        private func continues(_ turn: ModelTurn) -> Bool {
            guard turn.exchange.wire == OpenAIResponses.id,
                let body = try? JSONValue.parse(turn.exchange.request.body)
            else { return false }
            let isKept = ["previous_response_id", "conversation"].contains {
                !(body[$0]?.isNull ?? true)
            }
            return isKept
                || (body["input"]?.arrayValue ?? []).contains {
                    $0["type"]?.stringValue == "item_reference"
                }
        }
    }
}
