internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

extension HistoryRules {
    /// What became of answers that did not come whole.
    struct AnswerComplete: InvariantRule {
        let words: [String]

        /// A shorter text could be in the output by chance.
        private static let textMin = 20

        var id: String { "answer_complete" }

        func check(_ conduct: Conduct) -> Finding {
            let parts = conduct.turns.filter(\.isPartial)
            guard !parts.isEmpty else { return .holds("every answer that was used came whole") }
            let uses = HistoryUses(conduct.turns)
            var retried = 0
            var sought: Set<String> = []
            var found: [Finding] = []
            for turn in parts {
                guard !uses.isWholeAfter(turn) else {
                    retried += 1
                    continue
                }
                if let finding = accepted(turn, uses) {
                    found.append(finding)
                    continue
                }
                guard conduct.endedWell, sought.insert(turn.answer?.text ?? "").inserted else {
                    continue
                }
                if let finding = printed(turn, conduct) { found.append(finding) }
            }
            return .earliest(found)
                ?? .holds(
                    "\(Wording.count(parts.count, "answer")) did not come whole; \(retried) asked "
                        + "for again, none taken for whole",
                    witnesses: parts.prefix(10).map(\.id))
        }

        /// A later request hands it back as what the assistant said.
        private func accepted(_ turn: ModelTurn, _ uses: HistoryUses) -> Finding? {
            let hasCalls = turn.answer?.toolCalls.isEmpty == false
            guard let later = uses.first(after: turn), hasCalls || !later.isLast,
                !(turn.isCutForLength && later.continues)
            else { return nil }
            return .brokenByRequest(
                "\(what(turn)) was taken for a whole one in exchange \(later.exchange.number)",
                witnesses: [turn.id, later.exchange])
        }

        /// The output of a run that ended well gives it out as the answer.
        private func printed(_ turn: ModelTurn, _ conduct: Conduct) -> Finding? {
            guard let text = turn.answer.map({ OutputText.trimmed($0.text) }), !text.isEmpty else {
                return nil
            }
            for output in conduct.outputTexts {
                let isThere =
                    text.utf8.count >= Self.textMin
                    ? OutputText.isFound(text, in: output, isCaseSensitive: true)
                    : OutputText.trimmed(output) == text
                let isNamed = Mentions.first(of: words, in: [Array(output.utf8)]) != nil
                guard isThere, !isNamed, !isSaidAgain(text, after: turn, conduct) else { continue }
                return .brokenAtEnd(
                    "\(what(turn)) is in the output as if it were whole: "
                        + OutputText.quoted(text),
                    witnesses: [turn.id])
            }
            return nil
        }

        /// Whether a whole answer to another request has the same words.
        private func isSaidAgain(_ text: String, after turn: ModelTurn, _ conduct: Conduct) -> Bool
        {
            conduct.turns.contains {
                $0.id > turn.id && $0.isWhole && !$0.isCutForLength
                    && OutputText.isFound(text, in: $0.answer?.text ?? "", isCaseSensitive: true)
            }
        }

        private func what(_ turn: ModelTurn) -> String {
            let how = turn.isCutForLength ? "ended at its length limit" : "was cut"
            return "the answer to exchange \(turn.id.number), which \(how),"
        }
    }
}

extension ModelTurn {
    /// Whether the agent got words or calls of an answer, but not all.
    var isPartial: Bool {
        guard let answer, (exchange.status ?? 599) < 400, exchange.sentCount > 0 else {
            return false
        }
        return (!isWhole || isCutForLength)
            && (!OutputText.isBlank(answer.text) || !answer.toolCalls.isEmpty)
    }
}

extension Conduct {
    /// Whether the run says of itself that all went well.
    var endedWell: Bool {
        RecoveryRules.failure(self) == nil
            && trace.awaited.allSatisfy { ($0.status ?? 599) < 400 }
    }
}

/// Where what assistants said stands in requests, read once.
private struct HistoryUses {
    struct Use {
        let exchange: ExchangeID
        /// Whether nothing stands behind it, so that the model goes on where it ended.
        let isLast: Bool
        /// Whether the request only asks for more: nothing, or words of the user, stand behind it.
        let continues: Bool
    }

    private var texts: [String: Use] = [:]
    private var calls: [String: Use] = [:]
    private var whole: [[UInt8]: ExchangeID] = [:]

    init(_ turns: [ModelTurn]) {
        for turn in turns {
            if turn.isWhole, !turn.isCutForLength { whole[turn.exchange.request.body] = turn.id }
            let messages = turn.conversation?.messages ?? []
            for (place, message) in messages.enumerated() where message.role == .assistant {
                let rest = messages[(place + 1)...]
                let use = Use(
                    exchange: turn.id, isLast: rest.isEmpty,
                    continues: rest.count <= 1 && rest.allSatisfy { $0.role == .user })
                let text = OutputText.trimmed(message.text)
                if !text.isEmpty, texts[text] == nil { texts[text] = use }
                for case .toolCall(let call) in message.parts where !call.id.isEmpty {
                    if calls[call.id] == nil { calls[call.id] = use }
                }
            }
        }
    }

    /// Whether an equal request got a whole answer later.
    func isWholeAfter(_ turn: ModelTurn) -> Bool {
        whole[turn.exchange.request.body].map { $0 > turn.id } ?? false
    }

    /// The first request that holds the answer, where none before it does.
    func first(after turn: ModelTurn) -> Use? {
        guard let answer = turn.answer else { return nil }
        var found = answer.toolCalls.compactMap { calls[$0.id] }
        // With calls, the same words may introduce other calls.
        if answer.toolCalls.isEmpty, let use = texts[OutputText.trimmed(answer.text)] {
            found.append(use)
        }
        return found.filter { $0.exchange > turn.id }.min { $0.exchange < $1.exchange }
    }
}
