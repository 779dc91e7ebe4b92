internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

extension BudgetRules {
    /// Neither the tools nor the words of the agent go round in circles.
    struct NoLoop: InvariantRule {
        let same: Int
        let window: Int
        let exempt: [String]

        static let kind = InvariantKind(
            "no_loop", .budget,
            summary:
                "In a conversation no tool is called so often with equal arguments in a "
                + "window of calls, no "
                + "sequence of two to four calls comes three times in a row, and no model says the "
                + "same again and again. A request over HTTP that is tried again because it got no "
                + "whole answer counts once.",
            parameters: [
                InvariantParameter(
                    "same", "whole number from 2", standard: "3",
                    "So many equal calls in the window, or equal answers, are a loop."),
                InvariantParameter(
                    "window", "whole number from 2", standard: "6",
                    "How many calls, or turns of the model, are looked at together."),
                InvariantParameter(
                    "except", "texts", standard: "none",
                    "Tools that may be called again, such as one that tells a state."),
            ],
            example: #"{"same": 3, "window": 6}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["same", "window", "except"])
            let same = try options.optional("same")?.whole(in: 2...1000) ?? 3
            let window = try options.optional("window")?.whole(in: 2...1000) ?? max(6, same)
            guard window >= same else {
                throw InvariantError(
                    .wrongValue, at: "\(options.path).window", "`window` must not be below `same`")
            }
            return NoLoop(
                same: same, window: window,
                exempt: try options.optional("except")?.texts() ?? [])
        }

        private static let cycleTimes = 3

        var id: String { "no_loop(\(same) in \(window))" }

        func check(_ conduct: Conduct) -> Finding {
            let uses = calls(conduct)
            let keys = zip(uses, conduct.beginnings(of: uses)).map { use, beginning in
                "\(beginning.map(String.init) ?? "") \(use.callKey)"
            }
            let called = uses.indices.lazy.compactMap { place in
                repetition(keys, uses, place) ?? cycle(keys, uses, place)
            }.first
            let said = conduct.turns.lazy.compactMap(words).first
            return .earliest([called, said].compactMap(\.self))
                ?? .holds("nothing was done again and again")
        }

        /// The uses that count: a request that is tried again is one call.
        private func calls(_ conduct: Conduct) -> [ToolUse] {
            let retries = conduct.retries
            return conduct.toolUses.filter { use in
                if case .call(let id) = use.evidence, retries.contains(id) { return false }
                return !exempt.contains(where: use.isNamed)
            }
        }

        /// Equal calls among the last ones.
        private func repetition(_ keys: [String], _ uses: [ToolUse], _ place: Int) -> Finding? {
            let start = max(0, place + 1 - window)
            let equal = (start...place).filter { keys[$0] == keys[place] }
            guard equal.count >= same else { return nil }
            return .brokenByRequest(
                "\(OutputText.quoted(uses[place].name)) was called \(Wording.times(equal.count)) "
                    + "with equal arguments",
                witnesses: equal.map { uses[$0].exchange }.withoutRepetition)
        }

        /// The last calls are one sequence, several times over.
        private func cycle(_ keys: [String], _ uses: [ToolUse], _ place: Int) -> Finding? {
            for length in 2...4 {
                let count = length * Self.cycleTimes
                guard place + 1 >= count else { return nil }
                let span = (place + 1 - count)...place
                let isCycle = span.dropFirst(length).allSatisfy { keys[$0] == keys[$0 - length] }
                guard isCycle, Set(span.map { keys[$0] }).count > 1 else { continue }
                let names = span.prefix(length).map { OutputText.quoted(uses[$0].name) }
                return .brokenByRequest(
                    "the calls \(names.joined(separator: ", ")) came \(Self.cycleTimes) times in a "
                        + "row",
                    witnesses: span.map { uses[$0].exchange }.withoutRepetition)
            }
            return nil
        }

