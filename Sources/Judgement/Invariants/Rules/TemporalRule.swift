internal import Determinism
internal import Simulation

/// The rule that is a formula of the temporal language.
enum TemporalRule {
    static let all = [
        InvariantKind(
            "temporal", .order, summary: "What happens is in the order that a formula demands.",
            parameters: [
                InvariantParameter("", "formula", "The formula; docs/TEMPORAL.md has the language.")
            ],
            example: #""never call(\"POST /refund\") before ok(\"GET /identity/*\")""#
        ) { (arguments) throws(InvariantError) in
            let text = try arguments.text()
            do throws(TemporalError) {
                return Holds(formula: try TemporalFormula(parsing: text))
            } catch {
                throw InvariantError(.wrongValue, at: arguments.path, error.description)
            }
        }
    ]

    struct Holds: InvariantRule {
        let formula: TemporalFormula

        var id: String { "temporal \(formula.text)" }

        func check(_ conduct: Conduct) -> Finding {
            guard conduct.trace.clock == .virtual || !formula.usesTime else {
                return .unjudged(
                    "the agent's clock is real, so there is no time between exchanges; "
                        + "`steps` can be used in place of seconds")
            }
            return formula.finding(on: conduct)
        }
    }
}

extension TemporalFormula {
    /// Checks the formula on a run that ended.
    func finding(on conduct: Conduct) -> Finding {
        let evaluation = TemporalEvaluation(self, on: conduct)
        let whole = evaluation.whole
        let reason = TemporalAccount(evaluation, conduct).reason(root, at: 0)
        let witnesses = exchanges(reason.moments, conduct)
        guard !whole.value else { return .holds(reason.text, witnesses: witnesses) }
        let isSeenEarlier = whole.known < conduct.moments.count
        return Finding(
            passed: false, message: reason.text, witnesses: witnesses,
            position: isSeenEarlier ? conduct.moments[whole.known].position : .end)
    }

    /// How many looks at a moment the evaluation takes; its cost without a clock.
    package func looks(on conduct: Conduct) -> Int {
        TemporalEvaluation(self, on: conduct).looks
    }

    /// The exchanges of some moments, each once, in the order of the moments.
    private func exchanges(_ moments: [Int], _ conduct: Conduct) -> [ExchangeID] {
        var found: [ExchangeID] = []
        for moment in moments.sorted() where conduct.moments.indices.contains(moment) {
            guard let place = conduct.moments[moment].exchange,
                conduct.exchanges.indices.contains(place)
            else { continue }
            let id = conduct.exchanges[place].id
            if !found.contains(id) { found.append(id) }
        }
        return found
    }
}
