internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// Rules about what the agent uses up: steps, calls, tokens, money and time.
enum BudgetRules {
    static let all = [
        counting(
            "max_steps", "The agent takes at most so many steps: answers of models that came whole."
        ) { Steps(limit: $0) },
        counting(
            "max_model_calls", "Models are called at most so often, failures and retries too."
        ) { ModelCalls(limit: $0) },
        maxToolCalls, tokenBudget, costBudget, timeToFirstOutput, NoLoop.kind, Progress.kind,
    ]

    private static func counting(
        _ name: String, _ summary: String,
        _ rule: @escaping @Sendable (Int) -> any InvariantRule
    ) -> InvariantKind {
        InvariantKind(
            name, .budget, summary: summary,
            parameters: [InvariantParameter("", "whole number", "The limit.")], example: "12"
        ) { (arguments) throws(InvariantError) in
            rule(try arguments.whole(in: 0...InvariantArguments.countMax))
        }
    }

    private static let maxToolCalls = InvariantKind(
        "max_tool_calls", .budget, summary: "Tools are used at most so often.",
        parameters: [
            InvariantParameter(
                "count", "whole number", "The limit; the short form is the number alone."),
            InvariantParameter(
                "tool", "text", standard: "all", "The name of one tool, or `METHOD /path`."),
        ],
        example: #"{"count": 20, "tool": "search"}"#
    ) { (arguments) throws(InvariantError) in
        if arguments.isObject { try arguments.allow(["count", "tool"]) }
        let count = arguments.isObject ? try arguments.required("count") : arguments
        return ToolCalls(
            tool: try arguments.optional("tool")?.text(),
            limit: try count.whole(in: 0...InvariantArguments.countMax))
    }

    private static let timeToFirstOutput = InvariantKind(
        "time_to_first_output_ms", .budget,
        summary: "The first output comes within so many milliseconds of virtual time; of an agent "
            + "that is a server, the first answer, counted from its question.",
        parameters: [InvariantParameter("", "milliseconds", "The limit.")], example: "5000"
    ) { (arguments) throws(InvariantError) in
        FirstOutput(milliseconds: Int64(try arguments.whole(in: 0...Int(Int64.max / 1_000_000))))
    }

    struct Steps: InvariantRule {
        let limit: Int

        var id: String { "max_steps <= \(limit)" }

        func check(_ conduct: Conduct) -> Finding {
            let steps = conduct.turns.filter(\.isStep)
            guard steps.count > limit else {
                return .holds("the agent took \(Wording.count(steps.count, "step"))")
            }
            return Finding(
                passed: false,
                message: "the agent took \(Wording.count(steps.count, "step")), at most \(limit) "
                    + "allowed",
                witnesses: [steps[limit].id], position: .delivery(steps[limit].id))
        }
    }

    struct ModelCalls: InvariantRule {
        let limit: Int

        var id: String { "max_model_calls <= \(limit)" }

        func check(_ conduct: Conduct) -> Finding {
            let calls = conduct.turns
            guard calls.count > limit else {
                return .holds("models were called \(Wording.times(calls.count))")
            }
            return .brokenByRequest(
                "models were called \(Wording.times(calls.count)), at most \(limit) allowed",
                witnesses: [calls[limit].id])
        }
    }

    struct ToolCalls: InvariantRule {
        let tool: String?
        let limit: Int

        var id: String {
            tool.map { "max_tool_calls(\($0)) <= \(limit)" } ?? "max_tool_calls <= \(limit)"
        }

        func check(_ conduct: Conduct) -> Finding {
            let uses = conduct.toolUses.filter { use in tool.map(use.isNamed) ?? true }
            let what = tool.map { "\($0) was used" } ?? "tools were used"
            guard uses.count > limit else {
                return .holds("\(what) \(Wording.times(uses.count))")
            }
            return .brokenByRequest(
                "\(what) \(Wording.times(uses.count)), at most \(limit) allowed",
                witnesses: [uses[limit].exchange])
        }
    }

    struct FirstOutput: InvariantRule {
        let milliseconds: Int64

        var id: String { "time_to_first_output_ms <= \(milliseconds)" }

        func check(_ conduct: Conduct) -> Finding {
            let trace = conduct.trace
            guard trace.clock == .virtual else { return .unjudged("the agent's clock is real") }
            var begin = SimInstant.zero
            for entry in trace.log {
                switch entry.event {
                case .inquiry(.asked(0)): begin = entry.at
                case .output(.standardOutput, let count) where count > 0 && trace.asked.isEmpty:
                    return finding(begin, entry.at, conduct)
                case .inquiry(.answered(0)): return finding(begin, entry.at, conduct)
                default: continue
                }
            }
            return .brokenAtEnd("there was no output")
        }

        private func finding(
            _ begin: SimInstant, _ first: SimInstant, _ conduct: Conduct
        ) -> Finding {
            let taken = begin.duration(to: first)
            let seen = "the first output came after \(Milliseconds.text(taken))"
            let limit = SimDuration.milliseconds(milliseconds)
            guard taken > limit else { return .holds(seen) }
            let position = conduct.moment(beyond: SimInstant.zero.duration(to: begin) + limit)
            var witnesses: [ExchangeID] = []
            if case .delivery(let id) = position { witnesses = [id] }
            return Finding(
                passed: false, message: "\(seen), at most \(milliseconds) ms allowed",
                witnesses: witnesses, position: position)
        }
    }
}

extension ModelTurn {
    /// Whether a model answered: of a protocol that is not known, any whole answer is one.
    var isStep: Bool {
        exchange.wire == nil ? exchange.isAnsweredWhole : isWhole && conversation != nil
    }
}

extension Wording {
    /// `1 step`, `2 steps`.
    static func count(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