        /// The answer says what the model said so often before in the same conversation.
        private func words(_ turn: ModelTurn) -> Finding? {
            guard turn.isWhole, let answer = turn.answer else { return nil }
            let text = OutputText.trimmed(answer.text)
            guard !text.isEmpty, answer.toolCalls.isEmpty else { return nil }
            let earlier = (turn.conversation?.messages ?? []).reversed().lazy
                .filter { $0.role == .assistant }.prefix(window - 1)
            let count = 1 + earlier.count { OutputText.trimmed($0.text) == text }
            guard count >= same else { return nil }
            return Finding(
                passed: false,
                message: "the model said \(OutputText.quoted(text)) \(Wording.times(count))",
                witnesses: [turn.id], position: .delivery(turn.id))
        }
    }

    /// The agent finds out or tries something new every few steps.
    struct Progress: InvariantRule {
        let every: Int

        static let kind = InvariantKind(
            "progress", .budget,
            summary: "Among so many steps in a row, one brings a call with new arguments or a new "
                + "result of a tool.",
            parameters: [
                InvariantParameter(
                    "every", "whole number from 2",
                    "How many steps; the short form is the number alone.")
            ],
            example: #"{"every": 5}"#
        ) { (arguments) throws(InvariantError) in
            if arguments.isObject { try arguments.allow(["every"]) }
            let count = arguments.isObject ? try arguments.required("every") : arguments
            return Progress(every: try count.whole(in: 2...InvariantArguments.countMax))
        }

        var id: String { "progress every \(every) steps" }

        func check(_ conduct: Conduct) -> Finding {
            let uses = conduct.toolUses
            guard !uses.isEmpty else { return .unjudged("no tool was used") }
            let beginnings = conduct.beginnings(of: uses)
            var known: Set<String> = []
            var next = 0
            var idle: [ExchangeID] = []
            var most = 0
            for turn in conduct.turns where turn.isStep {
                while next < uses.count, uses[next].exchange <= turn.id {
                    let use = uses[next]
                    let beginning = beginnings[next].map(String.init) ?? ""
                    let result = "\(beginning) \(use.name) gives \(use.result ?? "")"
                    for key in ["\(beginning) \(use.callKey)", result]
                    where known.insert(key).inserted { idle = [] }
                    next += 1
                }
                let beginning = conduct.beginning(of: turn)
                let isNew = (turn.answer?.toolCalls ?? []).reduce(false) {
                    known.insert("\(beginning) \($1.callKey)").inserted || $0
                }
                if isNew { idle = [] } else { idle.append(turn.id) }
                most = max(most, idle.count)
                guard idle.count >= every else { continue }
                return Finding(
                    passed: false,
                    message: "\(Wording.count(idle.count, "step")) in a row brought no new call "
                        + "and no new result",
                    witnesses: idle, position: .delivery(turn.id))
            }
            return .holds("at most \(Wording.count(most, "step")) in a row brought nothing new")
        }
    }
}

extension Conduct {
    /// For each use, the conversation in which its result was told; nil for calls over the wire.
    ///
    /// Several tasks in one run may need the same call each.
    func beginnings(of uses: [ToolUse]) -> [Int?] {
        var next = turns[...]
        return uses.map { use in
            guard case .result(let id) = use.evidence else { return nil }
            next = next.drop { $0.id < id }
            return next.first.map(beginning)
        }
    }

    /// The requests that ask again what got no whole answer.
    fileprivate var retries: Set<ExchangeID> {
        let timeline = WireTimeline(self)
        let places = AttemptChain.all(timeline).flatMap { $0.places.dropFirst() }
        return Set(places.map { timeline.exchanges[$0].id })
    }
}

extension ToolUse {
    /// The name and the arguments in canonical form: what is equal is the same call.
    var callKey: String { "\(name) \(arguments?.canonicalText() ?? "")" }
}

extension ToolCall {
    /// As of a use of the tool.
    fileprivate var callKey: String {
        "\(name) \((try? JSONValue.parse(text: arguments))?.canonicalText() ?? "")"
    }
}

extension [ExchangeID] {
    /// One request may bring several results.
    var withoutRepetition: [ExchangeID] {
        reduce(into: []) { list, id in if list.last != id { list.append(id) } }
    }
}
