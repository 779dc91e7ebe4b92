internal import Determinism
internal import Faults
internal import Simulation

/// Exchanges as lines in columns: number, upstream, request, answer.
struct ExchangeLines {
    let style: TextStyle
    let indent: String
    private let upstreamWidth: Int
    private let routeWidth: Int

    init(_ exchanges: [ExchangeSummary], style: TextStyle, indent: String) {
        self.style = style
        self.indent = indent
        upstreamWidth = min(16, exchanges.map { SafeText.line($0.upstream).count }.max() ?? 0)
        let longest = exchanges.map { SafeText.line($0.route).count }.max() ?? 0
        routeWidth = min(longest, max(20, style.width - upstreamWidth - indent.count - 40))
    }

    /// One exchange with the faults that fired on it, and what a miss differs in.
    func lines(_ exchange: ExchangeSummary, isWitness: Bool, isLong: Bool) -> [String] {
        let number = String(exchange.id.number).rightAligned(to: 3)
        var line =
            indent + style.paint(number, .dim) + "  "
            + SafeText.line(exchange.upstream).fitted(to: upstreamWidth) + "  "
            + SafeText.line(exchange.route).fitted(to: routeWidth) + "  " + answer(exchange)
        if isLong { line += style.paint("  " + TimeText.short(exchange.duration), .dim) }
        if isWitness { line += style.paint("  ◀ witness", .red) }
        let deep = indent + "     "
        var lines = [line]
        for fault in exchange.fired {
            lines.append(deep + style.paint("⚡ " + SafeText.line(fault), .yellow))
        }
        if isLong, let said = exchange.said {
            lines.append(
                deep + style.paint(SafeText.line(said).shortened(to: style.width - 12), .dim))
        }
        for miss in exchange.miss.dropFirst() {
            lines.append(deep + SafeText.line(miss).shortened(to: style.width - deep.count))
        }
        return lines
    }

    private func answer(_ exchange: ExchangeSummary) -> String {
        if exchange.source == .miss { return style.paint("not on the tape", .boldYellow) }
        var parts: [String] = []
        let isUnconnected = exchange.ending == .unconnected
        let status = exchange.status.map(String.init) ?? (isUnconnected ? nil : "no answer")
        let isGood = exchange.status.map { $0 < 400 } ?? false
        let ending: String? =
            switch exchange.ending {
            case .complete: nil
            case .closed: "cut"
            case .reset: "reset"
            case .hang: "hangs"
            case .unconnected: "no connection"
            case .killed: "the agent was killed"
            case .goAway: "GOAWAY"
            case .streamReset: "RST_STREAM"
            }
        let outcome = [status, ending].compactMap { $0 }.joined(separator: ", ")
        parts.append(style.paint(outcome, isGood && ending == nil ? .green : .red))
        if exchange.attempt > 1 { parts.append("attempt \(exchange.attempt)") }
        if exchange.source != .recorded { parts.append(exchange.source.rawValue) }
        if exchange.cancelled, exchange.ending != .killed { parts.append("the agent hung up") }
        return parts.joined(separator: " · ")
    }
}
