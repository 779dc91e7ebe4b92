internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// One run for people: its exchanges in time, what each invariant says, the verdict.
package enum ReplayText {
    package static func render(_ run: RunSummary, style: TextStyle) -> String {
        let table = ExchangeLines(run.exchanges, style: style, indent: "  ")
        let witnesses = run.broken.flatMap(\.witnesses)
        var lines = run.exchanges.flatMap {
            table.lines($0, isWitness: witnesses.contains($0.id), isLong: true)
        }
        lines += AskedLines.lines(run.asked, style)
        lines.append("    ■  the agent " + SafeText.line(run.ending))
        for address in run.foreignAddresses {
            lines.append("    !  it tried to reach \(SafeText.line(address)), which is no mount")
        }
        for line in SafeText.lastLines(run.standardErrorTail, count: 8) {
            let shown = line.shortened(to: style.width - 12)
            lines.append(style.paint("  stderr │ \(shown)", .dim))
        }
        lines += [""] + notFired(run, style) + invariants(run, style) + [""]
        return (lines + closing(run, style)).joined(separator: "\n") + "\n"
    }

    /// Faults that were planned and changed nothing, and why.
    private static func notFired(_ run: RunSummary, _ style: TextStyle) -> [String] {
        let met = run.met.compactMap { met -> String? in
            let place = "\(met.planned.fault) on exchange \(met.exchange.number)"
            return switch met.fate {
            case .masked(let by): "\(place) was masked by \(by)"
            case .inapplicable(let reason): "\(place) is inapplicable: \(reason)"
            case .fired, .unreached: nil
            }
        }
        let unreached = run.unreached.map { planned in
            "\(planned.fault) was never reached: call \(planned.anchor.call) of "
                + planned.anchor.upstream
        }
        let lines = (met + unreached).map { "  ○ " + SafeText.line($0) }
        return lines.isEmpty ? [] : lines.map { style.paint($0, .dim) } + [""]
    }

    private static func invariants(_ run: RunSummary, _ style: TextStyle) -> [String] {
        run.invariants.map { result in
            let mark =
                result.passed ? style.paint("✓", .green) : style.paint("✗", .boldRed)
            let message = SafeText.line(result.message)
            return "  \(mark) \(SafeText.line(result.id))" + style.paint("  \(message)", .dim)
        }
    }

    private static func closing(_ run: RunSummary, _ style: TextStyle) -> [String] {
        func row(_ name: String, _ text: String) -> String {
            "  " + style.paint(name.fitted(to: 10), .dim) + text
        }
        let verdict = style.paint(
            "\(VerdictText.mark(run.verdict)) \(run.verdict.rawValue)",
            VerdictText.paint(run.verdict))
        let reason = run.ruling.reason.isEmpty ? "" : "  " + SafeText.line(run.ruling.reason)
        var lines = ["  " + verdict + reason]
        if let seed = run.seed { lines.append(row("seed", seed.description)) }
        lines.append(row("time", TimeText.short(run.virtualTime) + " virtual"))
        lines.append(row("grade", GradeText.text(run.grade)))
        lines.append(row("digest", style.paint(run.digest.hex, .cyan)))
        if run.verdict != .passed {
            lines.append(style.paint("  reproduce: ", .bold) + SafeText.line(run.reproduce))
        }
        return lines
    }
}
