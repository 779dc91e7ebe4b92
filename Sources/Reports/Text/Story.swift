internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// One failing run as a short story: what the world did, what the agent did, what broke.
struct Story {
    /// Longer runs are told with the uneventful exchanges left out.
    static let exchangesMax = 12
    /// How many lines of standard error are shown.
    static let errorLinesMax = 3

    let group: FailureGroup
    let style: TextStyle

    private var run: RunSummary { group.example }

    var lines: [String] {
        [title] + reasons + [""] + exchangeLines + endLines + others
            + [style.paint("  reproduce: ", .bold) + SafeText.line(run.reproduce)]
    }

    private var title: String {
        let count = group.others.count + 1
        let seed = run.seed.map { "seed \($0)" } ?? "plan"
        let runs = count == 1 ? seed : "\(seed) and \(count - 1) more"
        let mark = run.verdict.isFailure ? "✗" : "!"
        let cause = run.verdict.isFailure ? FailureGroup.cause(of: run) : nil
        let after = cause.map { " after \(SafeText.line($0))" } ?? ""
        return style.paint("\(mark) \(run.verdict.rawValue)", VerdictText.paint(run.verdict))
            + style.paint(after, .bold) + style.paint("  \(runs)", .dim)
    }

    /// The ruling first, then what else broke.
    private var reasons: [String] {
        let broken = run.broken.map { "\($0.id): \($0.message)" }
        let all = [run.ruling.reason] + broken.filter { $0 != run.ruling.reason }
        return all.filter { !$0.isEmpty }.map {
            "  " + SafeText.line($0).shortened(to: style.width - 2)
        }
    }

    private var witnesses: [ExchangeID] { run.broken.flatMap(\.witnesses) }

    var exchangeLines: [String] {
        let table = ExchangeLines(run.exchanges, style: style, indent: "  ")
        let witnesses = witnesses
        var lines: [String] = []
        var leftOut = 0
        for (index, exchange) in run.exchanges.enumerated() {
            let isWitness = witnesses.contains(exchange.id)
            guard isTold(index, isWitness) else {
                leftOut += 1
                continue
            }
            if leftOut > 0 { lines.append(elision(leftOut)) }
            leftOut = 0
            lines += table.lines(exchange, isWitness: isWitness, isLong: false)
        }
        return lines
    }

    private func isTold(_ index: Int, _ isWitness: Bool) -> Bool {
        guard run.exchanges.count > Story.exchangesMax else { return true }
        let exchange = run.exchanges[index]
        let isPlain = exchange.source == .recorded && exchange.attempt <= 1 && !exchange.cancelled
        let isFaulty = [index - 1, index].contains {
            run.exchanges.indices.contains($0) && !run.exchanges[$0].fired.isEmpty
        }
        let isEdge = index == 0 || index >= run.exchanges.count - 2
        return isWitness || isFaulty || isEdge || !isPlain
    }

    private func elision(_ count: Int) -> String {
        let noun = count == 1 ? "exchange" : "exchanges"
        return style.paint("    …  \(count) \(noun) as recorded", .dim)
    }

    var endLines: [String] {
        var lines = AskedLines.lines(run.asked, style)
        lines.append("    ■  the agent " + SafeText.line(run.ending))
        for address in run.foreignAddresses.prefix(3) {
            lines.append("    !  it tried to reach \(SafeText.line(address)), which is no mount")
        }
        for line in SafeText.lastLines(run.standardErrorTail, count: Story.errorLinesMax) {
            let shown = line.shortened(to: style.width - 12)
            lines.append(style.paint("  stderr │ \(shown)", .dim))
        }
        return lines
    }

    private var others: [String] {
        guard !group.others.isEmpty else { return [] }
        let seeds = group.others.map { $0.seed?.description ?? "-" }
        let shown = seeds.prefix(8).joined(separator: ", ")
        let more = seeds.count > 8 ? " and \(seeds.count - 8) more" : ""
        return ["  also \(seeds.count == 1 ? "seed" : "seeds") \(shown)\(more)"]
    }
}
