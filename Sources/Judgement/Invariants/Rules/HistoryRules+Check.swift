internal import WireProtocols

/// Checks the turns of one conversation against a grammar.
struct HistoryCheck {
    private struct Turn {
        /// The place of its first message.
        let place: Int
        let role: ConversationMessage.Role
        var parts: [ConversationPart]
    }

    private let grammar: HistoryGrammar
    private let continues: Bool
    /// The calls of the last assistant's turn that have no result yet.
    private var open = OpenCalls()
    private var answered: Set<String> = []
    private var known: Set<String> = []

    init(grammar: HistoryGrammar, continues: Bool) {
        self.grammar = grammar
        self.continues = continues
    }

    /// The first problem; nil for a conversation that the provider takes.
    mutating func problem(in messages: [ConversationMessage]) -> HistoryProblem? {
        let turns = turns(of: messages)
        for (index, turn) in turns.enumerated() {
            let previous = index > 0 ? turns[index - 1] : nil
            let isLast = index == turns.count - 1
            let kind =
                form(turn, isLast: isLast) ?? order(turn, after: previous)
                ?? pairs(turn)
            if let kind { return HistoryProblem(message: turn.place, kind: kind) }
        }
        guard !open.isEmpty, let last = turns.last else { return nil }
        return HistoryProblem(message: last.place, kind: .unanswered(open.list))
    }

    private func turns(of messages: [ConversationMessage]) -> [Turn] {
        var turns: [Turn] = []
        for (place, message) in messages.enumerated() {
            let role: ConversationMessage.Role =
                grammar == .gemini && message.role == .tool ? .user : message.role
            if grammar.joinsTurns, turns.last?.role == role, !message.parts.isEmpty {
                turns[turns.count - 1].parts += message.parts
            } else {
                turns.append(Turn(place: place, role: role, parts: message.parts))
            }
        }
        return turns
    }

    // MARK: Form

    private func form(_ turn: Turn, isLast: Bool) -> HistoryProblem.Kind? {
        switch grammar {
        case .anthropic, .bedrock:
            if turn.parts.isEmpty {
                return grammar == .anthropic && isLast && turn.role == .assistant ? nil : .empty
            }
            // Anthropic takes a blank, as it writes one before a call itself.
            for case .text(let text) in turn.parts
            where text.isEmpty || (grammar == .bedrock && OutputText.isBlank(text)) {
                return .blank
            }
            guard grammar == .anthropic, isLast, turn.role == .assistant,
                case .text(let text)? = turn.parts.last,
                text.unicodeScalars.last?.properties.isWhitespace == true
            else { return nil }
            return .trailingBlank
        case .gemini: return turn.parts.isEmpty ? .empty : nil
        case .chat: return turn.parts.isEmpty && turn.role == .assistant ? .empty : nil
        case .mistral, .cohere, .responses: return nil
        }
    }

    private func order(_ turn: Turn, after previous: Turn?) -> HistoryProblem.Kind? {
        switch grammar {
        case .anthropic, .bedrock:
            if turn.role == .system { return .systemTurn }
            guard let previous else { return turn.role == .assistant ? .startsWithAssistant : nil }
            return previous.role == turn.role && grammar == .bedrock ? .sameRole : nil
        case .gemini:
            // Joined turns: a call behind words of the model is one turn with them.
            let hasCall = turn.parts.contains { if case .toolCall = $0 { true } else { false } }
            return hasCall && previous == nil ? .callAfterModel : nil
        case .chat, .mistral, .cohere, .responses: return nil
        }
    }

    // MARK: Pairs

    private mutating func pairs(_ turn: Turn) -> HistoryProblem.Kind? {
        if turn.role == .assistant { return calls(turn) }
        if grammar == .gemini { return responses(turn) }
        var sawText = false
        for part in turn.parts {
            switch part {
            case .text: sawText = true
            case .toolResult(let result):
                if let kind = take(result) { return kind }
                if sawText, grammar == .anthropic { return .resultsNotFirst }
            case .toolCall, .other: continue
            }
        }
        // Results in turns of their own may follow one another.
        guard turn.role != .tool, grammar != .responses, !open.isEmpty else { return nil }
        return .unanswered(open.list)
    }

    private mutating func calls(_ turn: Turn) -> HistoryProblem.Kind? {
        if !open.isEmpty, grammar != .responses { return .unanswered(open.list) }
        if grammar != .responses { answered = [] }
        var own: Set<String> = []
        for case .toolCall(let call) in turn.parts {
            if grammar == .gemini {
                open.append(call.name)
                continue
            }
            // What has no identifier cannot be paired.
            guard !call.id.isEmpty else { continue }
            let isNew = own.insert(call.id).inserted
            let isNewInAll = known.insert(call.id).inserted
            if !isNew || (!isNewInAll && grammar == .anthropic) { return .sameID(call.id) }
            open.append(call.id)
        }
        return nil
    }

    private mutating func take(_ result: ToolResultPart) -> HistoryProblem.Kind? {
        guard let id = result.callID else { return nil }
        if open.take(id) {
            answered.insert(id)
            return nil
        }
        if answered.contains(id) { return .answeredTwice(id) }
        return continues ? nil : .orphan(id)
    }

    /// Gemini counts.
    private mutating func responses(_ turn: Turn) -> HistoryProblem.Kind? {
        let results = turn.parts.compactMap { part in
            if case .toolResult(let result) = part { result.name ?? "" } else { nil }
        }
        defer { open = OpenCalls() }
        if open.isEmpty { return results.first.map { .orphan($0) } }
        return results.count == open.count ? nil : .unanswered(open.list)
    }
}

/// Calls that wait for their results.
private struct OpenCalls {
    private var names: [String] = []
    private var waiting: [String: Int] = [:]
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// In the order of the calls; of equal ones those that came first have their results.
    var list: [String] {
        var left = waiting
        let open = names.reversed().filter { name in
            guard let count = left[name], count > 0 else { return false }
            left[name] = count - 1
            return true
        }
        return open.reversed()
    }

    mutating func append(_ name: String) {
        names.append(name)
        waiting[name, default: 0] += 1
        count += 1
    }

    mutating func take(_ name: String) -> Bool {
        guard let open = waiting[name], open > 0 else { return false }
        waiting[name] = open - 1
        count -= 1
        return true
    }
}
