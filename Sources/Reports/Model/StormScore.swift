internal import Determinism
internal import Faults
package import Judgement

/// Reads the severities of invariants, each once.
struct SeverityReader {
    private var known: [JSONValue: Severity] = [:]

    /// As the invariant's form in the scenario says.
    mutating func severity(of result: InvariantResult) -> Severity {
        if let severity = known[result.invariant] { return severity }
        let severity = (try? Invariant.parse(result.invariant))?.severity ?? .medium
        known[result.invariant] = severity
        return severity
    }
}

extension StormResult {
    /// One cell for each invariant in each run.
    package func cells(scenario: String? = nil, prompt: String = "") -> [Cell] {
        var reader = SeverityReader()
        return runs.flatMap { run in
            let key = RunKey(
                scenario: scenario ?? self.scenario, prompt: prompt, seed: run.seed,
                plan: run.seed == nil ? run.digest.hex : "")
            return Cell.cells(
                of: key, strain: Strain(fired: run.fired.map(\.planned.fault)),
                verdict: run.verdict,
                results: run.invariants.map { ($0, reader.severity(of: $0)) })
        }
    }

    /// What its runs amount to.
    package var scoreCard: ScoreCard { ScoreCard(cells()) }

    /// The runs as a comparison of two versions of an agent needs them.
    package func compared() -> [ComparedRun] {
        runs.map { run in
            let outcome: CellOutcome =
                switch run.verdict {
                case .invalid, .nondeterministic: .invalid
                case .offTape, .passedAssumed: .unjudged
                case .passed: .held
                case .violated, .hung, .crashed: .broken
                }
            return ComparedRun(
                run: RunKey(
                    scenario: scenario, seed: run.seed,
                    plan: run.seed == nil ? run.digest.hex : ""),
                strain: Strain(fired: run.fired.map(\.planned.fault)), outcome: outcome,
                calls: run.exchanges.count, tokens: run.tokens,
                virtualTime: run.grade.letter == .c ? nil : run.virtualTime)
        }
    }
}

/// A score as reports say it.
enum ScoreText {
    /// `87.50 % (good)`.
    static func score(_ card: ScoreCard) -> String? {
        guard let score = card.score else { return nil }
        return score.percentText(decimals: 2) + (card.band.map { " (\($0.rawValue))" } ?? "")
    }

    /// `52 of 60 judged runs, 95 % interval 75.8 % to 93.9 %`.
    static func passRate(_ card: ScoreCard) -> String? {
        card.runs.interval.map { interval in
            "\(card.runs.passed) of \(card.runs.total) judged runs, 95 % interval "
                + interval.percentText()
        }
    }

    /// `status 12/15 · stream 9/10`, the categories in which something was judged, in lines.
    static func categories(_ card: ScoreCard, width: Int) -> [String] {
        let judged = card.categories.filter { $0.runs.total > 0 }
        let words = judged.map { "\($0.category) \($0.runs.passed)/\($0.runs.total)" }
        return words.reduce(into: [String]()) { lines, word in
            guard let last = lines.last, last.count + 3 + word.count <= width else {
                return lines.append(word)
            }
            lines[lines.count - 1] = last + " · " + word
        }
    }

    static func json(_ card: ScoreCard) -> JSONValue {
        [
            "score": card.score.map { .string($0.percentText(decimals: 2)) } ?? .null,
            "band": card.band.map { .string($0.rawValue) } ?? .null,
            "runs": json(card.runs),
            "unjudged_runs": .int(Int64(card.unjudgedRuns)),
            "invalid_runs": .int(Int64(card.invalidRuns)),
            "categories": .array(
                card.categories.map { category in
                    [
                        "category": .string(category.category),
                        "score": category.score.map { .string($0.percentText(decimals: 2)) }
                            ?? .null,
                        "runs": json(category.runs),
                    ]
                }),
        ]
    }

    private static func json(_ share: PassShare) -> JSONValue {
        [
            "passed": .int(Int64(share.passed)), "judged": .int(Int64(share.total)),
            "interval_95": share.interval.map { interval in
                .array([
                    .string(interval.lower.percentText(decimals: 2)),
                    .string(interval.upper.percentText(decimals: 2)),
                ])
            } ?? .null,
        ]
    }
}
